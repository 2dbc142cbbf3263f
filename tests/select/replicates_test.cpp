#include "mixbern/statistics/replicates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "mixbern/mixbern.hpp"

namespace mixbern {
namespace {

using testing::Each;
using testing::ElementsAre;

Dataset values() {
  return read_dataset(std::string(MIXBERN_DATA_DIR) + "/values.csv");
}

// A cluster of every 24th row left out at a time.
std::vector<std::vector<double>> jackknife(std::size_t n_rows) {
  constexpr std::size_t kClusters = 24;
  const double others = static_cast<double>(kClusters) / static_cast<double>(kClusters - 1);
  std::vector<std::vector<double>> weights(kClusters, std::vector<double>(n_rows, others));
  for (std::size_t i = 0; i < n_rows; ++i) weights[i % kClusters][i] = 0;
  return weights;
}

TEST(Replicates, HaveTheFactorsOfTheirKind) {
  const std::vector<std::vector<double>> weights = {{0, 2, 1, 1}, {2, 0, 1, 1}, {1, 1, 0, 2}, {1, 1, 2, 0}};
  const auto factors = [&](ReplicateKind kind) { return replicate_weights(kind, weights, {}).factors; };
  EXPECT_THAT(factors({ReplicateType::kBrr}), Each(0.25));
  EXPECT_THAT(factors({ReplicateType::kFay, 0.5}), Each(1.0));
  EXPECT_THAT(factors({ReplicateType::kJackknife1}), Each(0.75));
  EXPECT_THAT(factors({ReplicateType::kJackknifeN}), Each(0.5));
  EXPECT_THAT(factors({ReplicateType::kBootstrap}), Each(0.25));
  const std::vector<double> whole = {2, 2, 1, 1};
  EXPECT_THAT(replicate_weights({ReplicateType::kJackknifeN}, {{0, 4, 1, 1}, {2, 2, 0, 2}}, whole).factors,
              ElementsAre(0.5, 0.5));
}

// In steps of a tenth of the weights, so that the estimate is as good as linear in them.
TEST(Replicates, OfAJackknifeAreTheLinearisedErrors) {
  const Dataset data = values();
  const FitResult result = fit(data, {.n_components = 2, .tol = 1e-14});
  SurveyDesign design;
  for (std::size_t i = 0; i < data.n_rows(); ++i) design.clusters.push_back(i % 24);
  const StandardErrors linear = standard_errors(result.mixture, data, {.design = design});
  ReplicateWeights weights =
      replicate_weights({ReplicateType::kJackknife1}, jackknife(data.n_rows()), data.weights);
  for (std::vector<double>& replicate : weights.weights)
    for (double& weight : replicate) weight = 0.9 + 0.1 * weight;
  for (double& factor : weights.factors) factor *= 100;
  const StandardErrors errors = replicate_standard_errors(result.mixture, data, weights);
  EXPECT_EQ(errors.n_replicates, 24U);
  EXPECT_EQ(errors.degrees_of_freedom, 23);
  EXPECT_NEAR(errors.weights[0], linear.weights[0], 0.03 * linear.weights[0]);
  for (std::size_t j = 0; j < errors.probabilities.size(); ++j)
    EXPECT_NEAR(errors.probabilities[j], linear.probabilities[j], 0.03 * linear.probabilities[j]) << j;
}

TEST(Replicates, AreFitsToTheirWeights) {
  const Dataset data = values();
  const FitResult result = fit(data, {.n_components = 2, .tol = 1e-14});
  std::vector<std::vector<double>> lists = jackknife(data.n_rows());
  lists.resize(2);
  const StandardErrors errors =
      replicate_standard_errors(result.mixture, data, replicate_weights({ReplicateType::kBrr}, lists, {}));
  double variance = 0;
  for (const std::vector<double>& weights : lists) {
    Dataset replicate = data;
    replicate.weights = weights;
    const FitResult again =
        fit(replicate,
            {.n_components = 2, .init = InitMethod::kModel, .tol = 1e-14, .init_model = result.mixture});
    variance += std::pow(again.mixture.weights()[0] - result.mixture.weights()[0], 2) / 2;
  }
  EXPECT_NEAR(errors.weights[0], std::sqrt(variance), 1e-3 * std::sqrt(variance));
}

TEST(Replicates, ThatAreNoneAreRefused) {
  const auto made = [](std::vector<std::vector<double>> weights) {
    return replicate_weights({ReplicateType::kBrr}, std::move(weights), std::vector<double>{1, 1});
  };
  EXPECT_THROW(made({{1, 1}}), std::invalid_argument);
  EXPECT_THROW(made({{1, 1}, {1}}), std::invalid_argument);
  EXPECT_THROW(made({{1, -1}, {1, 1}}), std::invalid_argument);
  EXPECT_THROW(made({{0, 0}, {1, 1}}), std::invalid_argument);
  EXPECT_THROW(replicate_weights({ReplicateType::kFay, 1}, {{1, 1}, {1, 1}}, {}), std::invalid_argument);
}

}  // namespace
}  // namespace mixbern
