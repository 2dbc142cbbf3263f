#include "relate_variables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "data_input.hpp"
#include "mixbern/io/columns.hpp"
#include "text.hpp"

namespace mixbern::app {
namespace {

/// More are rather names of rows, or numbers with a word among them.
constexpr std::size_t kMostCategories = 50;

/// "A=nominal": a column and what it is to be.
struct Wanted {
  std::string name;
  std::optional<OutcomeKind> kind;
};

Wanted wanted(const std::string& text) {
  const std::size_t sign = text.rfind('=');
  if (sign == std::string::npos || sign == 0) return {text, {}};
  const auto kind = outcome_kind_from_string(text.substr(sign + 1));
  return kind ? Wanted{text.substr(0, sign), kind} : Wanted{text, {}};
}

/// Calls `take` with each factor of a term and the sign behind it, 0 at the end.
template <class Take>
void for_each_factor(const std::string& term, Take take) {
  for (std::size_t begin = 0; begin <= term.size();) {
    const std::size_t end = std::min(term.find_first_of(":*", begin), term.size());
    take(wanted(term.substr(begin, end - begin)), end < term.size() ? term[end] : '\0');
    begin = end + 1;
  }
}

/// The columns of DATA by the names that the call has for them.
class Columns {
 public:
  Columns(const std::vector<std::string>& names, const Model& model, const DataOptions& data,
          Messages& messages)
      : data_(data) {
    std::vector<TextColumn> read = read_columns(data_files(data.paths), names, read_options(data));
    if (read.size() != names.size()) {
      throw std::invalid_argument(
          "--covariates and --outcomes name columns one by one, each in one way, by its name or its number "
          "from 1");
    }
    for (std::size_t c = 0; c < names.size(); ++c) {
      refuse_item(read[c].name, model);
      warn_of_codes(read[c], model, messages);
      columns_.emplace(names[c], std::move(read[c]));
    }
  }

  const TextColumn& text(const std::string& name) const { return columns_.at(name); }

  /// With `kind`, numbers or categories as it needs them.
  Variable variable(const Wanted& what) const {
    const TextColumn& column = text(what.name);
    Variable variable = variable_of(column, what.kind == OutcomeKind::kNominal);
    const bool words = !variable.categories.empty();
    if (words && what.kind && what.kind != OutcomeKind::kNominal)
      refuse_word(column, variable, std::string(to_string(*what.kind)) + " needs numbers");
    if (variable.categories.size() > kMostCategories) {
      refuse_word(column, variable,
                  fmt::format("its {} values are no numbers, and more than the {} categories that a column "
                              "may have",
                              grouped(variable.categories.size()), kMostCategories));
    }
    return variable;
  }

 private:
  static void refuse_item(const std::string& name, const Model& model) {
    const std::vector<std::string> items = column_names(model);
    if (std::ranges::find(items, name) == items.end()) return;
    throw std::invalid_argument(fmt::format(
        "'{}' is an item of the model, from which its components are made; covariates and outcomes are "
        "columns beside the items",
        one_line(name)));
  }

  /// Codes that the model has for its items may be values elsewhere.
  static void warn_of_codes(const TextColumn& column, const Model& model, Messages& messages) {
    for (const std::string& list : model.missing_codes) {
      for (const std::string& code : split(list, ',')) {
        if (code.empty() || std::ranges::find(column.cells, code) == column.cells.end()) continue;
        messages.warn(fmt::format(
            "'{0}' has the value {1}, which stands for a missing answer in the items of the model, and is "
            "taken as a value; --missing '{0}={1}' leaves it out",
            one_line(column.name), one_line(code)));
      }
    }
  }

  [[noreturn]] void refuse_word(const TextColumn& column, const Variable& variable,
                                const std::string& reason) const {
    const std::string& word = variable.categories.back();
    const auto row = std::ranges::find(column.cells, word) - column.cells.begin();
    throw InputError({data_.name()},
                     fmt::format("column '{}': {}; row {} has '{}'", one_line(column.name), reason,
                                 grouped(data_.read.first_row + static_cast<std::size_t>(row) + 1),
                                 shortened(one_line(word), 40)),
                     "if that stands for a missing value, name it with --missing");
  }

  const DataOptions& data_;
  std::map<std::string, TextColumn> columns_;
};

void add_covariates(const std::vector<std::string>& terms, const Columns& columns, Variables& into) {
  std::map<std::string, OutcomeKind> kinds;
  for (const std::string& term : terms) {
    for_each_factor(term, [&](const Wanted& factor, char) {
      if (factor.kind == OutcomeKind::kCount) {
        throw std::invalid_argument(
            fmt::format("a covariate is nominal or continuous, so '{}' cannot be a count", one_line(term)));
      }
      if (factor.kind) kinds[factor.name] = *factor.kind;
    });
  }
  std::map<std::string, Variable> variables;
  std::vector<std::string>& named = into.terms;
  for (const std::string& term : terms) {
    named.emplace_back();
    for_each_factor(term, [&](const Wanted& factor, char sign) {
      const auto kind = kinds.find(factor.name);
      const Variable variable =
          columns.variable({factor.name, kind == kinds.end() ? std::nullopt : std::optional(kind->second)});
      named.back() += variable.name;
      if (sign != '\0') named.back() += sign;
      variables.try_emplace(variable.name, variable);
    });
  }
  for (auto& [name, variable] : variables) into.covariates.push_back(std::move(variable));
  into.design = design_matrix(into.covariates, named);
}

}  // namespace

void add_variable_options(CLI::App& command, VariableOptions& options) {
  const std::string group = "Covariates and outcomes";
  add_value(
      command, "--covariates",
      [&options](const std::string& text) { options.covariates = parse_names("--covariates", text); },
      "A,B,A:B,A*B",
      "What may predict the component: columns beside the items, products (A:B), both and their product "
      "(A*B). Texts are categories, compared with their first; A=nominal makes numbers such",
      group);
  add_value(
      command, "--outcomes",
      [&options](const std::string& text) { options.outcomes = parse_names("--outcomes", text); }, "C,D=KIND",
      "What the component may predict; KIND is continuous, nominal or count [nominal for texts and for 0 and "
      "1, else continuous]",
      group);
}

std::vector<std::string> columns_of(const VariableOptions& options) {
  std::vector<std::string> names;
  const auto add = [&names](const std::string& name) {
    if (name.empty()) throw std::invalid_argument("a product needs a column on either side, as in age:sex");
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const std::string& term : options.covariates)
    for_each_factor(term, [&](const Wanted& factor, char) { add(factor.name); });
  for (const std::string& outcome : options.outcomes) add(wanted(outcome).name);
  return names;
}

Variables read_variables(const VariableOptions& options, const Model& model, const DataOptions& data,
                         Messages& messages) {
  const Columns columns(columns_of(options), model, data, messages);
  Variables variables;
  if (!options.covariates.empty()) add_covariates(options.covariates, columns, variables);
  for (const std::string& text : options.outcomes) {
    const Wanted what = wanted(text);
    Variable variable = columns.variable(what);
    const OutcomeKind kind = what.kind ? *what.kind : likely_kind(variable);
    variables.outcomes.push_back({std::move(variable), kind});
  }
  return variables;
}

}  // namespace mixbern::app
