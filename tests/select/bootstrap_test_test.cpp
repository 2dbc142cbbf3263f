#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <stdexcept>

#include "base/random.hpp"
#include "mixbern/mixbern.hpp"
#include "mixbern/select/bootstrap.hpp"
#include "reference.hpp"
#include "select/bootstrap_data.hpp"
#include "select/bootstrap_tally.hpp"
#include "select/refit.hpp"

namespace mixbern {
namespace {

Dataset table(const std::string& name) {
  return read_dataset(std::string(MIXBERN_DATA_DIR) + "/" + name + ".csv");
}

double total(const Dataset& data) {
  return std::accumulate(data.weights.begin(), data.weights.end(), 0.0);
}

TEST(ParametricSource, KeepsRowsAndMissingCells) {
  const Dataset data = table("gss08_abortion");
  const PatternTable patterns = count_patterns(data);
  const Mixture mixture = fit(data, {.n_components = 2}).mixture;
  const Dataset drawn = ParametricSource(mixture, patterns).draw(3);
  EXPECT_EQ(total(drawn), 352);
  for (std::size_t d = 0; d < 6; ++d) {
    double expected = 0, found = 0;
    for (std::size_t i = 0; i < patterns.rows.n_rows(); ++i)
      expected += patterns.rows.weights[i] * test(*patterns.rows.missing, i, d);
    for (std::size_t i = 0; i < drawn.n_rows(); ++i) found += drawn.weights[i] * test(*drawn.missing, i, d);
    EXPECT_EQ(found, expected);
  }
}

class Cancelled : public Watch {
 public:
  bool cancelled() override { return true; }
};

TEST(ParametricSource, DrawsNoRowOnceNobodyWantsThem) {
  const Mixture mixture({1.0}, std::vector<double>(30, 0.9));
  const PatternTable patterns = count_patterns(sample(mixture, 500, 1));
  Cancelled watch;
  const Dataset drawn = ParametricSource(mixture, patterns).draw(3, &watch);
  EXPECT_EQ(count_ones(drawn.ones), 0U);
  EXPECT_EQ(total_weight(drawn), 500);
}

// Few cells against many rows are drawn by the cell, others by the row: the same distribution.
TEST(ParametricSource, DrawsFromTheMixture) {
  const Mixture mixture = reference::random_mixture(3, 4, 5);
  for (const std::size_t n_rows : {std::size_t{20}, std::size_t{200}}) {
    const PatternTable patterns = count_patterns(sample(mixture, n_rows, 1));
    const ParametricSource source(mixture, patterns);
    double ones = 0, rows = 0;
    for (std::uint64_t seed = 0; seed < 20'000 / n_rows; ++seed) {
      const Dataset drawn = source.draw(seed);
      rows += total(drawn);
      for (std::size_t i = 0; i < drawn.n_rows(); ++i)
        ones += drawn.weights[i] * (test(drawn.ones, i, 0) && test(drawn.ones, i, 3));
    }
    double expected = 0;
    for (std::size_t k = 0; k < 3; ++k)
      expected += mixture.weights()[k] * mixture.probabilities(k)[0] * mixture.probabilities(k)[3];
    EXPECT_EQ(rows, 20'000);
    EXPECT_NEAR(ones / rows, expected, 5 * std::sqrt(expected * (1 - expected) / rows));
  }
}

TEST(Resampled, HasAsManyRows) {
  const PatternTable patterns = count_patterns(table("values"));
  const Dataset drawn = resampled(patterns, 7);
  EXPECT_EQ(total(drawn), 216);
  EXPECT_NE(drawn.weights, patterns.rows.weights);
}

TEST(Refit, FindsThePublishedOptimum) {
  const PatternTable patterns = count_patterns(table("carcinoma"));
  const Mixture two = fit(table("carcinoma"), {.n_components = 2}).mixture;
  std::vector<Mixture> starts;
  for (std::size_t k = 0; k < 2; ++k) starts.push_back(with_split_component(two, k, k));
  const Refit result = refit(patterns.rows, 3, starts, {.n_random = 8});
  EXPECT_NEAR(result.log_likelihood, -293.704979, 0.02);
  EXPECT_EQ(result.mixture.n_components(), 3U);
}

TEST(BootstrapTest, IsTheSameForAnyNumberOfThreads) {
  const Dataset data = table("values");
  const Mixture one = fit(data, {.n_components = 1}).mixture, two = fit(data, {.n_components = 2}).mixture;
  const auto run = [&](unsigned threads) {
    return bootstrap_likelihood_ratio_test(
        two, fit(data, {.n_components = 3}).mixture, data,
        {.n_samples = 40, .seed = 9, .threads = threads, .early_stop = false});
  };
  const BootstrapTest a = run(1), b = run(3);
  EXPECT_EQ(a.n_exceeding, b.n_exceeding);
  EXPECT_EQ(a.n_samples, 40U);
  EXPECT_EQ(a.p_value, b.p_value);
  EXPECT_DOUBLE_EQ(a.p_value, (1.0 + static_cast<double>(a.n_exceeding)) / 41);
  EXPECT_GT(a.p_value, 0.05);
}

// Statistics whose order is any order with the same probability, the observed one among them.
TEST(BootstrapTally, KeepsTheLevel) {
  constexpr std::size_t kTests = 20'000;
  const std::vector<double> levels{.01, .05, .1, .19, .2, .25, .4, .7};
  for (const std::size_t n_samples : {19U, 99U, 499U}) {
    std::vector<double> rejections(levels.size(), 0.0);
    Engine engine(n_samples);
    for (std::size_t t = 0; t < kTests; ++t) {
      BootstrapTally tally(uniform(engine), {.n_samples = n_samples});
      for (std::size_t b = 0; b < n_samples && tally.add(uniform(engine)); ++b) continue;
      for (std::size_t i = 0; i < levels.size(); ++i)
        rejections[i] += tally.result().p_value <= levels[i] ? 1.0 : 0.0;
    }
    for (std::size_t i = 0; i < levels.size(); ++i) {
      const double a = levels[i], error = std::sqrt(a * (1 - a) / kTests);
      EXPECT_LE(rejections[i] / kTests, a + 4 * error) << a;
      if (a == .05 && n_samples > 19) {
        EXPECT_GE(rejections[i] / kTests, a - 4 * error);
      }
    }
  }
}

TEST(BootstrapTally, EndsEarlyForLargePOnly) {
  const BootstrapOptions options{.n_samples = 1000};
  BootstrapTally large(0, options);
  for (int b = 0; b < 19; ++b) EXPECT_TRUE(large.add(1));
  for (int b = 0; b < 80; ++b) EXPECT_TRUE(large.add(-1));
  EXPECT_FALSE(large.add(0));  // as large is at least as large
  EXPECT_EQ(large.result().ended, BootstrapEnd::kClearlyLarge);
  EXPECT_EQ(large.result().n_samples, 100U);
  EXPECT_EQ(large.result().n_samples_asked, 1000U);
  EXPECT_EQ(large.result().p_value, .2);
  BootstrapTally small(0, options), never(0, {.n_samples = 1000, .early_stop = false});
  for (int b = 0; b < 1000; ++b) {
    EXPECT_TRUE(small.add(b % 6 == 0 ? 1 : -1));
    EXPECT_TRUE(never.add(1));
  }
  EXPECT_EQ(small.result().ended, BootstrapEnd::kAllDrawn);
  EXPECT_DOUBLE_EQ(small.result().p_value, 168.0 / 1001);
  EXPECT_EQ(never.result().p_value, 1);
  BootstrapTally interrupted(0, options);
  interrupted.add(1);
  EXPECT_EQ(interrupted.result().ended, BootstrapEnd::kCancelled);
}

TEST(BootstrapTest, DrawsAllForASmallP) {
  const Dataset data = table("values");
  const Mixture one = fit(data, {.n_components = 1}).mixture, two = fit(data, {.n_components = 2}).mixture;
  const Mixture three = fit(data, {.n_components = 3}).mixture;
  for (const std::uint64_t seed : {1U, 2U}) {
    const BootstrapTest needed =
        bootstrap_likelihood_ratio_test(one, two, data, {.n_samples = 199, .seed = seed});
    EXPECT_EQ(needed.ended, BootstrapEnd::kAllDrawn);
    EXPECT_EQ(needed.n_samples, 199U);
    EXPECT_EQ(needed.p_value, .005);
  }
  const BootstrapTest not_needed = bootstrap_likelihood_ratio_test(two, three, data, {.n_samples = 1000});
  EXPECT_EQ(not_needed.ended, BootstrapEnd::kClearlyLarge);
  EXPECT_EQ(not_needed.n_exceeding, 20U);
  EXPECT_EQ(not_needed.p_value, 20 / static_cast<double>(not_needed.n_samples));
  EXPECT_GE(not_needed.p_value, .2);
}

TEST(BootstrapFit, HasTheSpreadOfTheInformation) {
  const Dataset data = table("values");
  const Mixture mixture = fit(data, {.n_components = 1}).mixture;
  for (const BootstrapKind kind : {BootstrapKind::kParametric, BootstrapKind::kResampling}) {
    const BootstrapFit result = bootstrap_fit(mixture, data, kind, {.n_samples = 500});
    EXPECT_EQ(result.n_samples, 500U);
    EXPECT_EQ(result.weights[0], 0);
    for (std::size_t d = 0; d < 4; ++d) {
      const double p = mixture.probabilities(0)[d], expected = std::sqrt(p * (1 - p) / 216);
      EXPECT_NEAR(result.probabilities[d], expected, 0.15 * expected);
    }
  }
}

// Where every label is held, a component's probabilities are shares of its rows.
TEST(BootstrapFit, HoldsTheLabelsThatTheFitHeld) {
  const Mixture truth({.5, .5}, {.4, .5, .6, .6, .5, .4});
  Dataset data = sample(truth, 300, 2);
  FitOptions how{.n_components = 2, .init = InitMethod::kLabels, .estimation = {.semi_supervised = true}};
  const FitResult held = fit(data, how);
  for (const BootstrapKind kind : {BootstrapKind::kParametric, BootstrapKind::kResampling}) {
    const BootstrapFit drawn =
        bootstrap_fit(held.mixture, data, kind, {.n_samples = 400, .estimation = held.options.estimation});
    for (std::size_t k = 0; k < 2; ++k) {
      EXPECT_NEAR(drawn.weights[k], std::sqrt(held.mixture.weights()[0] * held.mixture.weights()[1] / 300),
                  .004);
      for (std::size_t d = 0; d < 3; ++d) {
        const double p = held.mixture.probabilities(k)[d];
        EXPECT_NEAR(drawn.probabilities[k * 3 + d],
                    std::sqrt(p * (1 - p) / (300 * held.mixture.weights()[k])), .006);
      }
    }
  }
  data.labels.clear();
  EXPECT_THROW(
      bootstrap_fit(held.mixture, data, BootstrapKind::kResampling, {.estimation = held.options.estimation}),
      std::invalid_argument);
}

TEST(BootstrapFit, SmoothsTowardWhatTheFitWasSmoothedToward) {
  const Dataset data = table("carcinoma");
  FitOptions how{.n_components = 2, .estimation = {.smoothing = 20}};
  const Mixture mixture = fit(data, how).mixture;
  std::vector<double> spread;
  for (const SmoothingTarget target : {SmoothingTarget::kHalf, SmoothingTarget::kItem}) {
    how.estimation.smoothing_target = target;
    spread.push_back(bootstrap_fit(mixture, data, BootstrapKind::kResampling,
                                   {.n_samples = 50, .estimation = how.estimation})
                         .probabilities[0]);
  }
  EXPECT_GT(std::abs(spread[0] - spread[1]), 1e-3);
}

TEST(BootstrapFit, SaysWhetherTheTableFits) {
  const Dataset data = table("values");
  const BootstrapFit bad = bootstrap_fit(fit(data, {.n_components = 1}).mixture, data,
                                         BootstrapKind::kParametric, {.n_samples = 99});
  EXPECT_DOUBLE_EQ(bad.g2_p_value, 0.01);
  EXPECT_EQ(bad.pair_p_values.size(), 6U);
  const Mixture two = fit(data, {.n_components = 2}).mixture;
  const auto good = [&](unsigned threads) {
    return bootstrap_fit(two, data, BootstrapKind::kParametric, {.n_samples = 99, .threads = threads});
  };
  const BootstrapFit one_thread = good(1), three = good(3);
  EXPECT_NEAR(one_thread.g2_p_value, 0.84, 0.15);  // the chi-squared one, of a table that is not sparse
  EXPECT_EQ(one_thread.probabilities, three.probabilities);
  EXPECT_EQ(one_thread.pair_p_values, three.pair_p_values);
  EXPECT_TRUE(std::isnan(bootstrap_fit(two, data, BootstrapKind::kResampling, {.n_samples = 3}).g2_p_value));
}

TEST(BootstrapTest, OfUnluckyData) {
  const Mixture one({1}, {.5, .5}), two({.5, .5}, {.5, .5, .5, .5});
  BitMatrix all(2, 2);
  for (std::size_t i = 0; i < 2; ++i) all.set(i, 0), all.set(i, 1);
  const BootstrapTest nothing =
      bootstrap_likelihood_ratio_test(one, two, {.ones = BitMatrix(2, 2), .missing = all}, {.n_samples = 5});
  EXPECT_EQ(nothing.n_samples, 0U);
  EXPECT_EQ(to_string(nothing.ended), "no_rows");
  EXPECT_EQ(nothing.p_value, 1);
  EXPECT_EQ(bootstrap_likelihood_ratio_test(one, two, {.ones = all}, {.n_samples = 5}).n_samples, 5U);
  EXPECT_THROW(bootstrap_likelihood_ratio_test(two, one, {.ones = all}), std::invalid_argument);
  EXPECT_THROW(bootstrap_likelihood_ratio_test(one, two, {.ones = BitMatrix(1, 3)}), std::invalid_argument);
}

}  // namespace
}  // namespace mixbern
