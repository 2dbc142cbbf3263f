// Constraints in the metadata of a model file (docs/formats.md).
#pragma once

#include <string>

#include "io/input.hpp"
#include "mixbern/mixture/mixture.hpp"

namespace mixbern::io {

std::string to_text(const Constraints& constraints);

/// Throws the input's error for a text that is none.
Constraints parse_constraints(const Input& input, const std::string& text);

}  // namespace mixbern::io
