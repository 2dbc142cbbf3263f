// Rows outside memory, one piece after the other in memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/dataset/rows.hpp"

namespace mixbern {

/// Rows that are read at once: some 4 MB, if they are packed.
inline std::size_t rows_of_piece(std::size_t n_features) {
  constexpr std::size_t kWords = std::size_t{1} << 19;
  return std::max<std::size_t>(kWords / std::max<std::size_t>(BitMatrix::words_for(n_features), 1), 1);
}

inline std::size_t n_rows(const Dataset& data) {
  return data.n_rows();
}
inline std::size_t n_features(const Dataset& data) {
  return data.n_features();
}

/// Calls visit(piece, begin) with rows in memory, `begin` being the number of the first of them: with `whole`
/// itself, a data set or rows, where that is in memory, else with pieces of it in their order. A visit that
/// returns false is the last.
template <class Whole, class Visit>
void for_each_piece(const Whole& whole, const Visit& visit) {
  const auto goes_on = [&visit](const auto& piece, std::size_t begin) {
    if constexpr (std::is_same_v<decltype(visit(piece, begin)), bool>) return visit(piece, begin);
    visit(piece, begin);
    return true;
  };
  if (!is_outside(whole)) {
    goes_on(whole, std::size_t{0});
    return;
  }
  const std::size_t n = n_rows(whole);
  const std::size_t step = rows_of_piece(n_features(whole));
  for (std::size_t begin = 0; begin < n; begin += step) {
    if (!goes_on(to_memory(slice(whole, begin, std::min(begin + step, n))), begin)) return;
  }
}

}  // namespace mixbern
