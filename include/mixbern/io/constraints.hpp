// Constraints of a mixture as lines of a table.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/mixture/constraints.hpp"

namespace mixbern {

/// One line of a table of constraints.
struct ConstraintLine {
  std::string component = {};  ///< a number from 1, or "all"
  std::string item = {};       ///< a name, or a number from 1; empty: the component's weight
  /// A number: what the probability of a 1, or the weight, is held at; for an item of several answers one
  /// number an answer, in their order, with spaces between them. Else the name of a parameter: all cells with
  /// it are equal, or all weights.
  std::string parameter = {};
};

/// What the lines say of a mixture of so many components of `data`. Throws std::invalid_argument, naming the
/// line, for what is not there, for a cell that is named twice, for equal items whose answers differ, and for
/// the name of a parameter that one cell alone has.
Constraints constraints_of(std::span<const ConstraintLine> lines, const Dataset& data,
                           std::size_t n_components);

/// The same of a text file whose columns component, item and parameter are the lines. Throws InputError.
Constraints read_constraints(const std::string& path, const Dataset& data, std::size_t n_components);

}  // namespace mixbern
