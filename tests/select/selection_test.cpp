#include "mixbern/select/selection.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <stdexcept>

#include "mixbern/mixbern.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

Dataset table(const std::string& name) {
  return read_dataset(std::string(MIXBERN_DATA_DIR) + "/" + name + ".csv");
}

TEST(Selection, OfAKnownTable) {
  const Selection selection = select_components(table("carcinoma"), {.n_components = {1, 2, 3, 4}});
  ASSERT_EQ(selection.candidates.size(), 4U);
  EXPECT_EQ(selection.best, 2U);
  EXPECT_NEAR(selection.candidates[2].criteria.bic, 697.1357, 2e-4);
  EXPECT_NEAR(selection.candidates[3].criteria.aic, 640.5717, 2e-4);
  EXPECT_NEAR(selection.candidates[1].goodness_of_fit.g2.statistic, 62.3654, 1e-4);
  EXPECT_FALSE(selection.candidates[1].blrt.has_value());
}

TEST(Selection, ByTheBootstrapTest) {
  const Selection selection = select_components(
      table("carcinoma"), {.n_components = {1, 2, 3, 4}, .criterion = Criterion::kBlrt, .blrt_samples = 60});
  EXPECT_EQ(selection.best, 2U);
  EXPECT_FALSE(selection.candidates[0].blrt.has_value());
  EXPECT_NEAR(selection.candidates[2].blrt->statistic, 2 * (317.256837 - 293.704979), 1e-3);
  EXPECT_LE(selection.candidates[2].blrt->p_value, 0.05);
  EXPECT_GT(selection.candidates[3].blrt->p_value, 0.05);
}

// Cancels in the second iteration of the last fit that it lets begin.
class Impatient : public Watch {
 public:
  explicit Impatient(std::size_t n_fits) : n_fits_(n_fits) {}
  void iteration_done(const IterationEvent& event) override {
    n_begun_ += event.start == 0 && event.iteration == 1 ? 1 : 0;
    cancelled_ = cancelled_ || (n_begun_ == n_fits_ && event.iteration == 2);
  }
  bool cancelled() override { return cancelled_; }

 private:
  std::size_t n_fits_, n_begun_ = 0;
  std::atomic<bool> cancelled_ = false;
};

TEST(Selection, WhoCancelsDoesNotWaitForPassesOverTheRows) {
  Impatient watch(2);
  const Selection selection = select_components(
      table("carcinoma"), {.n_components = {2, 3, 4},
                           .fit = {.n_init = 1, .max_iter = 20, .tol = 0.0, .watch = &watch},
                           .replication = {.n_rounds = 1}});
  ASSERT_EQ(selection.candidates.size(), 2U);
  EXPECT_TRUE(std::isfinite(selection.candidates[0].classification.entropy));
  const Candidate& last = selection.candidates[1];
  EXPECT_TRUE(std::isfinite(last.criteria.bic));
  EXPECT_TRUE(std::isnan(last.criteria.icl_bic) && std::isnan(last.classification.entropy));
  EXPECT_TRUE(std::isnan(last.goodness_of_fit.g2.statistic));
  EXPECT_EQ(last.warnings.back(), "cancelled before all statistics were known");
  EXPECT_NO_THROW(to_json(last.goodness_of_fit));
}

TEST(Selection, ByCrossValidation) {
  const Dataset data = table("carcinoma");
  const auto run = [&](unsigned threads) {
    return select_components(data, {.n_components = {1, 2, 3},
                                    .fit = {.threads = threads},
                                    .criterion = Criterion::kCrossValidation,
                                    .n_folds = 10});
  };
  const Selection one = run(1), three = run(3);
  EXPECT_GE(one.best, 1U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(one.candidates[i].cv_log_likelihood, three.candidates[i].cv_log_likelihood);
    EXPECT_LT(*one.candidates[i].cv_log_likelihood, one.candidates[i].fit.log_likelihood);
  }
  EXPECT_THROW(cross_validated_log_likelihood(one.candidates[0].fit.mixture, data, 1), std::invalid_argument);
  EXPECT_THROW(cross_validated_log_likelihood(one.candidates[0].fit.mixture, data, 119),
               std::invalid_argument);
}

// With one component and every row a fold of its own, the fits are known.
TEST(CrossValidation, LeavesOneOut) {
  BitMatrix ones(4, 1);
  ones.set(0, 0), ones.set(1, 0);
  const Dataset data{.ones = ones};
  const double found =
      cross_validated_log_likelihood(Mixture({1}, {.5}), data, 4, {.estimation = {.smoothing = 0}});
  EXPECT_NEAR(found, 4 * std::log(1.0 / 3), 1e-12);
}

TEST(Selection, RefusesListsThatMakeNoSense) {
  const Dataset data = table("values");
  EXPECT_THROW(select_components(data, {.n_components = {}}), std::invalid_argument);
  EXPECT_THROW(select_components(data, {.n_components = {2, 2}}), std::invalid_argument);
  EXPECT_THROW(select_components(data, {.n_components = {1}, .criterion = Criterion::kBlrt}),
               std::invalid_argument);
}

TEST(Criterion, NamesGoBothWays) {
  for (const char* name : {"aic", "aic3", "bic", "sabic", "caic", "icl-bic", "awe", "blrt", "cv"})
    EXPECT_EQ(to_string(*criterion_from_string(name)), name);
  EXPECT_FALSE(criterion_from_string("ssabic").has_value());
}

TEST(Optima, AreGroupedBestFirst) {
  const auto optima =
      distinct_optima(std::vector<double>{-290, -289.28585, NAN, -289.28589, -290.00001, -INFINITY});
  ASSERT_EQ(optima.size(), 3U);
  EXPECT_EQ(optima[0].log_likelihood, -289.28585);
  EXPECT_EQ(optima[0].n_init, 2U);
  EXPECT_EQ(optima[1].n_init, 2U);
  EXPECT_EQ(optima[2].n_init, 1U);
  EXPECT_TRUE(distinct_optima({}).empty());
}

TEST(FitReplicated, GoesOnUntilTheBestIsMetAgain) {
  const Dataset data = table("carcinoma");
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const FitResult result = fit_replicated(data, {.n_components = 4, .n_init = 2, .seed = seed},
                                            {.n_replications = 3, .n_rounds = 50});
    EXPECT_GE(result.n_init_at_best, 3U);
    EXPECT_EQ(result.n_init % 2, 0U);
    EXPECT_EQ(result.log_likelihoods.size(), result.n_init);
    EXPECT_EQ(result.options.seed, seed);
  }
}

TEST(ComponentProblems, AreNamed) {
  const Mixture mixture({.5, .3, .1995, .0005}, {.1, .2, .1, .2005, .9, .9, .1, .2});
  const ComponentProblems problems = component_problems(mixture, 100);
  EXPECT_EQ(problems.duplicates, (std::vector<std::pair<std::size_t, std::size_t>>{{0, 1}}));
  EXPECT_EQ(problems.empty, std::vector<std::size_t>{3});
  FitResult result{.mixture = mixture};
  result.n_informative = 100;
  result.n_init = 5;
  result.n_init_at_best = 1;
  const auto warnings = optima_warnings(result);
  ASSERT_EQ(warnings.size(), 3U);
  EXPECT_NE(warnings[0].find("one of 5 starts"), std::string::npos);
  EXPECT_NE(warnings[1].find("the components of weight"), std::string::npos);
  EXPECT_NE(warnings[2].find("a component is empty"), std::string::npos);
}

}  // namespace
}  // namespace mixbern
