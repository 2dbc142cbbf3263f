// The likelihood of the answers, covariates and an outcome in all parameters at once.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "model/prior.hpp"
#include "stats/relate/ascent.hpp"
#include "stats/relate/first_step.hpp"
#include "stats/relate/item_parameters.hpp"
#include "stats/relate/likelihood.hpp"
#include "stats/relate/sums.hpp"

namespace mixbern {

/// Parameters are those of the last step, then those of the items. What Louis's identity needs of items comes
/// from sums by pattern, so that a pass over cells costs no more than without them.
class JointLikelihood {
 public:
  /// All but `items` and `prior` are kept by reference; `evidence` is the one that `likelihood` looks at and
  /// follows the item probabilities.
  JointLikelihood(const PatternTable& table, const ClassLikelihood& likelihood, Evidence& evidence,
                  const Prior& prior, ItemParameters items);

  Eigen::Index n_last() const { return likelihood_.n_parameters(); }
  Eigen::VectorXd start(const Eigen::VectorXd& last) const;
  Mixture mixture(const Eigen::VectorXd& all) const { return items_.mixture(all.tail(items_.size())); }

  double value(const Eigen::VectorXd& all);
  Derivatives derivatives(const Eigen::VectorXd& all);
  double log_prior(const Mixture& mixture) const;
  /// Of each cell by all parameters, C × n.
  Eigen::MatrixXd scores(const Eigen::VectorXd& all) const;

 private:
  /// One component's free probabilities, and its residuals in a block of patterns.
  struct Part {
    std::size_t component;
    const FreeProbabilities& free;
    Eigen::MatrixXd residuals;
    Eigen::Index at(std::size_t j) const { return free.positions[j]; }
  };
  void add_block(const AnswerBlock& block, const Mixture& mixture, const StatementSums& sums,
                 Derivatives& into) const;
  void add_own(const AnswerBlock& block, const Mixture& mixture, const Part& part, const StatementSums& sums,
               Derivatives& into) const;
  void add_pair(Eigen::Index first, const Part& a, const Part& b, const StatementSums& sums,
                Derivatives& into) const;
  Eigen::MatrixXd answered(const Mixture& mixture, const StatementSums& sums) const;
  void tie(const Mixture& mixture, const StatementSums& sums, Derivatives& into) const;
  void add_smoothing(const Mixture& mixture, Derivatives& into) const;

  const PatternTable& table_;
  const ClassLikelihood& likelihood_;
  Evidence& evidence_;
  Prior prior_;
  ItemParameters items_;
  std::vector<FreeProbabilities> free_;  // of each component
};

}  // namespace mixbern
