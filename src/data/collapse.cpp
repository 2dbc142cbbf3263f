// Equal rows are found by a hash of their words (or columns) and then compared, so a collision costs time
// only.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/free_memory.hpp"
#include "data/append_row.hpp"
#include "data/column_parts.hpp"
#include "data/distinct_rows.hpp"
#include "data/pieces.hpp"
#include "mixbern/dataset/dataset.hpp"

namespace mixbern {
namespace {

constexpr std::uint32_t kEmpty = UINT32_MAX;
constexpr std::size_t kFirstSlots = 64;

// Finaliser of MurmurHash3 (A. Appleby): every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdULL;
  x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33);
}

// Calls visit with the words or columns of row i.
template <class Visit>
auto of_row(const Rows& rows, std::size_t i, const Visit& visit) {
  const auto* sparse = std::get_if<SparseRows>(&rows);
  return sparse != nullptr ? visit(sparse->row(i)) : visit(std::get<BitMatrix>(rows).row(i));
}

std::uint64_t hash_row(const Rows& rows, std::size_t i, std::uint64_t seed) {
  return of_row(rows, i, [seed](const auto& values) {
    std::uint64_t hash = seed;
    for (const auto value : values) hash = mix(hash ^ value) + 0x9e3779b97f4a7c15ULL;
    return mix(hash ^ values.size());
  });
}

std::uint64_t hash_row(const Dataset& data, std::size_t i) {
  std::uint64_t h = hash_row(data.ones, i, 0);
  if (data.missing) h = hash_row(*data.missing, i, h);
  if (data.labels.empty()) return h;
  const auto allowed = data.class_sets.allowed(data.labels[i]);
  if (allowed.empty()) return mix(h ^ static_cast<std::uint64_t>(data.labels[i]));
  for (const std::int64_t k : allowed) h = mix(h ^ static_cast<std::uint64_t>(k));
  return h;
}

bool equal_rows(const Rows& a, std::size_t i, const Rows& b, std::size_t j) {
  if (const auto* sparse = std::get_if<SparseRows>(&a))
    return std::ranges::equal(sparse->row(i), std::get<SparseRows>(b).row(j));
  return std::ranges::equal(std::get<BitMatrix>(a).row(i), std::get<BitMatrix>(b).row(j));
}

std::size_t bytes_of_row(const Rows& rows, std::size_t i) {
  return of_row(rows, i, [](const auto& values) { return values.size_bytes(); });
}

}  // namespace

DistinctRows::DistinctRows(const Dataset& data, std::size_t most_bytes)
    : data_(data), copies_(is_outside(data)), most_bytes_(most_bytes), slots_(kFirstSlots, kEmpty) {
  rows_.ones = no_rows_like(data.ones);
  if (data.missing) rows_.missing = no_rows_like(*data.missing);
}

bool DistinctRows::add(const Dataset& piece, std::size_t begin, std::vector<std::size_t>* distinct_of_row) {
  for (std::size_t i = 0; i < piece.n_rows(); ++i) {
    const std::size_t distinct = find_or_insert(piece, i, begin);
    weights_[distinct] += piece.weight(i);
    if (distinct_of_row != nullptr) distinct_of_row->push_back(distinct);
    if (bytes_ > most_bytes_) return false;
  }
  return true;
}

Dataset DistinctRows::take() {
  free_memory(hashes_);
  free_memory(slots_);
  for (const std::size_t first : std::exchange(firsts_, {})) append(data_, first);
  rows_.weights = std::exchange(weights_, {});
  rows_.class_sets = data_.class_sets;
  return with_columns_of(data_, std::exchange(rows_, {}));
}

std::size_t DistinctRows::find_or_insert(const Dataset& piece, std::size_t i, std::size_t begin) {
  if (2 * (count() + 1) > slots_.size()) grow();
  const std::uint64_t h = hash_row(piece, i);
  std::size_t slot = h & (slots_.size() - 1);
  for (; slots_[slot] != kEmpty; slot = (slot + 1) & (slots_.size() - 1)) {
    const std::size_t candidate = slots_[slot];
    if (hashes_[candidate] == h && is_same(candidate, piece, i)) return candidate;
  }
  if (count() == kEmpty) throw std::length_error("equal rows: more than 4,294,967,295 distinct rows");
  slots_[slot] = static_cast<std::uint32_t>(count());
  hashes_.push_back(h);
  insert(piece, i, begin);
  return slots_[slot];
}

bool DistinctRows::is_same(std::size_t distinct, const Dataset& piece, std::size_t i) const {
  const Dataset& held = copies_ ? rows_ : data_;
  const std::size_t row = copies_ ? distinct : firsts_[distinct];
  return equal_rows(held.ones, row, piece.ones, i) &&
         (!piece.missing || equal_rows(*held.missing, row, *piece.missing, i)) &&
         (piece.labels.empty() || held.labels[row] == piece.labels[i]);
}

void DistinctRows::insert(const Dataset& piece, std::size_t i, std::size_t begin) {
  constexpr std::size_t kBytesBeside = 36;  // hash, weight, three slots or so
  bytes_ += kBytesBeside + bytes_of_row(piece.ones, i);
  if (piece.missing) bytes_ += bytes_of_row(*piece.missing, i);
  weights_.push_back(0);
  if (copies_) {
    append(piece, i);
  } else {
    firsts_.push_back(begin + i);
  }
}

void DistinctRows::append(const Dataset& piece, std::size_t i) {
  append_row(rows_.ones, piece.ones, i);
  if (piece.missing) append_row(*rows_.missing, *piece.missing, i);
  if (!piece.labels.empty()) rows_.labels.push_back(piece.labels[i]);
}

void DistinctRows::grow() {
  const std::size_t n = 2 * slots_.size();
  free_memory(slots_);  // never both tables at once
  slots_.assign(n, kEmpty);
  for (std::uint32_t index = 0; index < count(); ++index) {
    std::size_t slot = hashes_[index] & (slots_.size() - 1);
    while (slots_[slot] != kEmpty) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = index;
  }
}

Dataset distinct_rows(const Dataset& data, std::vector<std::size_t>* distinct_of_row) {
  DistinctRows distinct(data);
  if (distinct_of_row != nullptr) distinct_of_row->reserve(data.n_rows());
  for_each_piece(
      data, [&](const Dataset& piece, std::size_t begin) { distinct.add(piece, begin, distinct_of_row); });
  return distinct.take();
}

std::optional<DistinctRows> few_distinct_rows(const Dataset& data) {
  constexpr std::size_t kMostBytes = std::size_t{1} << 27;
  std::optional<DistinctRows> distinct(std::in_place, data, kMostBytes);
  bool are_few = true;
  for_each_piece(
      data, [&](const Dataset& piece, std::size_t begin) { return are_few = distinct->add(piece, begin); });
  if (!are_few) distinct.reset();
  return distinct;
}

std::uint64_t fingerprint(const Dataset& data) {
  std::uint64_t hash = mix(data.n_rows() + 1) ^ data.n_features();
  for_each_piece(data, [&hash](const Dataset& piece, std::size_t) {
    for (std::size_t i = 0; i < piece.n_rows(); ++i) {
      hash = mix(hash ^ hash_row(piece, i));
      hash = mix(hash ^ std::bit_cast<std::uint64_t>(piece.weight(i)));
    }
  });
  return hash;
}

CollapsedRows collapse(const Dataset& data) {
  CollapsedRows result;
  result.data = distinct_rows(data, &result.distinct_of_row);
  return result;
}

}  // namespace mixbern
