// Standard errors of models in groups whose rows a survey drew.
#include <gtest/gtest.h>

#include "grouped_definition.hpp"
#include "mixbern/fit/group_statistics.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kStrata = 4, kClusters = 40;  // of all

// Weights of a sample, rows without a group, and a last cluster that has no others. Clusters have rows of
// both groups.
struct Survey {
  Dataset data;
  SurveyDesign design;
};

Survey surveyed(unsigned seed) {
  Survey survey{.data = drawn(seed, 0.05), .design = {}};
  Dataset& data = survey.data;
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    const std::size_t cluster = (i / 3) % kClusters;
    survey.design.clusters.push_back(cluster);
    survey.design.strata.push_back(cluster % kStrata);
    survey.design.fpc.push_back(cluster % kStrata == 0 ? 0.25 : 0);
    data.weights.push_back(0.5 + static_cast<double>(i % 5) / 4);
    if (cluster == kClusters - 1 || i % 50 == 0) data.labels[i] = -1;
  }
  return survey;
}

constexpr Estimation kSampled{.smoothing = 1e-10, .weights_kind = WeightsKind::kSampling};

GroupedModel fitted_to(const Dataset& data, const FreeItems& items) {
  return fit_groups(data, items, {.n_components = 2, .tol = 1e-12, .estimation = kSampled, .threads = 1});
}

// Binder (1983): Σ_h (1 − f_h) n_h / (n_h − 1) Σ_j (T_hj − T̄_h)(T_hj − T̄_h)ᵀ of scores by differences.
Eigen::MatrixXd middle(const Survey& survey, const GroupedModel& model, const Eigen::VectorXd& at) {
  constexpr double kStep = 1e-5;
  Eigen::MatrixXd totals = Eigen::MatrixXd::Zero(at.size(), kClusters);
  for (Eigen::Index p = 0; p < at.size(); ++p) {
    const Eigen::VectorXd step = kStep * Eigen::VectorXd::Unit(at.size(), p);
    const std::vector<double> up = log_likelihoods_at(model, survey.data, at + step);
    const std::vector<double> down = log_likelihoods_at(model, survey.data, at - step);
    for (std::size_t i = 0; i < up.size(); ++i) {
      totals(p, static_cast<Eigen::Index>(survey.design.clusters[i])) +=
          survey.data.weight(i) * (up[i] - down[i]) / (2 * kStep);
    }
  }
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(at.size(), at.size());
  for (std::size_t h = 0; h < kStrata; ++h) {
    constexpr double kInStratum = static_cast<double>(kClusters) / kStrata;
    Eigen::VectorXd mean = Eigen::VectorXd::Zero(at.size());
    for (std::size_t j = h; j < kClusters; j += kStrata)
      mean += totals.col(static_cast<Eigen::Index>(j)) / kInStratum;
    for (std::size_t j = h; j < kClusters; j += kStrata) {
      const Eigen::VectorXd off = totals.col(static_cast<Eigen::Index>(j)) - mean;
      sum += (h == 0 ? 0.75 : 1.0) * kInStratum / (kInStratum - 1) * off * off.transpose();
    }
  }
  return sum;
}

Eigen::MatrixXd covariance(const Survey& survey, const GroupedModel& model, const Eigen::VectorXd& at) {
  const auto of = [&](const Eigen::VectorXd& x) { return log_likelihood_at(model, survey.data, x); };
  const Eigen::MatrixXd inverse = curvature(of, at).inverse();
  return inverse * middle(survey, model, at) * inverse;
}

