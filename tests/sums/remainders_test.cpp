#include "sums/remainders.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern {
namespace {

// One row has the ones 1 0 1, the next 0 1 1; the first lacks the last feature.
Dataset two_rows() {
  return {.ones = BitMatrix(2, 3, {0b101, 0b110}), .missing = BitMatrix(2, 3, {0b100, 0})};
}

RowBlock block_of(const Dataset& data) {
  RowBlock rows;
  rows.load(data, 0, data.n_rows(), false);
  return rows;
}

TEST(Remainders, AreSummedUpToTheLastBitWhateverTheirSize) {
  const Dataset data = two_rows();
  const RowBlock rows = block_of(data);
  Remainders sums(2, 3, true);
  EXPECT_EQ(sums.count(1), 0);
  for (const double x : {0.3, -0.5, 1e-9, 1e-280}) {
    sums.clear();
    sums.add(rows, 0, std::array{0.0, x});
    sums.add(rows, 1, std::array{0.0, x / 2});
    EXPECT_EQ(sums.count(0), 0);
    EXPECT_DOUBLE_EQ(sums.count(1), 1.5 * x);
    EXPECT_EQ(sums.ones(1, 0), x);
    EXPECT_EQ(sums.ones(1, 1), x / 2);
    EXPECT_EQ(sums.missing(1, 2), x);
    EXPECT_EQ(sums.observed(1, 2), x / 2);
  }
}

TEST(Remainders, DoNotDependOnTheOrderOrOnParts) {
  const Dataset data = two_rows();
  const RowBlock rows = block_of(data);
  std::mt19937_64 engine(5);
  std::uniform_real_distribution<double> exponent(-600, -1);
  std::vector<double> values(1000);
  for (double& value : values) value = std::exp(exponent(engine)) * (engine() % 2 == 0 ? 1 : -1);
  Remainders forwards(1, 3, true), first(1, 3, true), second(1, 3, true);
  for (const double x : values) forwards.add(rows, 0, std::array{x});
  std::ranges::reverse(values);
  for (std::size_t i = 0; i < values.size(); ++i)
    (i < 10 ? first : second).add(rows, 0, std::array{values[i]});
  second.merge(first);
  EXPECT_EQ(forwards.ones(0, 0), second.ones(0, 0));
  EXPECT_EQ(forwards.observed(0, 1), second.observed(0, 1));
}

}  // namespace
}  // namespace mixbern
