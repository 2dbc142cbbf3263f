#include "mixbern/fit/group_statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "grouped_definition.hpp"

namespace mixbern {
namespace {

TEST(GroupedErrors, AreThoseOfTheInformationByDifferences) {
  const Dataset data = drawn(1, 0.05);
  for (const FreeItems& items : {FreeItems{}, FreeItems{2}, FreeItems{0, 1, 2, 3, 4}}) {
    const GroupedModel model = fitted(data, items);
    const GroupedErrors errors = grouped_standard_errors(model, data);
    const Eigen::VectorXd at = parameters_of(model);
    const Eigen::MatrixXd found =
        curvature([&](const Eigen::VectorXd& x) { return log_likelihood_at(model, data, x); }, at).inverse();
    Eigen::Index next = 0;
    const auto expected = [&](double p) {
      const double error = p * (1 - p) * std::sqrt(found(next, next));
      ++next;
      return error;
    };
    for (std::size_t g = 0; g < kGroups; ++g) {
      const double error = expected(model.mixtures[g].weights()[0]);
      EXPECT_NEAR(errors.weights[2 * g], error, 1e-4 * error);
      EXPECT_NEAR(errors.weights[2 * g + 1], error, 1e-4 * error);
    }
    for (std::size_t d = 0; d < kItems; ++d) {
      for (std::size_t g = 0; g < (is_free(model, d) ? kGroups : 1); ++g) {
        for (std::size_t k = 0; k < 2; ++k) {
          const double error = expected(model.mixtures[g].probabilities(k)[d]);
          EXPECT_NEAR(errors.probabilities[(2 * g + k) * kItems + d], error, 1e-4 * error);
        }
      }
    }
    const double a = model.mixtures[0].weights()[0], b = model.mixtures[1].weights()[0];
    const Eigen::Vector2d slope(0.75 * a * (1 - a), 0.25 * b * (1 - b));
    const double of_all = std::sqrt(slope.dot(found.topLeftCorner(2, 2) * slope));
    EXPECT_NEAR(errors.weights_of_all[0], of_all, 1e-2 * of_all);  // silent rows are no part of the shares
    EXPECT_TRUE(errors.joint.identified());
  }
}

TEST(GroupedErrors, WeightsOfOneComponentAreKnown) {
  const Dataset data = drawn(2);
  const GroupedModel model = fit_groups(data, {}, {.n_components = 1});
  const GroupedErrors errors = grouped_standard_errors(model, data);
  EXPECT_EQ(errors.weights, (std::vector<double>{0, 0}));
  const double p = model.joint.probabilities(0)[0];
  EXPECT_NEAR(errors.probabilities[0], std::sqrt(p * (1 - p) / 800), 1e-6);
}

// Half of the first group answers no, nobody of the second does; a tenth of each item's answers is turned.
TEST(GroupedErrors, AComponentThatAGroupLacksHasNoneThere) {
  Dataset data;
  BitMatrix ones(300, kItems);
  for (std::size_t i = 0; i < 300; ++i) {
    const std::size_t group = i % 3 == 0 ? 1 : 0;
    const bool yes = group == 1 || i % 2 == 0;
    for (std::size_t d = 0; d < kItems; ++d) {
      if (yes != ((i / 6) % 10 == d)) ones.set(i, d);
    }
    data.labels.push_back(static_cast<std::int64_t>(group));
  }
  data.ones = std::move(ones);
  data.label_names = {"a", "b"};
  const GroupedModel model = fitted(data, {});
  const GroupedErrors errors = grouped_standard_errors(model, data);
  EXPECT_GT(errors.weights[0], 0);
  EXPECT_GT(errors.weights[1], 0);
  for (std::size_t k = 0; k < 2; ++k) {
    if (model.weights[2 + k] < 1e-6) {
      EXPECT_TRUE(std::isnan(errors.weights[2 + k]));
      EXPECT_TRUE(std::isnan(errors.weights_of_all[k]));
    }
  }
  EXPECT_LT(std::min(model.weights[2], model.weights[3]), 1e-6);
}

TEST(GroupedStatistics, AddUpTheTablesOfTheGroups) {
  const Dataset data = drawn(4);
  const GroupedModel equal = fitted(data, {}), free = fitted(data, {0, 1, 2, 3, 4});
  const GroupedStatistics a = grouped_statistics(equal, data), b = grouped_statistics(free, data);
  EXPECT_EQ(a.fit.degrees_of_freedom, 2 * 31 - (2 + 10));
  EXPECT_EQ(b.fit.degrees_of_freedom, 2 * 31 - 2 * (1 + 10));
  EXPECT_NEAR(a.fit.g2.statistic - b.fit.g2.statistic, 2 * (free.log_likelihood - equal.log_likelihood),
              1e-6);
  EXPECT_NEAR(a.g2_by_group[0] + a.g2_by_group[1], a.fit.g2.statistic, 1e-9);
  EXPECT_NEAR(a.criteria.bic, equal.bic(), 1e-9);
  EXPECT_EQ(a.fit.g2.p_value, chi_squared_p_value(a.fit.g2.statistic, a.fit.degrees_of_freedom));
  EXPECT_FALSE(a.fit.saturated);
}

TEST(GroupedStatistics, TheItemThatDiffersStandsOut) {
  const Dataset data = drawn(5);
  const GroupedStatistics equal = grouped_statistics(fitted(data, {}), data);
  for (std::size_t d = 0; d < kItems; ++d) EXPECT_EQ(equal.with_groups[d] > 3.84, d == 2) << d;
  const GroupedStatistics partial = grouped_statistics(fitted(data, {2}), data);
  EXPECT_LT(partial.with_groups[2], 0.1);
  ASSERT_EQ(partial.pairs.size(), kGroups);
  EXPECT_EQ(partial.pairs[0].size(), kItems * (kItems - 1) / 2);
  EXPECT_TRUE(grouped_statistics(fitted(data, {2}), data, {}, false).pairs.empty());
}

TEST(GroupedStatistics, SampledWeightsHaveNoPValue) {
  Dataset data = drawn(6);
  data.weights.assign(800, 1.0);
  const GroupedStatistics found =
      grouped_statistics(fitted(data, {}), data, {.weights_kind = WeightsKind::kSampling});
  EXPECT_TRUE(std::isnan(found.fit.g2.p_value));
}

}  // namespace
}  // namespace mixbern