TEST(GroupedSurvey, ErrorsAreBindersByDifferences) {
  const Survey survey = surveyed(11);
  for (const FreeItems& items : {FreeItems{}, FreeItems{2}, FreeItems{0, 1, 2, 3, 4}}) {
    const GroupedModel model = fitted_to(survey.data, items);
    const GroupedErrors errors =
        grouped_standard_errors(model, survey.data, {.estimation = kSampled, .design = survey.design});
    EXPECT_EQ(errors.method, StandardErrorMethod::kSandwich);
    EXPECT_EQ(errors.joint.degrees_of_freedom, kClusters - kStrata);
    const Eigen::VectorXd at = parameters_of(model);
    const Eigen::MatrixXd found = covariance(survey, model, at);
    const auto error_of = [&](double p, Eigen::Index position) {
      return p * (1 - p) * std::sqrt(found(position, position));
    };
    for (std::size_t g = 0; g < kGroups; ++g) {
      const double expected = error_of(model.mixtures[g].weights()[0], static_cast<Eigen::Index>(g));
      EXPECT_NEAR(errors.weights[2 * g], expected, 1e-4 * expected);
    }
    Eigen::Index next = kGroups;
    for (std::size_t d = 0; d < kItems; ++d) {
      for (std::size_t g = 0; g < (is_free(model, d) ? kGroups : 1); ++g) {
        for (std::size_t k = 0; k < 2; ++k) {
          const double expected = error_of(model.mixtures[g].probabilities(k)[d], next++);
          EXPECT_NEAR(errors.probabilities[(2 * g + k) * kItems + d], expected, 1e-4 * expected);
        }
      }
    }
    const double n = model.group_sizes[0] + model.group_sizes[1];
    Eigen::Vector2d slope;
    for (std::size_t g = 0; g < kGroups; ++g) {
      const double p = model.mixtures[g].weights()[0];
      slope(static_cast<Eigen::Index>(g)) = model.group_sizes[g] / n * p * (1 - p);
    }
    // Groups share clusters, so that their weights hang together whatever is free.
    const double of_all = std::sqrt(slope.dot(found.topLeftCorner(2, 2) * slope));
    EXPECT_NEAR(errors.weights_of_all[0], of_all, 1e-4 * of_all);
  }
}

// A cluster left out at a time, in steps of a tenth of the weights: as good as linear.
TEST(GroupedSurvey, ReplicatesOfAJackknifeGiveTheLinearisedErrors) {
  Survey survey = surveyed(12);
  survey.design = {.clusters = survey.design.clusters};
  std::vector<std::vector<double>> weights(kClusters, survey.data.weights);
  for (std::size_t j = 0; j < kClusters; ++j) {
    for (std::size_t i = 0; i < survey.data.n_rows(); ++i)
      weights[j][i] *= survey.design.clusters[i] == j ? 0.0 : kClusters / (kClusters - 1.0);
  }
  ReplicateWeights replicates = replicate_weights({ReplicateType::kJackknife1}, weights, survey.data.weights);
  for (std::vector<double>& replicate : replicates.weights) {
    for (std::size_t i = 0; i < replicate.size(); ++i)
      replicate[i] = 0.9 * survey.data.weights[i] + 0.1 * replicate[i];
  }
  for (double& factor : replicates.factors) factor *= 100;
  for (const FreeItems& items : {FreeItems{2}, FreeItems{0, 1, 2, 3, 4}}) {
    const GroupedModel model = fitted_to(survey.data, items);
    const GroupedErrors linear =
        grouped_standard_errors(model, survey.data, {.estimation = kSampled, .design = survey.design});
    const GroupedErrors found =
        grouped_replicate_errors(model, survey.data, replicates, {.estimation = kSampled});
    EXPECT_EQ(found.joint.n_replicates, kClusters);
    EXPECT_EQ(found.joint.degrees_of_freedom, kClusters - 1);
    for (std::size_t at = 0; at < found.weights.size(); ++at)
      EXPECT_NEAR(found.weights[at], linear.weights[at], 0.03 * linear.weights[at]);
    for (std::size_t k = 0; k < 2; ++k)
      EXPECT_NEAR(found.weights_of_all[k], linear.weights_of_all[k], 0.03 * linear.weights_of_all[k]);
    for (std::size_t at = 0; at < found.probabilities.size(); ++at)
      EXPECT_NEAR(found.probabilities[at], linear.probabilities[at], 0.03 * linear.probabilities[at]);
  }
}

TEST(GroupedSurvey, AReplicateWithoutAGroupIsRefused) {
  const Survey survey = surveyed(13);
  std::vector<std::vector<double>> weights(2, survey.data.weights);
  for (std::size_t i = 0; i < survey.data.n_rows(); ++i) {
    if (survey.data.labels[i] == 1) weights[1][i] = 0;
  }
  const ReplicateWeights replicates = replicate_weights({ReplicateType::kBrr}, weights, survey.data.weights);
  const GroupedModel model = fitted_to(survey.data, {});
  try {
    grouped_replicate_errors(model, survey.data, replicates, {.estimation = kSampled});
    FAIL() << "it was not refused";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("replicate 2 has no row of the group 'b'"), std::string::npos);
  }
}

}  // namespace
}  // namespace mixbern
