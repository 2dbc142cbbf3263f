#include "io/support.hpp"

namespace mixbern::io_test {

Dataset random_data(std::mt19937_64& random, std::size_t n_rows, std::size_t n_features,
                    double missing_share) {
  Dataset data;
  BitMatrix ones(n_rows, n_features);
  BitMatrix missing(n_rows, n_features);
  bool any_missing = false;
  std::uniform_real_distribution<double> uniform;
  for (std::size_t i = 0; i < n_rows; ++i) {
    for (std::size_t d = 0; d < n_features; ++d) {
      if (i >= 2 && uniform(random) < missing_share) {
        missing.set(i, d);
        any_missing = true;
      } else if (i == 1 || (i > 1 && uniform(random) < 0.3)) {
        ones.set(i, d);
      }
    }
  }
  data.ones = std::move(ones);
  if (any_missing) data.missing = std::move(missing);
  return data;
}

void expect_same_cells(const Dataset& a, const Dataset& b) {
  EXPECT_EQ(cells(a), cells(b));
}

void expect_same(const Dataset& a, const Dataset& b) {
  expect_same_cells(a, b);
  EXPECT_EQ(a.missing.has_value(), b.missing.has_value());
  EXPECT_EQ(a.weights, b.weights);
  EXPECT_EQ(a.labels, b.labels);
  EXPECT_EQ(a.label_names, b.label_names);
  EXPECT_EQ(a.feature_names, b.feature_names);
  EXPECT_EQ(a.codings, b.codings);
  EXPECT_EQ(a.threshold, b.threshold);
  EXPECT_EQ(a.shape, b.shape);
}

}  // namespace mixbern::io_test
