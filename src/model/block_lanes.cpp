#include "model/block_lanes.hpp"

#include <limits>
#include <numeric>

namespace mixbern {

void BlockLanes::leave_only(std::size_t i, std::size_t k, std::size_t n_components) {
  for (std::size_t other = 0; other < n_components; ++other) {
    if (other != k) value(i, other) = std::numeric_limits<std::int32_t>::min();
  }
}

const std::int32_t* BlockLanes::tile(std::size_t begin, std::size_t end, std::size_t n_components) {
  if (!is_columns) return values.data() + begin * stride;
  rows_of_tile.assign((end - begin) * kernel::kLanes, std::numeric_limits<std::int32_t>::min());
  for (std::size_t i = begin; i < end; ++i) {
    std::int32_t* row = rows_of_tile.data() + (i - begin) * kernel::kLanes;
    for (std::size_t k = 0; k < n_components; ++k) row[k] = value(i, k);
  }
  return rows_of_tile.data();
}

void BlockLanes::sort_candidates(std::size_t n_components, bool with_sole) {
  const std::size_t n_places = candidates.begins[candidates.rows.size()];
  values.resize(n_places);
  ends.assign(n_components, 0);
  std::size_t n = 0;
  for (std::size_t place = 0; place < n_places; ++place) {
    const std::uint32_t k = candidates.components[place];
    if (k == kernel::kNone) {
      values[place] = std::numeric_limits<std::int32_t>::min();
    } else {
      ++ends[k];
      ++n;
    }
  }
  sole_rows.clear();
  for (std::uint32_t i = 0; with_sole && i < candidates.sole.size(); ++i) {
    if (candidates.sole[i] == kernel::kNone) continue;
    sole_rows.push_back(i);
    ++ends[candidates.sole[i]];
  }
  sole_values.resize(sole_rows.size());
  n += sole_rows.size();
  rows.resize(n);
  places.resize(n);
  std::exclusive_scan(ends.begin(), ends.end(), ends.begin(), std::size_t{0});
  const auto add = [&](std::uint32_t row, std::uint32_t k, std::int32_t& place) {
    rows[ends[k]] = row;
    places[ends[k]++] = &place;
  };
  for (std::size_t j = 0; j < candidates.rows.size(); ++j) {
    for (std::uint32_t place = candidates.begins[j]; place < candidates.begins[j + 1]; ++place) {
      const std::uint32_t k = candidates.components[place];
      if (k == kernel::kNone) break;
      add(candidates.rows[j], k, values[place]);
    }
  }
  for (std::size_t j = 0; j < sole_rows.size(); ++j) {
    add(sole_rows[j], candidates.sole[sole_rows[j]], sole_values[j]);
  }
}

}  // namespace mixbern
