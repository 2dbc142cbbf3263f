// Codings, image shapes and categorical items as Python has them: tuples.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern::python {

using CodingPairs = std::vector<std::pair<std::string, std::string>>;
using ShapePair = std::optional<std::pair<std::size_t, std::size_t>>;
/// Name, first feature and answers of each.
using ItemTuples = std::vector<std::tuple<std::string, std::size_t, std::vector<std::string>>>;

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

inline ItemTuples to_tuples(const std::vector<CategoricalItem>& items) {
  ItemTuples tuples;
  for (const CategoricalItem& item : items) tuples.emplace_back(item.name, item.first, item.categories);
  return tuples;
}

inline std::vector<CategoricalItem> to_items(const ItemTuples& tuples) {
  std::vector<CategoricalItem> items;
  for (const auto& [name, first, categories] : tuples) items.push_back({name, first, categories});
  return items;
}

inline ShapePair to_pair(const ImageShape& shape) {
  return shape.known() ? ShapePair({shape.height, shape.width}) : std::nullopt;
}

inline ImageShape to_shape(const ShapePair& pair) {
  return pair ? ImageShape{pair->first, pair->second} : ImageShape{};
}

}  // namespace mixbern::python
