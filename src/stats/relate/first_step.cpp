#include "stats/relate/first_step.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "init/initialise.hpp"
#include "stats/covariance.hpp"
#include "stats/identification.hpp"
#include "stats/information.hpp"

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t kBlockPatterns = 512;
// Stands for −∞, so that no times of it is 0.
constexpr double kImpossible = -1e300;

double finite_log(double p) {
  return p > 0 ? std::log(p) : kImpossible;
}

const Mixture& checked(const Mixture& mixture, const Dataset& data) {
  if (mixture.n_components() < 2)
    throw std::invalid_argument("a model of one component has no classes to relate to anything");
  if (!mixture.ties().none())
    throw std::invalid_argument(
        "the model has constraints, which relations do not know; relate a model without them");
  if (mixture.n_features() != data.n_features())
    throw std::invalid_argument("the model has " + std::to_string(mixture.n_features()) +
                                " features, the data has " + std::to_string(data.n_features()));
  return mixture;
}

void refuse_empty(const FreeParameters& free) {
  if (free.empty_components.empty()) return;
  throw std::invalid_argument("component " + std::to_string(free.empty_components.front() + 1) +
                              " is empty in this data, so nothing can be said of it; fit fewer components");
}

}  // namespace

void for_each_answer_block(const PatternTable& table, const std::function<void(const AnswerBlock&)>& visit) {
  const std::size_t n_features = table.rows.n_features(), n_patterns = table.rows.n_rows();
  MatrixXd values, observed;
  std::vector<double> value(n_features), seen(n_features);
  for (std::size_t first = 0; first < n_patterns; first += kBlockPatterns) {
    const std::size_t n = std::min(kBlockPatterns, n_patterns - first);
    values.resize(static_cast<Index>(n), static_cast<Index>(n_features));
    observed.resize(static_cast<Index>(n), static_cast<Index>(n_features));
    for (std::size_t i = 0; i < n; ++i) {
      expand_row(table.rows, first + i, value.data(), seen.data());
      const auto row = static_cast<Index>(i);
      values.row(row) = Eigen::Map<const Eigen::RowVectorXd>(value.data(), values.cols());
      observed.row(row) = Eigen::Map<const Eigen::RowVectorXd>(seen.data(), values.cols());
    }
    visit({static_cast<Index>(first), values, observed});
  }
}

MatrixXd log_given(const Mixture& mixture, const PatternTable& table) {
  const auto n_features = static_cast<Index>(mixture.n_features());
  MatrixXd ones(n_features, static_cast<Index>(mixture.n_components())), zeros = ones;
  for (Index k = 0; k < ones.cols(); ++k) {
    for (Index d = 0; d < n_features; ++d) {
      const auto feature = static_cast<std::size_t>(d);
      const double theta = mixture.probabilities(static_cast<std::size_t>(k))[feature];
      ones(d, k) = finite_log(theta);
      zeros(d, k) = mixture.items().is_category(feature) ? 0 : finite_log(1 - theta);
    }
  }
  MatrixXd result(static_cast<Index>(table.rows.n_rows()), ones.cols());
  for_each_answer_block(table, [&](const AnswerBlock& block) {
    result.middleRows(block.first, block.values.rows()) =
        block.values * ones + (block.observed - block.values) * zeros;
  });
  return result;
}

FreeProbabilities free_probabilities(const FreeParameters& free, std::size_t k, std::size_t n_features) {
  FreeProbabilities result;
  for (std::size_t d = 0; d < n_features; ++d) {
    const std::ptrdiff_t position = free.probabilities[k * n_features + d];
    if (position == kNotFree) continue;
    result.features.push_back(static_cast<Index>(d));
    result.positions.push_back(position);
  }
  return result;
}

MatrixXd residuals(const AnswerBlock& block, const Mixture& mixture, std::size_t k,
                   const FreeProbabilities& free) {
  const auto n = static_cast<Index>(free.features.size());
  MatrixXd result(block.values.rows(), n);
  for (Index j = 0; j < n; ++j) {
    const Index d = free.features[static_cast<std::size_t>(j)];
    const double theta = mixture.probabilities(k)[static_cast<std::size_t>(d)];
    result.col(j) = block.values.col(d) - theta * block.observed.col(d);
  }
  return result;
}

FirstStep::FirstStep(const Mixture& mixture, const Dataset& data, const Estimation& estimation,
                     unsigned threads)
    : mixture_(checked(mixture, data)), posterior_{.threads = threads}, table_(count_patterns(data)) {
  if (table_.rows.n_rows() == 0) throw std::invalid_argument("no row answered anything");
  free_ = free_parameters(mixture, component_sums(mixture, table_, posterior_));
  refuse_empty(free_);
  weights_ =
      Eigen::Map<const VectorXd>(table_.rows.weights.data(), static_cast<Index>(table_.rows.weights.size()));
  posteriors_.resize(weights_.size(), static_cast<Index>(mixture.n_components()));
  for_each_posterior(mixture, table_.rows, posterior_, [&](const PosteriorBlock& block) {
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const auto n = static_cast<Index>(block.n_rows);
    posteriors_.middleRows(static_cast<Index>(block.first_row), n) =
        Eigen::Map<const RowMajor>(block.responsibilities.data(), n, posteriors_.cols());
  });
  Information sums = information(mixture, table_, free_, table_.rows.weights, posterior_);
  add_prior(mixture, free_, prior_of(estimation, summarise_items(RowFacts(table_.rows))), sums);
  covariance_ = Covariance(sums.observed, nullptr, identify(mixture, table_, free_, posterior_)).inverse();
}

MatrixXd FirstStep::scores() const {
  MatrixXd scores(n_patterns(), static_cast<Index>(free_.count));
  for_each_score_block(mixture_, table_.rows, free_, posterior_, [&](const ScoreBlock& block) {
    scores.middleRows(static_cast<Index>(block.first), block.scores.rows()) = block.scores;
  });
  return scores;
}

MatrixXd FirstStep::by_probabilities(const std::vector<RowMatrix>& left) const {
  MatrixXd result = MatrixXd::Zero(left.front().cols(), static_cast<Index>(free_.count));
  for (std::size_t k = 0; k < left.size(); ++k) {
    const FreeProbabilities free = free_probabilities(free_, k, mixture_.n_features());
    for_each_answer_block(table_, [&](const AnswerBlock& block) {
      const MatrixXd part = left[k].middleRows(block.first, block.values.rows()).transpose() *
                            residuals(block, mixture_, k, free);
      for (std::size_t j = 0; j < free.positions.size(); ++j)
        result.col(free.positions[j]) += part.col(static_cast<Index>(j));
    });
  }
  return result;
}

}  // namespace mixbern
