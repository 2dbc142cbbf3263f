// Equal rows are found by a hash of their words (or columns) and then compared, so a collision costs time
// only.
#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "data/distinct_rows.hpp"
#include "data/select_rows.hpp"
#include "mixbern/dataset.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kEmpty = SIZE_MAX;

// Finaliser of MurmurHash3 (A. Appleby): every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdULL;
  x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33);
}

template <class T>
std::uint64_t hash_span(std::span<const T> values, std::uint64_t seed) {
  for (const T value : values) seed = mix(seed ^ value) + 0x9e3779b97f4a7c15ULL;
  return mix(seed ^ values.size());
}

class RowIdentity {
 public:
  explicit RowIdentity(const Dataset& data) : data_(data) {}

  std::uint64_t hash(std::size_t i) const {
    std::uint64_t h = hash_row(data_.ones, i, 0);
    if (data_.missing) h = hash_row(*data_.missing, i, h);
    return data_.labels.empty() ? h : mix(h ^ static_cast<std::uint64_t>(data_.labels[i]));
  }

  bool equal(std::size_t i, std::size_t j) const {
    return equal_rows(data_.ones, i, j) && (!data_.missing || equal_rows(*data_.missing, i, j)) &&
           (data_.labels.empty() || data_.labels[i] == data_.labels[j]);
  }

 private:
  static std::uint64_t hash_row(const Rows& rows, std::size_t i, std::uint64_t seed) {
    return std::visit([&](const auto& r) { return hash_span(r.row(i), seed); }, rows);
  }
  static bool equal_rows(const Rows& rows, std::size_t i, std::size_t j) {
    return std::visit([&](const auto& r) { return std::ranges::equal(r.row(i), r.row(j)); }, rows);
  }

  const Dataset& data_;
};

// Open addressing with linear probing, at most half full; a slot holds the index of a distinct row.
class DistinctRowTable {
 public:
  explicit DistinctRowTable(const Dataset& data) : identity_(data), slots_(64, kEmpty) {}

  std::size_t find_or_insert(std::size_t row) {
    if (2 * (first_rows_.size() + 1) > slots_.size()) grow();
    const std::uint64_t h = identity_.hash(row);
    std::size_t slot = h & (slots_.size() - 1);
    for (; slots_[slot] != kEmpty; slot = (slot + 1) & (slots_.size() - 1)) {
      const std::size_t candidate = slots_[slot];
      if (hashes_[candidate] == h && identity_.equal(first_rows_[candidate], row)) return candidate;
    }
    slots_[slot] = first_rows_.size();
    hashes_.push_back(h);
    first_rows_.push_back(row);
    return slots_[slot];
  }

  std::vector<std::size_t> take_first_rows() { return std::move(first_rows_); }

 private:
  void grow() {
    slots_.assign(slots_.size() * 2, kEmpty);
    for (std::size_t index = 0; index < hashes_.size(); ++index) {
      std::size_t slot = hashes_[index] & (slots_.size() - 1);
      while (slots_[slot] != kEmpty) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = index;
    }
  }

  RowIdentity identity_;
  std::vector<std::size_t> slots_;
  std::vector<std::size_t> first_rows_;
  std::vector<std::uint64_t> hashes_;
};

}  // namespace

DistinctRows find_distinct_rows(const Dataset& data, std::vector<std::size_t>* distinct_of_row) {
  DistinctRowTable table(data);
  std::vector<double> weights;
  if (distinct_of_row != nullptr) distinct_of_row->reserve(data.n_rows());
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    const std::size_t distinct = table.find_or_insert(i);
    if (distinct == weights.size()) weights.push_back(0);
    weights[distinct] += data.weight(i);
    if (distinct_of_row != nullptr) distinct_of_row->push_back(distinct);
  }
  return {table.take_first_rows(), std::move(weights)};
}

Dataset merged(const Dataset& data, DistinctRows rows) {
  Dataset result = select_rows(data, rows.first_rows);
  result.weights = std::move(rows.weights);
  result.feature_names = data.feature_names;
  result.codings = data.codings;
  result.threshold = data.threshold;
  result.shape = data.shape;
  return result;
}

CollapsedRows collapse(const Dataset& data) {
  CollapsedRows result;
  result.data = merged(data, find_distinct_rows(data, &result.distinct_of_row));
  return result;
}

}  // namespace mixbern
