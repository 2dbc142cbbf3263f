
#include "mixbern/io/constraints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "io/message.hpp"
#include "io/values.hpp"
#include "mixbern/io/columns.hpp"
#include "mixbern/io/error.hpp"
#include "mixbern/io/io.hpp"

namespace mixbern {
namespace {

[[noreturn]] void refuse(const ConstraintLine& line, const std::string& why) {
  throw std::invalid_argument(
      fmt::format("constraint {}: {}",
                  io::in_quotes(fmt::format("{},{},{}", line.component, line.item, line.parameter)), why));
}

// All words are numbers, or none of it is meant.
std::vector<double> numbers_in(const std::string& text) {
  std::vector<double> numbers;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) {
      const std::optional<double> number = io::parse_number(text.substr(begin, end - begin));
      if (!number) return {};
      numbers.push_back(*number);
    }
    begin = end + 1;
  }
  return numbers;
}

class Reading {
 public:
  Reading(const Dataset& data, std::size_t n_components)
      : data_(data),
        n_components_(n_components),
        names_(column_names(data)),
        items_(data.items().all(data.n_features())) {}

  void add(const ConstraintLine& line) {
    const std::vector<double> numbers = numbers_in(line.parameter);
    if (line.parameter.empty()) refuse(line, "the parameter is missing: a number, or a name");
    const std::vector<std::size_t> components = components_of(line);
    for (const std::size_t k : components) {
      if (line.item.empty()) {
        restrict_weight(line, k, numbers);
      } else if (numbers.empty()) {
        tie(line, {k, item_of(line)});
      } else {
        hold(line, {k, item_of(line)}, numbers);
      }
    }
  }

  Constraints finish() {
    for (auto& [name, parameter] : parameters_) {
      if (parameter.cells.size() < 2)
        refuse(parameter.line, "no other line has this parameter, so that nothing is equal to it");
      constraints_.equal.push_back(std::move(parameter.cells));
    }
    for (auto& [name, weight] : weights_) {
      if (weight.components.size() < 2)
        refuse(weight.line, "no other weight has this parameter, so that nothing is equal to it");
      constraints_.equal_weights.push_back(std::move(weight.components));
    }
    const Ties checked(constraints_, n_components_, data_.n_features(), data_.items());
    return std::move(constraints_);
  }

 private:
  struct Parameter {
    ConstraintLine line;
    std::vector<Constraints::Cell> cells = {};
  };
  struct Weight {
    ConstraintLine line;
    std::vector<std::size_t> components = {};
  };

  std::vector<std::size_t> components_of(const ConstraintLine& line) const {
    std::vector<std::size_t> components;
    for (std::size_t k = 0; line.component == "all" && k < n_components_; ++k) components.push_back(k);
    if (!components.empty()) return components;
    const auto number = io::parse_count(line.component);
    if (!number || *number < 1 || *number > n_components_)
      refuse(line, fmt::format("the component is a number from 1 to {}, or all", n_components_));
    return {*number - 1};
  }

  std::size_t item_of(const ConstraintLine& line) const {
    const auto named = std::ranges::find(names_, line.item);
    if (named != names_.end()) return static_cast<std::size_t>(named - names_.begin());
    const auto number = io::parse_count(line.item);
    if (number && *number >= 1 && *number <= items_.size()) return *number - 1;
    refuse(line, names_.empty()
                     ? fmt::format("there is no such item; they are numbers from 1 to {}", items_.size())
                     : fmt::format("there is no such item; there are {}", io::listed(names_, 10)));
  }

  void take(const ConstraintLine& line, const Constraints::Cell& cell) {
    if (!cells_.insert({cell, line}).second)
      refuse(line, "another line says something of this item in this component");
  }

  void hold(const ConstraintLine& line, const Constraints::Cell& cell, const std::vector<double>& numbers) {
    take(line, cell);
    if (numbers.size() != items_[cell.item].size)
      refuse(line, fmt::format("the item takes {}, with spaces between them",
                               items_[cell.item].size == 1
                                   ? "one number"
                                   : fmt::format("{} numbers, one an answer", items_[cell.item].size)));
    double sum = 0;
    for (const double p : numbers) {
      if (!(p >= 0 && p <= 1)) refuse(line, "probabilities lie between 0 and 1");
      sum += p;
    }
    std::vector<double> probabilities = numbers;
    // Printed digits sum to 1 but for their last one.
    constexpr double kPrinted = 0.005;
    if (numbers.size() > 1 && !(std::abs(sum - 1) <= kPrinted))
      refuse(line, fmt::format("the probabilities of all answers sum to 1, not to {}", sum));
    for (double& p : probabilities) p = numbers.size() > 1 ? p / sum : p;
    constraints_.held.push_back({cell, std::move(probabilities)});
  }

  void restrict_weight(const ConstraintLine& line, std::size_t k, const std::vector<double>& numbers) {
    if (!components_.insert(k).second) refuse(line, "another line says something of this component's weight");
    if (numbers.empty()) {
      weights_.try_emplace(line.parameter, Weight{line}).first->second.components.push_back(k);
      return;
    }
    if (numbers.size() != 1)
      refuse(line, "without an item the line is of the component's weight, which one number holds");
    if (!(numbers[0] > 0 && numbers[0] <= 1)) refuse(line, "a weight lies between 0 and 1");
    constraints_.held_weights.push_back({k, numbers[0]});
  }

  void tie(const ConstraintLine& line, const Constraints::Cell& cell) {
    take(line, cell);
    Parameter& parameter = parameters_.try_emplace(line.parameter, Parameter{line}).first->second;
    if (!parameter.cells.empty() && answers(parameter.cells.front().item) != answers(cell.item))
      refuse(line, fmt::format("its answers are not those of item {}, which has this parameter too",
                               io::in_quotes(parameter.line.item)));
    parameter.cells.push_back(cell);
  }

  // None for two answers, which a 0 and a 1 are.
  std::vector<std::string> answers(std::size_t item) const {
    const auto found = std::ranges::find(data_.categorical, items_[item].first, &CategoricalItem::first);
    return found == data_.categorical.end() ? std::vector<std::string>() : found->categories;
  }

  const Dataset& data_;
  std::size_t n_components_;
  std::vector<std::string> names_;
  std::vector<Items::Group> items_;
  std::map<Constraints::Cell, ConstraintLine> cells_;
  std::map<std::string, Parameter> parameters_;
  std::set<std::size_t> components_;  // whose weights lines have named
  std::map<std::string, Weight> weights_;
  Constraints constraints_;
};

}  // namespace

Constraints constraints_of(std::span<const ConstraintLine> lines, const Dataset& data,
                           std::size_t n_components) {
  Reading reading(data, n_components);
  for (const ConstraintLine& line : lines) reading.add(line);
  return reading.finish();
}

Constraints read_constraints(const std::string& path, const Dataset& data, std::size_t n_components) {
  const std::vector<TextColumn> columns =
      read_columns({path}, {"component", "item", "parameter"}, {.header = true});
  std::vector<ConstraintLine> lines;
  for (std::size_t i = 0; i < columns[0].cells.size(); ++i)
    lines.push_back({columns[0].cells[i], columns[1].cells[i], columns[2].cells[i]});
  if (lines.empty()) throw InputError({path}, "it has no line below its header", "leave the file out");
  try {
    return constraints_of(lines, data, n_components);
  } catch (const std::invalid_argument& error) {
    throw InputError({path}, error.what());
  }
}

}  // namespace mixbern
