#include "data/row_codes.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "data/for_each_one.hpp"
#include "data/rows_view.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

TEST(RowCodes, BothEncodingsAndBothKindsSpellTheSameSums) {
  for (const std::size_t n_features : {1U, 3U, 4U, 63U, 65U, 130U}) {
    const Dataset data = reference::random_dataset({.n_rows = 20, .n_features = n_features}, 3);
    const Rows sparse = to_sparse(data.ones);
    const std::size_t width = 3;
    std::vector<std::int64_t> table(n_features * width);
    for (std::size_t j = 0; j < table.size(); ++j) table[j] = static_cast<std::int64_t>(j * j + 1);
    const std::vector<std::int64_t> groups = encoded(table, width, Encoding::kGroups);
    ASSERT_EQ(groups.size(), n_codes(Encoding::kGroups, n_features) * width);
    RowCodes columns, fours, lists;
    const auto& packed = std::get<BitMatrix>(data.ones);
    const auto words = packed.words().subspan(5 * packed.words_per_row());
    columns.decode(words, 15, Encoding::kColumns);
    fours.decode(words, 15, Encoding::kGroups);
    RowBuffer none;
    const RowsView from_five(sparse, 5, 20, none);
    lists.refer(from_five.offsets(), from_five.columns());
    const auto sum = [&](const RowCodes& codes, const std::vector<std::int64_t>& from, std::size_t i) {
      std::vector<std::int64_t> result(width);
      for (std::uint64_t j = codes.offsets()[i]; j < codes.offsets()[i + 1]; ++j) {
        for (std::size_t k = 0; k < width; ++k) result[k] += from[codes.codes()[j] * width + k];
      }
      return result;
    };
    for (std::size_t i = 0; i < 15; ++i) {
      std::vector<std::int64_t> expected(width);
      for_each_one(data.ones, i + 5, [&](std::size_t d) {
        for (std::size_t k = 0; k < width; ++k) expected[k] += table[d * width + k];
      });
      EXPECT_EQ(sum(columns, table, i), expected);
      EXPECT_EQ(sum(fours, groups, i), expected);
      EXPECT_EQ(sum(lists, table, i), expected);
    }
  }
}

TEST(RowCodes, GroupsAreChosenWhereOnesComeInRuns) {
  BitMatrix runs(50, 64), scattered(50, 64);
  for (std::size_t i = 0; i < 50; ++i) {
    for (std::size_t d = 0; d < 64; ++d) {
      if (d / 16 == i % 4) runs.set(i, d);
      if (d % 16 == i % 16) scattered.set(i, d);
    }
  }
  EXPECT_EQ(choose_encoding(runs), Encoding::kGroups);
  EXPECT_EQ(choose_encoding(scattered), Encoding::kColumns);
  EXPECT_EQ(choose_encoding(to_sparse(runs)), Encoding::kColumns);
  EXPECT_EQ(choose_encoding(BitMatrix(0, 5)), choose_encoding(BitMatrix(0, 9)));
}

}  // namespace
}  // namespace mixbern
