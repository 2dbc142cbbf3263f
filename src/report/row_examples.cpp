#include "report/row_examples.hpp"

#include <algorithm>

#include "data/rows_view.hpp"

namespace mixbern::report {
namespace {

bool is_better(const RankedRow& a, const RankedRow& b) {
  if (a.first != b.first) return a.first > b.first;
  if (a.second != b.second) return a.second > b.second;
  return a.row < b.row;
}

bool same(const Rows& rows, std::size_t a, std::size_t b) {
  RowBuffer of_a, of_b;
  return RowsView(rows, a, a + 1, of_a).is_same(0, RowsView(rows, b, b + 1, of_b), 0);
}

bool same(const Dataset& data, std::size_t a, std::size_t b) {
  return same(data.ones, a, b) && (!data.missing || same(*data.missing, a, b));
}

}  // namespace

void BestRows::add(const RankedRow& row) {
  if (rows_.size() == most_ && (most_ == 0 || !is_better(row, rows_.back()))) return;
  const bool known = std::ranges::any_of(rows_, [&](const RankedRow& other) {
    return other.first == row.first && other.second == row.second && same(*data_, other.row, row.row);
  });
  if (known) return;
  rows_.insert(std::ranges::upper_bound(rows_, row, is_better), row);
  if (rows_.size() > most_) rows_.pop_back();
}

}  // namespace mixbern::report
