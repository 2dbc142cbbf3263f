// Which method is taken where nobody names one, and where one-step begins.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "mixbern/fit/fit.hpp"
#include "mixbern/statistics/relate.hpp"
#include "mixbern/statistics/replicates.hpp"

namespace mixbern {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::size_t kItems = 6;

// The first class says yes with probability `separation`, the second to the first half, the third to none.
Mixture truth(double separation) {
  std::vector<double> theta;
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t d = 0; d < kItems; ++d)
      theta.push_back(k == 0 || (k == 1 && d < kItems / 2) ? separation : 1 - separation);
  }
  return {{1, 1, 1}, theta};
}

// Rows of three classes with slopes −1 and 1 of a covariate of 1 … 5 against the third.
struct Study {
  Dataset data;
  Variable covariate{.name = "x"};
  Mixture model = truth(.9);

  Study(double separation, std::size_t n_rows, std::uint64_t seed) {
    Engine engine(seed);
    const Mixture mixture = truth(separation);
    BitMatrix ones(n_rows, kItems);
    for (std::size_t i = 0; i < n_rows; ++i) {
      const double x = 1 + std::floor(5 * uniform(engine));
      const std::vector<double> odds = {std::exp(2.5 - x), std::exp(x - 3.5), 1};
      const std::size_t k = index_at(odds, uniform(engine) * (odds[0] + odds[1] + odds[2]));
      for (std::size_t d = 0; d < kItems; ++d) {
        if (uniform(engine) < mixture.probabilities(k)[d]) ones.set(i, d);
      }
      covariate.values.push_back(x);
    }
    data.ones = std::move(ones);
    model = fit(data, {.n_components = 3, .seed = 1}).mixture;
  }

  DesignMatrix design() const {
    const std::vector<Variable> variables = {covariate};
    const std::vector<std::string> terms = {"x"};
    return design_matrix(variables, terms);
  }
  Relation relate(const Mixture& from, const RelateOptions& options) const {
    return relate_covariates(from, data, design(), options);
  }
};

TEST(RelateChoice, TakesOneStepWhereClassesOverlap) {
  const Study study(.7, 1000, 3);
  const Relation chosen = study.relate(study.model, {});
  EXPECT_LT(chosen.entropy, kLeastEntropy);
  EXPECT_EQ(chosen.method, RelateMethod::kOneStep);
  EXPECT_TRUE(chosen.chosen_by_entropy);
  ASSERT_EQ(chosen.warnings.size(), 1U);
  EXPECT_THAT(chosen.warnings.front(), HasSubstr("one-step was taken"));
  const Relation named = study.relate(study.model, {.method = RelateMethod::kOneStep});
  EXPECT_FALSE(named.chosen_by_entropy);
  EXPECT_THAT(named.warnings, IsEmpty());
  EXPECT_EQ(named.estimates, chosen.estimates);
  EXPECT_EQ(chosen.one_step_errors, StandardErrorMethod::kSandwich);
  EXPECT_EQ(named.one_step_errors, StandardErrorMethod::kObserved);
  const RelateOptions robust{.method = RelateMethod::kOneStep,
                             .one_step_errors = StandardErrorMethod::kSandwich};
  EXPECT_EQ(study.relate(study.model, robust).covariance, chosen.covariance);
  const Relation ml = study.relate(study.model, {.method = RelateMethod::kMl});
  ASSERT_EQ(ml.warnings.size(), 1U);
  EXPECT_THAT(ml.warnings.front(), HasSubstr("estimates by ml are biased"));
}

TEST(RelateChoice, TakesMlWhereClassesAreApart) {
  const Study study(.9, 1000, 3);
  const Relation chosen = study.relate(study.model, {});
  EXPECT_GE(chosen.entropy, kLeastEntropy);
  EXPECT_EQ(chosen.method, RelateMethod::kMl);
  EXPECT_TRUE(chosen.chosen_by_entropy);
  EXPECT_THAT(chosen.warnings, IsEmpty());
  EXPECT_EQ(study.relate(study.model, {.method = RelateMethod::kMl}).estimates, chosen.estimates);
  EXPECT_FALSE(chosen.one_step_errors);
}

TEST(RelateChoice, ReplicatesFollowTheWholeSample) {
  const Study study(.7, 300, 5);
  std::vector<std::vector<double>> weights(3, std::vector<double>(300, 1.5));
  for (std::size_t i = 0; i < 300; ++i) weights[i % 3][i] = 0;
  const ReplicateWeights replicates = replicate_weights({.type = ReplicateType::kJackknife1}, weights, {});
  const Relation chosen = relate_covariates(study.model, study.data, study.design(), replicates, {});
  const Relation named = relate_covariates(study.model, study.data, study.design(), replicates,
                                           {.method = RelateMethod::kOneStep});
  EXPECT_EQ(chosen.method, RelateMethod::kOneStep);
  EXPECT_EQ(chosen.covariance, named.covariance);
  EXPECT_FALSE(chosen.one_step_errors);
}

// The maximum next to the model is a lesser one in these samples, by up to 12 nats.
TEST(RelateChoice, OneStepLooksBeyondTheMaximumNextToTheModel) {
  const RelateOptions options{.method = RelateMethod::kOneStep};
  for (const std::uint64_t seed : {2U, 10U, 17U, 33U}) {
    const Study study(.7, 300, seed);
    const double found = study.relate(study.model, options).log_likelihood;
    EXPECT_GE(found, study.relate(truth(.7), options).log_likelihood - 1e-3) << "seed " << seed;
  }
}

TEST(RelateChoice, ClassesKeepTheModelsOrder) {
  const RelateOptions options{.method = RelateMethod::kOneStep};
  const std::vector<std::size_t> order = {2, 0, 1};
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    const Study study(.7, 1000, seed);
    const Relation plain = study.relate(study.model, options);
    const Relation other = study.relate(permuted(study.model, order), options);
    EXPECT_NEAR(plain.log_likelihood, other.log_likelihood, 1e-4);
    const auto a = coefficients(plain, 2), b = coefficients(other, 0);
    EXPECT_NEAR(a[1].estimate, b[1].estimate, 1e-3) << "seed " << seed;
    EXPECT_NEAR(a[3].estimate, b[3].estimate, 1e-3) << "seed " << seed;
  }
}

}  // namespace
}  // namespace mixbern
