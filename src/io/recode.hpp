// Data that brings its own codings, turned to those of a model.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern::io {

/// Swaps 0 and 1 in the columns where `data` has them the other way round than `wanted`. Data without codings
/// is taken as 0 and 1 in the sense of `wanted`. Throws InputError, which names `file` and ends with
/// `remedy`, where the values are different ones. REQUIRES: `wanted` has one entry a feature.
void recode(const std::string& file, const std::vector<Coding>& wanted, const std::string& remedy,
            Dataset& data);

/// What to do where new data is coded unlike the data of a model.
inline constexpr const char* kCodeAlike = "the data must be coded like the data the model was fitted to";

/// Turns 0 into 1 and back in the columns that `flips` marks, one bit a column; missing cells stay as they
/// are. Rows outside memory are flipped whenever they are read.
void flip_columns(const std::vector<std::uint64_t>& flips, Dataset& data);

}  // namespace mixbern::io
