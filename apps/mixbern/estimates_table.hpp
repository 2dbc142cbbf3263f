// Probabilities of items by component with their standard errors: for the terminal, and as a table for a
// paper.
#pragma once

#include <optional>
#include <string>

#include "item_labels.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "mixbern/statistics/standard_errors.hpp"

namespace mixbern::app {

/// All of it has to outlive the call.
struct Estimates {
  const Mixture& mixture;
  const ItemLabels& items;
  const StandardErrors* errors = nullptr;
};

/// An item separates components where one has it with at least 0.7 and another with at most 0.3 (Masyn 2013).
bool separates(const Mixture& mixture, std::size_t item);

/// An item a line, under the answer that probabilities are of; standard errors in brackets, a star where the
/// item separates components.
std::string estimates_text(const Estimates& estimates, std::size_t width);

enum class TableFormat { kMarkdown, kLatex, kCsv };
/// By the name's ending, .md, .tex or .csv; throws std::invalid_argument for another.
TableFormat table_format(const std::string& path);

/// CSV has a line for each parameter: item, component, estimate, standard_error, lower, upper, separates,
/// answer; an empty field is what is not known. The item of a component's weight is "weight".
std::string estimates_table(const Estimates& estimates, TableFormat format);

}  // namespace mixbern::app
