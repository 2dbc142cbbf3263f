#include "stats/design_middle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <stdexcept>

namespace mixbern {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using testing::ElementsAre;

MatrixXd random_scores(std::size_t n_rows, Eigen::Index p) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal(0.3);
  MatrixXd scores(p, static_cast<Eigen::Index>(n_rows));
  for (double& score : scores.reshaped()) score = normal(random);
  return scores;
}

MatrixXd middle_of(const SurveyDesign& design, const MatrixXd& scores) {
  DesignMiddle sums(design, static_cast<std::size_t>(scores.cols()), scores.rows());
  for (Eigen::Index i = 0; i < scores.cols(); ++i) sums.add(static_cast<std::size_t>(i), scores.col(i));
  return sums.middle();
}

// The formula as it stands in the books.
MatrixXd brute_force(const SurveyDesign& design, const MatrixXd& scores) {
  std::map<std::size_t, std::map<std::size_t, VectorXd>> totals;
  std::map<std::size_t, double> shares;
  for (Eigen::Index i = 0; i < scores.cols(); ++i) {
    const auto row = static_cast<std::size_t>(i);
    const std::size_t h = design.strata.empty() ? 0 : design.strata[row];
    const std::size_t j = design.clusters.empty() ? row : design.clusters[row];
    const auto place = totals[h].try_emplace(j, VectorXd::Zero(scores.rows())).first;
    place->second += scores.col(i);
    shares[h] = design.fpc.empty() ? 0 : design.fpc[row];
  }
  MatrixXd result = MatrixXd::Zero(scores.rows(), scores.rows());
  for (const auto& [h, clusters] : totals) {
    const auto n = static_cast<double>(clusters.size());
    VectorXd mean = VectorXd::Zero(scores.rows());
    for (const auto& [j, total] : clusters) mean += total / n;
    for (const auto& [j, total] : clusters)
      result += (1 - shares[h]) * n / (n - 1) * (total - mean) * (total - mean).transpose();
  }
  return result;
}

SurveyDesign stratified() {
  SurveyDesign design;
  for (std::size_t i = 0; i < 60; ++i) {
    design.strata.push_back(i % 3);
    design.clusters.push_back(i % 7);
    design.fpc.push_back(static_cast<double>(i % 3) * 0.25);
  }
  return design;
}

TEST(DesignMiddleTest, IsTheSumOverStrataOfClusters) {
  const MatrixXd scores = random_scores(60, 4);
  const SurveyDesign whole = stratified();
  for (const SurveyDesign& design :
       {whole, SurveyDesign{.strata = whole.strata}, SurveyDesign{.clusters = whole.clusters},
        SurveyDesign{.strata = whole.strata, .fpc = whole.fpc},
        SurveyDesign{.fpc = std::vector<double>(60, 0.1)}}) {
    EXPECT_TRUE(middle_of(design, scores).isApprox(brute_force(design, scores), 1e-12));
  }
}

TEST(DesignMiddleTest, RowsThatAreLeftOutLeaveTheirClusterThere) {
  MatrixXd scores = random_scores(60, 2);
  scores.col(0).setZero();
  scores.col(21).setZero();
  scores.col(42).setZero();  // all rows of cluster 0 in stratum 0
  const SurveyDesign design = stratified();
  DesignMiddle sums(design, 60, 2);
  for (std::size_t i = 0; i < 60; ++i) {
    if (i % 21 != 0) sums.add(i, scores.col(static_cast<Eigen::Index>(i)));
  }
  EXPECT_TRUE(sums.middle().isApprox(brute_force(design, scores), 1e-12));
  EXPECT_EQ(sums.size().n_clusters, 21U);
  EXPECT_EQ(sums.size().degrees_of_freedom(), 18);
}

TEST(DesignMiddleTest, LonelyClustersAreRefusedOrDifferFromAllOthers) {
  SurveyDesign design{.strata = {0, 0, 0, 1}};
  MatrixXd scores(1, 4);
  scores << 1, 2, 6, 7;
  EXPECT_THROW(middle_of(design, scores), std::invalid_argument);
  design.lonely = LonelyClusters::kAdjust;
  // The mean of all is 4; of the first stratum 3.
  EXPECT_NEAR(middle_of(design, scores)(0, 0), 1.5 * (4 + 1 + 9) + 9, 1e-12);
  design.lonely = LonelyClusters::kRefuse;
  design.fpc = {0.5, 0.5, 0.5, 1};  // a census of the second
  EXPECT_NEAR(middle_of(design, scores)(0, 0), 0.75 * (4 + 1 + 9), 1e-12);
}

TEST(DesignMiddleTest, WrongDesignsAreRefused) {
  EXPECT_THROW(size_of({.strata = {0, 1}}, 3), std::invalid_argument);
  EXPECT_THROW(size_of({.clusters = {5, 5, 5}}, 3), std::invalid_argument);
  EXPECT_THROW(size_of({.fpc = {0.1, 0.2}}, 2), std::invalid_argument);
  EXPECT_THROW(size_of({.fpc = {2, 2}}, 2), std::invalid_argument);
  EXPECT_THROW(size_of({.fpc = {-1, -1}}, 2), std::invalid_argument);
}

TEST(DesignMiddleTest, PopulationSizesBecomeShares) {
  const SurveyDesign design{.strata = {0, 0, 1, 1}};
  EXPECT_THAT(sampled_shares(design, {10, 10, 4, 4}), ElementsAre(0.2, 0.2, 0.5, 0.5));
  EXPECT_THAT(sampled_shares(design, {0.3, 0.3, 1, 1}), ElementsAre(0.3, 0.3, 1, 1));
  EXPECT_THROW(sampled_shares(design, {10, 10, 1.5, 1.5}), std::invalid_argument);
}

}  // namespace
}  // namespace mixbern
