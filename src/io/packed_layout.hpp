// What the header of packed data says of its tensors.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/feature_metadata.hpp"
#include "io/safetensors.hpp"
#include "mixbern/dataset/dataset.hpp"

namespace mixbern::io {

struct PackedLayout {
  SafetensorsHeader header;
  FeatureMetadata features;
  bool sparse_ones = false;
  std::uint64_t n_words = 0;  ///< a packed row
  std::uint64_t n_rows = 0;

  bool has(std::string_view tensor) const { return header.find_tensor(tensor) != nullptr; }
};

/// Reads the header and checks it; the input then stands at the first tensor. Throws InputError.
PackedLayout read_packed_layout(Input& input);

/// What the header says of the data, in `data`, whose labels are there. Throws InputError where those lack
/// names.
void take_metadata(const Input& input, const PackedLayout& layout, Dataset& data);

/// What rows first … end − 1 are called: the text of each ends where `ends` says. Throws
/// std::invalid_argument if that cannot be.
RowIds row_ids(std::span<const std::uint64_t> ends, std::string_view text, std::uint64_t first,
               std::uint64_t end);

/// Throws InputError unless the tensor belongs to packed data and has the type and shape that it must have
/// there.
void check_tensor(const Input& input, const PackedLayout& layout, const TensorInfo& tensor);

}  // namespace mixbern::io
