#include <gtest/gtest.h>

#include <map>
#include <tuple>
#include <vector>

#include "data/distinct_rows.hpp"
#include "mixbern/dataset/dataset.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

using Key = std::tuple<std::vector<int>, std::int64_t>;

Key key_of(const Dataset& data, std::size_t i) {
  std::vector<int> cells;
  for (std::size_t d = 0; d < data.n_features(); ++d) {
    cells.push_back(reference::is_missing(data, i, d) ? 2 : static_cast<int>(test(data.ones, i, d)));
  }
  return {cells, data.labels.empty() ? 0 : data.labels[i]};
}

void expect_collapsed(const Dataset& data) {
  std::map<Key, double> expected;
  for (std::size_t i = 0; i < data.n_rows(); ++i) expected[key_of(data, i)] += data.weight(i);
  const CollapsedRows collapsed = collapse(data);
  ASSERT_EQ(collapsed.data.n_rows(), expected.size());
  validate(collapsed.data);
  for (std::size_t j = 0; j < collapsed.data.n_rows(); ++j) {
    EXPECT_DOUBLE_EQ(collapsed.data.weights[j], expected[key_of(collapsed.data, j)]);
  }
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    EXPECT_EQ(key_of(data, i), key_of(collapsed.data, collapsed.distinct_of_row[i]));
  }
}

TEST(Collapse, CountsDistinctRowsExactly) {
  for (const bool sparse : {false, true}) {
    for (const double missing : {0.0, 0.3}) {
      for (const bool labels : {false, true}) {
        Dataset data = reference::random_dataset(
            {.n_rows = 700, .n_features = 5, .missing = missing, .weights = true}, 9);
        if (sparse) data.ones = to_sparse(data.ones);
        if (labels) {
          for (std::size_t i = 0; i < 700; ++i) data.labels.push_back(static_cast<std::int64_t>(i % 3) - 1);
        }
        expect_collapsed(data);
      }
    }
  }
}

TEST(Collapse, KeepsTheOrderOfFirstAppearance) {
  Dataset data;
  data.ones = BitMatrix(4, 2, {2, 1, 2, 0});
  const CollapsedRows collapsed = collapse(data);
  EXPECT_EQ(std::get<BitMatrix>(collapsed.data.ones), BitMatrix(3, 2, {2, 1, 0}));
  EXPECT_EQ(collapsed.data.weights, (std::vector<double>{2, 1, 1}));
}

TEST(Collapse, TakesNoRows) {
  EXPECT_EQ(collapse(Dataset{.ones = BitMatrix(0, 3)}).data.n_rows(), 0U);
}

TEST(DistinctRows, ArePiecewiseWhatTheyAreAtOnce) {
  const Dataset data =
      reference::random_dataset({.n_rows = 500, .n_features = 5, .missing = 0.1, .weights = true}, 3);
  const CollapsedRows whole = collapse(data);
  DistinctRows rows(data);
  std::vector<std::size_t> distinct_of_row;
  for (std::size_t begin = 0; begin < 500; begin += 100)
    EXPECT_TRUE(rows.add(slice(data, begin, begin + 100), begin, &distinct_of_row));
  EXPECT_EQ(distinct_of_row, whole.distinct_of_row);
  const Dataset result = rows.take();
  EXPECT_EQ(result.ones, whole.data.ones);
  EXPECT_EQ(result.missing, whole.data.missing);
  EXPECT_EQ(result.weights, whole.data.weights);
}

TEST(DistinctRows, GiveUpWhereTheyTakeTooMuch) {
  const Dataset data = reference::random_dataset({.n_rows = 500, .n_features = 30}, 3);
  EXPECT_TRUE(DistinctRows(data, 500 * 48).add(data, 0));
  EXPECT_FALSE(DistinctRows(data, 400 * 48).add(data, 0));
}

}  // namespace
}  // namespace mixbern
