#include "io/sparse_rows_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/free_memory.hpp"
#include "io/values.hpp"

namespace mixbern::io {

void SparseRowsBuilder::add(std::uint64_t row, std::uint64_t column) {
  if (ascending_ && row + 1 < offsets_.size()) list_rows();
  if (ascending_) {
    offsets_.resize(row + 1, columns_.size());
  } else {
    rows_.push_back(static_cast<std::uint32_t>(row));
  }
  columns_.push_back(static_cast<std::uint32_t>(column));
}

// Rows are out of order: from here on each column carries its own.
void SparseRowsBuilder::list_rows() {
  ascending_ = false;
  rows_.reserve(columns_.size() + 1);
  for (std::size_t row = 0; row < offsets_.size(); ++row) {
    const std::size_t end = row + 1 < offsets_.size() ? offsets_[row + 1] : columns_.size();
    rows_.insert(rows_.end(), end - offsets_[row], static_cast<std::uint32_t>(row));
  }
  free_memory(offsets_);
}

// Counting sort by row.
std::vector<std::uint64_t> SparseRowsBuilder::sorted_offsets(std::uint64_t n_rows) {
  if (ascending_) {
    offsets_.resize(n_rows + 1, columns_.size());
    return std::move(offsets_);
  }
  std::vector<std::uint64_t> offsets(n_rows + 1);
  for (const std::uint32_t row : rows_) ++offsets[row + 1];
  for (std::size_t row = 0; row < n_rows; ++row) offsets[row + 1] += offsets[row];
  std::vector<std::uint64_t> next = offsets;
  std::vector<std::uint32_t> sorted(columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) sorted[next[rows_[i]]++] = columns_[i];
  columns_ = std::move(sorted);
  free_memory(rows_);
  return offsets;
}

Rows SparseRowsBuilder::build(const Input& input, std::uint64_t n_rows, std::uint64_t n_features) {
  std::vector<std::uint64_t> offsets = sorted_offsets(n_rows);
  const auto at = [&](std::uint64_t i) { return columns_.begin() + static_cast<std::ptrdiff_t>(i); };
  for (std::size_t row = 0; row < n_rows; ++row) {
    std::sort(at(offsets[row]), at(offsets[row + 1]));
    const auto twice = std::adjacent_find(at(offsets[row]), at(offsets[row + 1]));
    if (twice != at(offsets[row + 1])) {
      throw input.error(fmt::format("row {} has column {} twice", row + 1, *twice + 1),
                        "give each entry once");
    }
  }
  const std::uint64_t sparse_bytes = 4 * columns_.size() + 8 * (n_rows + 1);
  const std::uint64_t row_bytes = 8 * BitMatrix::words_for(n_features);
  SparseRows rows(n_features, std::move(offsets), std::move(columns_));
  // Divided, not multiplied: rows times row_bytes may overflow.
  if (row_bytes > sparse_bytes / n_rows) return rows;
  return to_packed(rows);
}

SparseValueRule::SparseValueRule(const Input& input, const ReadOptions& options)
    : threshold_(options.threshold) {
  if (threshold_ && *threshold_ < 0) {
    throw input.error(
        fmt::format("--threshold {} would turn the cells that a sparse file leaves out into ones",
                    shortest(*threshold_)),
        "it must be >= 0 for sparse files");
  }
}

bool SparseValueRule::is_one(double value) {
  if (threshold_) return value > *threshold_;
  if (value != 0) one_ = value;
  return value != 0;
}

std::string SparseValueRule::refusal(double value) const {
  return fmt::format("a third value, {}, after 0 and {}", shortest(value), shortest(one_));
}

}  // namespace mixbern::io
