// Codings and image shapes as Python has them: pairs.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mixbern/dataset.hpp"

namespace mixbern::python {

using CodingPairs = std::vector<std::pair<std::string, std::string>>;
using ShapePair = std::optional<std::pair<std::size_t, std::size_t>>;

inline CodingPairs to_pairs(const std::vector<Coding>& codings) {
  CodingPairs pairs;
  for (const Coding& coding : codings) pairs.emplace_back(coding.zero, coding.one);
  return pairs;
}

inline std::vector<Coding> to_codings(const CodingPairs& pairs) {
  std::vector<Coding> codings;
  for (const auto& [zero, one] : pairs) codings.push_back({zero, one});
  return codings;
}

inline ShapePair to_pair(const ImageShape& shape) {
  return shape.known() ? ShapePair({shape.height, shape.width}) : std::nullopt;
}

inline ImageShape to_shape(const ShapePair& pair) {
  return pair ? ImageShape{pair->first, pair->second} : ImageShape{};
}

}  // namespace mixbern::python
