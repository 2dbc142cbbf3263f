// Constraints of a mixture, and how people write them.
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "mixbern/io/constraints.hpp"

namespace mixbern::python {

namespace {

using namespace nanobind::literals;
namespace nb = nanobind;

using CellPair = std::pair<std::size_t, std::size_t>;
// Of equal cells, held cells, held weights and equal weights.
using Plain =
    std::tuple<std::vector<std::vector<CellPair>>, std::vector<std::pair<CellPair, std::vector<double>>>,
               std::vector<std::pair<std::size_t, double>>, std::vector<std::vector<std::size_t>>>;

CellPair to_pair(const Constraints::Cell& cell) {
  return {cell.component, cell.item};
}

Plain to_plain(const Constraints& constraints) {
  Plain plain;
  auto& [equal, held, weights, equal_weights] = plain;
  for (const auto& parameter : constraints.equal) {
    auto& cells = equal.emplace_back();
    for (const Constraints::Cell& cell : parameter) cells.push_back(to_pair(cell));
  }
  for (const auto& [cell, probabilities] : constraints.held) held.emplace_back(to_pair(cell), probabilities);
  for (const auto& [component, weight] : constraints.held_weights) weights.emplace_back(component, weight);
  equal_weights = constraints.equal_weights;
  return plain;
}

Constraints of_plain(const Plain& plain) {
  Constraints constraints;
  const auto& [equal, held, weights, equal_weights] = plain;
  for (const auto& cells : equal) {
    auto& parameter = constraints.equal.emplace_back();
    for (const auto& [component, item] : cells) parameter.push_back({component, item});
  }
  for (const auto& [cell, probabilities] : held)
    constraints.held.push_back({{cell.first, cell.second}, probabilities});
  for (const auto& [component, weight] : weights) constraints.held_weights.push_back({component, weight});
  constraints.equal_weights = equal_weights;
  return constraints;
}

using Lines = std::vector<std::tuple<std::string, std::string, std::string>>;

Constraints of_lines(const Lines& lines, const Dataset& data, std::size_t n_components) {
  std::vector<ConstraintLine> all;
  for (const auto& [component, item, parameter] : lines) all.push_back({component, item, parameter});
  return constraints_of(all, data, n_components);
}

}  // namespace

void bind_constraints(nb::module_& module) {
  nb::class_<Constraints>(module, "Constraints", "What is equal and what is held.")
      .def(nb::init<>())
      .def("permuted", [](const Constraints& self,
                          const std::vector<std::size_t>& order) { return permuted(self, order); })
      .def("__bool__", [](const Constraints& self) { return !self.none(); })
      .def("__getstate__", &to_plain)
      .def("__setstate__",
           [](Constraints& self, const Plain& plain) { new (&self) Constraints(of_plain(plain)); });
  module.def("constraints_of", &of_lines, "lines"_a, "data"_a, "n_components"_a);
  module.def("read_constraints", &read_constraints, "path"_a, "data"_a, "n_components"_a);
}

}  // namespace mixbern::python
