#include "mixbern/dataset/dataset.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "reference.hpp"

namespace mixbern {
namespace {

Dataset example() {
  return reference::random_dataset({.n_rows = 10, .n_features = 6, .missing = 0.2, .weights = true}, 1);
}

TEST(Dataset, ValidatesThatPartsFit) {
  EXPECT_NO_THROW(validate(example()));
  Dataset data = example();
  data.weights[3] = -1;
  EXPECT_THROW(validate(data), std::invalid_argument);
  data.weights[3] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(validate(data), std::invalid_argument);
  data = example();
  data.labels = {1, 2};
  EXPECT_THROW(validate(data), std::invalid_argument);
  data = example();
  data.labels.assign(data.n_rows(), 1);
  data.label_names = {"a"};
  EXPECT_THROW(validate(data), std::invalid_argument);
  data.label_names = {"a", "b"};
  EXPECT_NO_THROW(validate(data));
  data = example();
  data.feature_names = {"a"};
  EXPECT_THROW(validate(data), std::invalid_argument);
  data = example();
  data.shape = {4, 2};
  EXPECT_THROW(validate(data), std::invalid_argument);
  data.shape = {3, 2};
  EXPECT_NO_THROW(validate(data));
}

TEST(Dataset, RefusesAMissingCellThatIsOne) {
  for (const bool sparse_ones : {false, true}) {
    for (const bool sparse_mask : {false, true}) {
      Dataset data;
      BitMatrix ones(2, 70);
      ones.set(1, 66);
      data.ones = sparse_ones ? Rows(to_sparse(ones)) : Rows(ones);
      data.missing = sparse_mask ? Rows(to_sparse(ones)) : Rows(ones);
      EXPECT_THROW(validate(data), std::invalid_argument) << sparse_ones << sparse_mask;
      data.missing = sparse_mask ? Rows(to_sparse(BitMatrix(2, 70))) : Rows(BitMatrix(2, 70));
      EXPECT_NO_THROW(validate(data)) << sparse_ones << sparse_mask;
    }
  }
}

TEST(Dataset, SliceTakesEverythingAlong) {
  Dataset data = example();
  data.labels = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const Dataset part = slice(data, 2, 5);
  EXPECT_EQ(part.n_rows(), 3U);
  EXPECT_EQ(part.labels, (std::vector<std::int64_t>{2, 3, 4}));
  EXPECT_EQ(part.weights[0], data.weights[2]);
  for (std::size_t d = 0; d < 6; ++d) {
    EXPECT_EQ(test(part.ones, 1, d), test(data.ones, 3, d));
    EXPECT_EQ(test(*part.missing, 1, d), test(*data.missing, 3, d));
  }
}

TEST(Dataset, TotalWeightCountsRowsWithoutWeights) {
  Dataset data = reference::random_dataset({.n_rows = 10}, 1);
  EXPECT_EQ(total_weight(data), 10);
  data.weights.assign(10, 0.5);
  EXPECT_EQ(total_weight(data), 5);
}

}  // namespace
}  // namespace mixbern
