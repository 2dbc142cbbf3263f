// Data that brings its own codings, turned to those of a model.
#pragma once

#include <cstdint>
#include <vector>

#include "io/input.hpp"
#include "mixbern/dataset.hpp"

namespace mixbern::io {

/// Swaps 0 and 1 in the columns where `data` has them the other way round than `wanted`. Data without codings
/// is taken as 0 and 1 in the sense of `wanted`. Throws InputError where the values are different ones.
/// REQUIRES: `wanted` has one entry a feature.
void recode(const Input& input, const std::vector<Coding>& wanted, Dataset& data);

/// Turns 0 into 1 and back in the columns that `flips` marks, one bit a column; missing cells stay as they
/// are.
void flip_columns(const std::vector<std::uint64_t>& flips, Dataset& data);

}  // namespace mixbern::io
