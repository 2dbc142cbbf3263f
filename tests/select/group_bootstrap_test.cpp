#include "mixbern/fit/group_bootstrap.hpp"

#include <gtest/gtest.h>

#include "grouped_definition.hpp"
#include "mixbern/fit/group_statistics.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kSamples = 60;

TEST(GroupedBootstrap, SpreadsAsTheInformationSays) {
  const Dataset data = drawn(21);
  for (const FreeItems& items : {FreeItems{}, FreeItems{2}, FreeItems{0, 1, 2, 3, 4}}) {
    const GroupedModel model = fitted(data, items);
    const GroupedErrors errors = grouped_standard_errors(model, data);
    for (const BootstrapKind kind : {BootstrapKind::kParametric, BootstrapKind::kResampling}) {
      const GroupedBootstrap found = grouped_bootstrap(model, data, kind, {.n_samples = kSamples});
      EXPECT_EQ(found.n_samples, kSamples);
      // A standard deviation of 60 is known to a tenth of itself.
      for (std::size_t at = 0; at < errors.weights.size(); ++at)
        EXPECT_NEAR(found.weights[at], errors.weights[at], 0.45 * errors.weights[at]);
      EXPECT_NEAR(found.weights_of_all[0], errors.weights_of_all[0], 0.45 * errors.weights_of_all[0]);
      double ratio = 0;
      for (std::size_t at = 0; at < errors.probabilities.size(); ++at)
        ratio += found.probabilities[at] / errors.probabilities[at];
      EXPECT_NEAR(ratio / static_cast<double>(errors.probabilities.size()), 1, 0.2);
      EXPECT_EQ(std::isnan(found.g2_p_value), kind == BootstrapKind::kResampling);
    }
  }
}

TEST(GroupedBootstrap, PValuesTellAModelThatFitsFromOneThatDoesNot) {
  const Dataset data = drawn(22, 0.05);
  const auto p_value = [&](std::size_t n_components, const FreeItems& items) {
    const GroupedModel model =
        fit_groups(data, items, {.n_components = n_components, .estimation = {.smoothing = 1e-8}});
    return grouped_bootstrap(model, data, BootstrapKind::kParametric, {.n_samples = kSamples});
  };
  EXPECT_EQ(p_value(1, {}).g2_p_value, 1.0 / (1 + kSamples));
  const GroupedBootstrap right = p_value(2, {2});
  EXPECT_GT(right.g2_p_value, 0.02);
  EXPECT_FALSE(std::isnan(right.saturated_p_value));
  EXPECT_FALSE(std::isnan(right.mcar_p_value));
}

TEST(GroupedBootstrap, IsTheSameForAnyNumberOfThreadsAndKnowsNoSampledWeights) {
  Dataset data = drawn(23);
  const GroupedModel model = fitted(data, {2});
  const auto found = [&](unsigned threads) {
    return grouped_bootstrap(model, data, BootstrapKind::kParametric, {.n_samples = 20, .threads = threads});
  };
  EXPECT_EQ(found(1).probabilities, found(3).probabilities);
  EXPECT_EQ(found(1).g2_p_value, found(3).g2_p_value);
  data.weights.assign(data.n_rows(), 1.0);
  EXPECT_THROW(grouped_bootstrap(model, data, BootstrapKind::kResampling,
                                 {.estimation = {.weights_kind = WeightsKind::kSampling}}),
               std::invalid_argument);
}

// Each state is of some moment of the fit.
TEST(GroupedCheckpoints, AFitThatGoesOnEndsWithTheSameBits) {
  const Dataset data = drawn(24, 0.05);
  const FitOptions options{.n_components = 2, .n_init = 8, .estimation = {.smoothing = 1e-8}, .threads = 1};
  for (const FreeItems& items : {FreeItems{2}, FreeItems{0, 1, 2, 3, 4}}) {
    std::vector<std::string> states;
    const auto keep = [&](std::string_view state) { states.emplace_back(state); };
    const GroupedModel whole = fit_groups(data, items, options, {.save = keep, .seconds = 0});
    EXPECT_EQ(whole.joint, fit_groups(data, items, options).joint);
    ASSERT_GT(states.size(), 3U);
    for (std::size_t at = 0; at < states.size(); at += 1 + states.size() / 7) {
      const GroupedModel again = fit_groups(data, items, options, {.resume = states[at]});
      EXPECT_EQ(again.joint, whole.joint);
      EXPECT_EQ(again.log_likelihood, whole.log_likelihood);
    }
    const FreeItems others = items.size() == 1 ? FreeItems{0, 1, 2, 3, 4} : FreeItems{2};
    EXPECT_THROW(fit_groups(data, others, options, {.resume = states.back()}), CheckpointError);
  }
}

}  // namespace
}  // namespace mixbern
