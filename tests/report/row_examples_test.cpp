#include "report/row_examples.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "reference.hpp"

namespace mixbern::report {
namespace {

std::vector<std::size_t> rows_of(const BestRows& best) {
  std::vector<std::size_t> rows;
  for (const RankedRow& row : best.rows()) rows.push_back(row.row);
  return rows;
}

TEST(BestRows, AreThoseOfSortingAll) {
  const Dataset data = reference::random_dataset({.n_rows = 500, .n_features = 70, .density = 0.5}, 3);
  std::mt19937 engine(4);
  std::vector<RankedRow> all;
  for (std::size_t i = 0; i < 500; ++i)
    all.push_back({static_cast<float>(engine() % 20), static_cast<double>(engine() % 3), i, 0});
  BestRows best(data, 60);
  for (const RankedRow& row : all) best.add(row);
  std::stable_sort(all.begin(), all.end(), [](const RankedRow& a, const RankedRow& b) {
    return a.first != b.first ? a.first > b.first : a.second > b.second;
  });
  std::vector<std::size_t> expected;
  for (std::size_t i = 0; i < 60; ++i) expected.push_back(all[i].row);
  EXPECT_EQ(rows_of(best), expected);
}

TEST(BestRows, ShowOfEqualRowsTheFirst) {
  BitMatrix ones(6, 2), missing(6, 2);
  for (const std::size_t i : {1U, 3U, 5U}) ones.set(i, 0);
  missing.set(5, 1);  // differs from 1 and 3 by its missing cell
  const Dataset packed{.ones = ones, .missing = missing};
  const Dataset sparse{.ones = to_sparse(ones), .missing = to_sparse(missing)};
  for (const Dataset& data : {packed, sparse}) {
    BestRows best(data, 4);
    for (std::size_t i = 0; i < 6; ++i) best.add({1.0F, i % 2 == 1 ? 0.0 : -1.0, i, 0});
    EXPECT_EQ(rows_of(best), (std::vector<std::size_t>{1, 5, 0}));
  }
}

TEST(BestRows, OfNoneIsNone) {
  const Dataset data = reference::random_dataset({.n_rows = 3, .n_features = 2}, 1);
  BestRows best(data, 0);
  best.add({1.0F, 0.0, 0, 0});
  EXPECT_TRUE(best.rows().empty());
}

}  // namespace
}  // namespace mixbern::report
