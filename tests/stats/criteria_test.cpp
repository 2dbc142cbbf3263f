#include "mixbern/statistics/criteria.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support.hpp"

namespace mixbern {
namespace {

TEST(Criteria, AreTheirFormulas) {
  const Criteria c = criteria(-100, 7, 50, 3);
  EXPECT_DOUBLE_EQ(c.aic, 214);
  EXPECT_DOUBLE_EQ(c.aic3, 221);
  EXPECT_DOUBLE_EQ(c.bic, 200 + 7 * std::log(50.0));
  EXPECT_DOUBLE_EQ(c.sabic, 200 + 7 * std::log(52.0 / 24));
  EXPECT_DOUBLE_EQ(c.caic, 200 + 7 * (std::log(50.0) + 1));
  EXPECT_DOUBLE_EQ(c.classification_log_likelihood, -103);
  EXPECT_DOUBLE_EQ(c.icl_bic, c.bic + 6);
  EXPECT_DOUBLE_EQ(c.awe, 206 + 14 * (1.5 + std::log(50.0)));
}

TEST(Criteria, OfPublishedTables) {
  const FitResult result = fit(table("gss08_abortion"), {.n_components = 3});
  const Classification sharp = classification(result.mixture, table("gss08_abortion"));
  EXPECT_EQ(sharp.n, 352);
  const Criteria c =
      criteria(result.log_likelihood, result.mixture.n_parameters(), sharp.n, sharp.uncertainty);
  EXPECT_NEAR(c.aic, 1414.897, 1e-3);
  EXPECT_NEAR(c.bic, 1492.17, 5e-3);
}

struct Case {
  std::size_t n_components;
  double missing;
  bool weights;
};

class ClassificationTest : public testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(All, ClassificationTest,
                         testing::Values(Case{2, 0, false}, Case{3, 0.3, true}, Case{1, 0.2, false}));

TEST_P(ClassificationTest, IsWhatTheDefinitionsSay) {
  const auto [n_components, missing, weights] = GetParam();
  const Dataset data =
      reference::random_dataset({.n_rows = 200, .n_features = 5, .missing = missing, .weights = weights}, 3);
  const Mixture mixture = reference::random_mixture(n_components, 5, 4);
  double n = 0, uncertainty = 0, error = 0;
  std::vector<double> by_posterior(n_components), by_mode(n_components), average(n_components * n_components);
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    std::size_t answers = 0;
    for (std::size_t d = 0; d < 5; ++d) answers += reference::is_missing(data, i, d) ? 0U : 1U;
    if (answers == 0) continue;
    const double w = data.weight(i);
    const auto posterior = reference::posterior(mixture, data, i).responsibilities;
    const auto mode = static_cast<std::size_t>(std::ranges::max_element(posterior) - posterior.begin());
    n += w;
    error += w * static_cast<double>(1 - posterior[mode]);
    by_mode[mode] += w;
    for (std::size_t k = 0; k < n_components; ++k) {
      const auto gamma = static_cast<double>(posterior[k]);
      uncertainty -= w * gamma * std::log(gamma);
      by_posterior[k] += w * gamma;
      average[mode * n_components + k] += w * gamma;
    }
  }
  const Classification result = classification(mixture, data);
  EXPECT_NEAR(result.n, n, 1e-9);
  EXPECT_NEAR(result.uncertainty, uncertainty, 1e-9);
  EXPECT_NEAR(result.error, error / n, 1e-12);
  for (std::size_t k = 0; k < n_components; ++k) {
    EXPECT_NEAR(result.sizes_by_posterior[k], by_posterior[k] / n, 1e-12);
    EXPECT_NEAR(result.sizes_by_mode[k], by_mode[k] / n, 1e-12);
    for (std::size_t j = 0; j < n_components; ++j)
      EXPECT_NEAR(result.average_posteriors[j * n_components + k], average[j * n_components + k] / by_mode[j],
                  1e-12);
  }
  if (n_components == 1) {
    EXPECT_EQ(result.entropy, 1);
    EXPECT_EQ(result.entropy_r2, 1);
    return;
  }
  double prior = 0;
  for (const double pi : mixture.weights()) prior -= pi * std::log(pi);
  EXPECT_NEAR(result.entropy, 1 - uncertainty / (n * std::log(static_cast<double>(n_components))), 1e-12);
  EXPECT_NEAR(result.entropy_r2, 1 - uncertainty / (n * prior), 1e-12);
}

TEST(Classification, OfRowsThatAnsweredNothing) {
  BitMatrix all(3, 2);
  for (std::size_t i = 0; i < 3; ++i) all.set(i, 0), all.set(i, 1);
  const Dataset data{.ones = BitMatrix(3, 2), .missing = all};
  const Classification result = classification(reference::random_mixture(2, 2, 1), data);
  EXPECT_EQ(result.n, 0);
  EXPECT_EQ(result.uncertainty, 0);
  EXPECT_EQ(result.error, 0);
  EXPECT_EQ(result.entropy, 1);
  EXPECT_TRUE(std::isnan(result.average_posteriors[0]));
}

}  // namespace
}  // namespace mixbern
