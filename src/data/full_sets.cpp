#include "data/full_sets.hpp"

#include <algorithm>
#include <cstdint>

namespace mixbern {
namespace {

bool is_full(const ClassSets& sets, const std::int64_t& label, std::size_t n_components) {
  return label < 0 && sets.allowed(label).size() == n_components;
}

}  // namespace

bool has_full_sets(const Dataset& data, std::size_t n_components) {
  return std::ranges::any_of(
      data.labels, [&](const std::int64_t& label) { return is_full(data.class_sets, label, n_components); });
}

Dataset without_full_sets(const Dataset& data, std::size_t n_components) {
  Dataset result = data;
  for (std::int64_t& label : result.labels) {
    if (is_full(data.class_sets, label, n_components)) label = -1;
  }
  return result;
}

}  // namespace mixbern
