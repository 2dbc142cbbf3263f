// Covariates and outcomes, as the options name them and the columns hold them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common_options.hpp"
#include "mixbern/statistics/relate.hpp"
#include "output.hpp"

namespace mixbern::app {

struct VariableOptions {
  std::vector<std::string> covariates;  ///< terms: "A", "A:B", "A*B", "A=nominal"
  std::vector<std::string> outcomes;    ///< "C", "C=count"
};
void add_variable_options(CLI::App& command, VariableOptions& options);

/// All columns that are named, each once.
std::vector<std::string> columns_of(const VariableOptions& options);

struct Outcome {
  Variable variable;
  OutcomeKind kind;
};
struct Variables {
  std::optional<DesignMatrix> design;  ///< of the covariates, where there are any
  std::vector<Variable> covariates;    ///< that it is made of
  std::vector<std::string> terms;      ///< the same, by the names that columns have in the file
  std::vector<Outcome> outcomes;
};

/// Reads them from DATA. Throws std::invalid_argument for an item of `model` and for a kind that does not go
/// with it, InputError for values that do not.
Variables read_variables(const VariableOptions& options, const Model& model, const DataOptions& data,
                         Messages& messages);

}  // namespace mixbern::app
