// What does not change when the same data is said in another way: likelihood, parameters, standard errors.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "stats/support.hpp"

namespace mixbern {
namespace {

constexpr double kExact = 1e-10;

struct Estimate {
  FitResult fit;
  StandardErrors errors;
};

struct Case {
  const char* table;
  std::size_t n_components;
  double smoothing;
  SmoothingTarget target;
};

class Invariance : public testing::TestWithParam<Case> {
 protected:
  Estimate estimate(const Dataset& data, const Mixture& start) const {
    const FitOptions options{
        .n_components = GetParam().n_components,
        .init = InitMethod::kModel,
        .estimation = {.smoothing = GetParam().smoothing, .smoothing_target = GetParam().target},
        .init_model = start};
    FitResult result = fit(data, options);
    StandardErrors errors = standard_errors(
        result.mixture, data,
        {.estimation = {.smoothing = GetParam().smoothing, .smoothing_target = GetParam().target}});
    return {std::move(result), std::move(errors)};
  }

  static Mixture start_for(const Dataset& data) {
    return reference::random_mixture(GetParam().n_components, data.n_features(), 17);
  }

  static void expect_near(std::span<const double> a, std::span<const double> b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t j = 0; j < a.size(); ++j) {
      EXPECT_EQ(std::isnan(a[j]), std::isnan(b[j])) << j;
      if (std::isnan(a[j])) continue;
      EXPECT_NEAR(a[j], b[j], kExact) << j;
    }
  }

  static void expect_same(const Estimate& a, const Estimate& b) {
    EXPECT_NEAR(a.fit.log_likelihood, b.fit.log_likelihood, kExact * std::abs(a.fit.log_likelihood));
    expect_near(a.fit.mixture.weights(), b.fit.mixture.weights());
    expect_near(a.fit.mixture.probabilities(), b.fit.mixture.probabilities());
    expect_near(a.errors.weights, b.errors.weights);
    expect_near(a.errors.probabilities, b.errors.probabilities);
  }
};

INSTANTIATE_TEST_SUITE_P(Tables, Invariance,
                         testing::Values(Case{"gss08_abortion", 3, 1e-6, SmoothingTarget::kHalf},
                                         Case{"gss08_abortion", 2, 0.5, SmoothingTarget::kItem},
                                         Case{"cheating", 2, 1e-6, SmoothingTarget::kHalf},
                                         Case{"carcinoma", 3, 1, SmoothingTarget::kItem},
                                         Case{"carcinoma", 2, 1e-6, SmoothingTarget::kHalf}),
                         [](const auto& param) {
                           return std::string(param.param.table) + "_" +
                                  std::to_string(param.param.n_components) + "_" +
                                  std::string(to_string(param.param.target));
                         });

TEST_P(Invariance, ARowThreeTimesIsAWeightOfThree) {
  const Dataset data = table(GetParam().table);
  const Mixture start = start_for(data);
  expect_same(estimate(repeated(data, 3), start), estimate(weighted(data, 3), start));
}

TEST_P(Invariance, TheOrderOfRowsDoesNotMatter) {
  const Dataset data = table(GetParam().table);
  const Mixture start = start_for(data);
  expect_same(estimate(data, start), estimate(rows_of(data, backwards(data.n_rows())), start));
}

TEST_P(Invariance, FlippedColumnsFlipProbabilities) {
  const Dataset data = table(GetParam().table);
  const Mixture start = start_for(data);
  Estimate upside_down = estimate(flipped(data), flipped(start));
  upside_down.fit.mixture = flipped(upside_down.fit.mixture);
  expect_same(estimate(data, start), upside_down);
}

TEST_P(Invariance, TheOrderOfComponentsInTheStartDoesNotMatter) {
  const Dataset data = table(GetParam().table);
  const Mixture start = start_for(data);
  expect_same(estimate(data, start), estimate(data, permuted(start, backwards(start.n_components()))));
}

}  // namespace
}  // namespace mixbern
