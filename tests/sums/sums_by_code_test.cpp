#include "sums/sums_by_code.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace mixbern {
namespace {

TEST(SumsByCode, GroupsBecomeColumns) {
  // Patterns 0b0101 and 0b1100 of features 0 … 3, 0b10 of features 4 and 5.
  const CodedRows coded{{0, 1, 2, 3}, {5, 12, 16 + 2}};
  RowCodes codes;
  codes.refer(coded, 0);
  SumsByCode sums(3, 6, Encoding::kGroups);
  const std::vector<std::int64_t> amounts{7, 0, 0, 0, 100, 0, 3, 0, 0, 9, 0, 0};
  for (const int round : {1, 2}) {
    std::vector<std::int64_t> found(18);
    sums.add(codes, 0, nullptr, 3, amounts.data());
    sums.flush(found.data());
    EXPECT_EQ(found, (std::vector<std::int64_t>{7, 0, 107, 100, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 3, 3, 0, 0}))
        << round;
    sums.flush(found.data());
    EXPECT_EQ(found[0], 7);  // nothing is left
  }
}

TEST(SumsByCode, ColumnsOfChosenRows) {
  const CodedRows coded{{0, 2, 3}, {0, 4, 1}};
  RowCodes codes;
  codes.refer(coded, 0);
  SumsByCode sums(1, 5, Encoding::kColumns);
  const std::uint32_t rows[] = {1, 0};
  const std::vector<std::int64_t> amounts{10, 0, 0, 0, 1, 0, 0, 0};
  sums.add(codes, 0, rows, 2, amounts.data());
  std::vector<std::int64_t> found(5);
  sums.flush(found.data());
  EXPECT_EQ(found, (std::vector<std::int64_t>{1, 10, 0, 0, 1}));
  sums.add(codes, 0, rows, 2, amounts.data());
  sums.clear();
  sums.flush(found.data());
  EXPECT_EQ(found[0], 1);
}

}  // namespace
}  // namespace mixbern
