// Fits under constraints: every road to a model keeps them, or says that it does not know them.
#include <gtest/gtest.h>

#include "mixbern/mixbern.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

// Every item is equal over K components.
Constraints all_equal(std::size_t n_components, std::size_t n_items) {
  Constraints constraints;
  for (std::size_t d = 0; d < n_items; ++d) {
    auto& parameter = constraints.equal.emplace_back();
    for (std::size_t k = 0; k < n_components; ++k) parameter.push_back({k, d});
  }
  return constraints;
}

bool hold(const Mixture& mixture) {
  return mixture == constrained(mixture, mixture.ties()) && !mixture.ties().none();
}

Dataset table() {
  return reference::random_categorical({.n_rows = 200, .missing = 0.1, .weights = true}, 3);
}

TEST(Constraints, ComponentsThatAreEqualThroughoutAreOne) {
  const Dataset data = table();
  const Estimation exact{.smoothing = 1e-12};
  const FitResult one = fit(data, {.n_components = 1, .estimation = exact});
  const FitResult three =
      fit(data, {.n_components = 3, .n_init = 4, .constraints = all_equal(3, 4), .estimation = exact});
  EXPECT_NEAR(three.log_likelihood, one.log_likelihood, 1e-9 * -one.log_likelihood);
  EXPECT_EQ(three.mixture.n_parameters(), one.mixture.n_parameters() + 2);
  for (std::size_t d = 0; d < 9; ++d)
    EXPECT_NEAR(three.mixture.probabilities(2)[d], one.mixture.probabilities(0)[d], 1e-9);
}

TEST(Constraints, PseudoCountsOfEqualCellsAddUp) {
  const Dataset data = table();
  const FitResult three =
      fit(data,
          {.n_components = 3, .n_init = 1, .constraints = all_equal(3, 4), .estimation = {.smoothing = 0.5}});
  const FitResult one = fit(data, {.n_components = 1, .estimation = {.smoothing = 1.5}});
  for (std::size_t d = 0; d < 9; ++d)
    EXPECT_NEAR(three.mixture.probabilities(1)[d], one.mixture.probabilities(0)[d], 1e-9);
}

TEST(Constraints, EveryKindOfStartKeepsThem) {
  const Dataset data = table();
  const Constraints constraints{.equal = {{{0, 0}, {1, 0}}},
                                .held = {{{2, 1}, {0.75}}},
                                .held_weights = {{0, 0.1}},
                                .equal_weights = {{2, 1}}};
  for (const InitMethod init : {InitMethod::kPortfolio, InitMethod::kWide, InitMethod::kRandom,
                                InitMethod::kRows, InitMethod::kKMeans, InitMethod::kKMeansPlusPlus}) {
    const FitResult result =
        fit(data, {.n_components = 3, .init = init, .n_init = 3, .constraints = constraints});
    EXPECT_TRUE(hold(result.mixture));
    EXPECT_EQ(result.mixture.weights()[1], result.mixture.weights()[2]);
    EXPECT_EQ(result.mixture.weights()[0], 0.1);  // and components keep their numbers
    EXPECT_EQ(result.mixture.ties().constraints(), constraints);
  }
}

TEST(Constraints, AStartModelIsPutUnderThemAndItsOwnAreForgotten) {
  const Dataset data = table();
  const FitResult tied = fit(data, {.n_components = 2, .n_init = 2, .constraints = all_equal(2, 4)});
  FitOptions options{.n_components = 2, .init = InitMethod::kModel, .init_model = tied.mixture};
  EXPECT_TRUE(fit(data, options).mixture.ties().none());
  options.constraints.held = {{{0, 1}, {0.5}}};
  const FitResult held = fit(data, options);
  EXPECT_EQ(held.mixture.probabilities(0)[3], 0.5);
}

