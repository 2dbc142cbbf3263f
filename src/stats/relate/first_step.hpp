// The first step: patterns of answers, and what the model says of each.
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <functional>
#include <vector>

#include "mixbern/fit/estimation.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "stats/free_parameters.hpp"

namespace mixbern {

/// Rows that are added one at a time stand together.
using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Answers of consecutive patterns, n × D each: whether they are 1, and whether they were given.
struct AnswerBlock {
  Eigen::Index first;
  const Eigen::MatrixXd& values;
  const Eigen::MatrixXd& observed;
};
void for_each_answer_block(const PatternTable& table, const std::function<void(const AnswerBlock&)>& visit);

/// log P(answers of a pattern | component), M × K. Some −1e300 where a component cannot have given them.
Eigen::MatrixXd log_given(const Mixture& mixture, const PatternTable& table);

/// Positions in `free` of the probabilities of component k, and which features they are of.
struct FreeProbabilities {
  std::vector<Eigen::Index> features;
  std::vector<Eigen::Index> positions;
};
FreeProbabilities free_probabilities(const FreeParameters& free, std::size_t k, std::size_t n_features);

/// x − θ of component k's free probabilities in the patterns of a block, n × features: the derivatives of
/// log P(answers | k) by their log-odds.
Eigen::MatrixXd residuals(const AnswerBlock& block, const Mixture& mixture, std::size_t k,
                          const FreeProbabilities& free);

/// A model and the data that it was fitted to. `mixture` is kept by reference.
class FirstStep {
 public:
  /// Throws std::invalid_argument for fewer than two components, one that is empty, or other features.
  FirstStep(const Mixture& mixture, const Dataset& data, const Estimation& estimation, unsigned threads);

  const Mixture& mixture() const { return mixture_; }
  const PatternTable& table() const { return table_; }
  const FreeParameters& free() const { return free_; }
  Eigen::Index n_patterns() const { return weights_.size(); }
  Eigen::Index n_components() const { return posteriors_.cols(); }
  const Eigen::VectorXd& weights() const { return weights_; }        ///< [M]
  const Eigen::MatrixXd& posteriors() const { return posteriors_; }  ///< M × K

  /// (−∂²)⁻¹ of the log-likelihood plus log prior by the free parameters; 0 in flat directions.
  const Eigen::MatrixXd& covariance() const { return covariance_; }
  /// ∂ log p(pattern) / ∂ free parameters, M × p.
  Eigen::MatrixXd scores() const;
  /// Σ_m Σ_k left_k(m) ∂ log P(m | k) / ∂ free parameters, with left_k M × q: q × p.
  Eigen::MatrixXd by_probabilities(const std::vector<RowMatrix>& left) const;

 private:
  const Mixture& mixture_;
  PosteriorOptions posterior_;
  PatternTable table_;
  FreeParameters free_;
  Eigen::VectorXd weights_;
  Eigen::MatrixXd posteriors_;
  Eigen::MatrixXd covariance_;
};

}  // namespace mixbern