TEST(Constraints, LargeTablesKeepThemThroughSampleAndFastArithmetic) {
  const Mixture truth = reference::separated(4, 60, 3, 1);
  Dataset data = sample(truth, 30'000, 2);
  data.labels.clear();
  Constraints constraints;
  for (std::size_t d = 0; d < 60; d += 2) constraints.equal.push_back({{0, d}, {3, d}});
  const FitResult result =
      fit(data, {.n_components = 4, .n_init = 2, .max_iter = 30, .constraints = constraints});
  EXPECT_EQ(result.options.precision, Precision::kFast);
  EXPECT_TRUE(hold(result.mixture));
}

TEST(Constraints, SitesKeepThem) {
  const Dataset data = reference::random_dataset({.n_rows = 300, .n_features = 6}, 4);
  Site site(data, 1);
  const FitOptions options{.n_components = 2,
                           .init = InitMethod::kRandom,
                           .n_init = 2,
                           .constraints = {.equal = {{{0, 0}, {1, 0}}}, .held = {{{1, 2}, {0.5}}}}};
  const FitResult result =
      fit(site.facts(), options, [&site](const Pass& pass) { return site.accumulate(pass); });
  EXPECT_TRUE(hold(result.mixture));
  EXPECT_EQ(result.mixture.probabilities(1)[2], 0.5);
}

TEST(Constraints, ACheckpointIsOfTheSameConstraints) {
  const Mixture truth = reference::separated(3, 40, 3, 1);
  Dataset data = sample(truth, 3000, 2);
  data.labels.clear();
  FitOptions options{.n_components = 3, .n_init = 3, .max_iter = 20, .constraints = all_equal(3, 5)};
  std::string state;
  const Checkpointing saving{.save = [&state](std::string_view bytes) { state = bytes; }, .seconds = 0};
  const FitResult whole = fit(data, options, saving);
  const FitResult resumed = fit(data, options, {.resume = state});
  EXPECT_EQ(resumed.mixture, whole.mixture);
  options.constraints = all_equal(3, 4);
  EXPECT_THROW(fit(data, options, {.resume = state}), CheckpointError);
}

TEST(Constraints, BootstrapAndHeldOutRowsKeepThem) {
  const Dataset data = reference::random_dataset({.n_rows = 300, .n_features = 6}, 5);
  const Constraints constraints{.equal = {{{0, 0}, {1, 0}}}, .held = {{{0, 1}, {0.4}}, {{1, 1}, {0.3}}}};
  const FitResult result = fit(data, {.n_components = 2, .n_init = 4, .constraints = constraints});
  const BootstrapFit drawn =
      bootstrap_fit(result.mixture, data, BootstrapKind::kResampling, {.n_samples = 20, .seed = 1});
  EXPECT_EQ(drawn.probabilities[0], drawn.probabilities[6]);
  EXPECT_EQ(drawn.probabilities[1], 0);
  EXPECT_TRUE(std::isfinite(cross_validated_log_likelihood(result.mixture, data, 4, {})));
}

TEST(Constraints, AreRefusedWhereTheyAreNotKnown) {
  const Dataset data = reference::random_dataset({.n_rows = 100, .n_features = 5}, 6);
  FitOptions options{.n_components = 2, .constraints = all_equal(2, 1)};
  EXPECT_THROW(select_components(data, {.n_components = {2}, .fit = options}), std::invalid_argument);
  EXPECT_THROW(choose_smoothing(data, options), std::invalid_argument);
  Dataset grouped = data;
  for (std::size_t i = 0; i < 100; ++i) grouped.labels.push_back(static_cast<std::int64_t>(i % 2));
  EXPECT_THROW(fit_groups(grouped, {}, options), std::invalid_argument);
  options.constraints = {.held_weights = {{0, 0.5}}};
  options.acceleration = Acceleration::kNewton;
  EXPECT_THROW(fit(data, options), std::invalid_argument);
  options.acceleration = Acceleration::kAuto;
  options.constraints.held_weights[0].component = 2;
  EXPECT_THROW(fit(data, options), std::invalid_argument);
}

}  // namespace
}  // namespace mixbern
