// All steps of one relation, whatever it is of.
#pragma once

#include <Eigen/Dense>
#include <optional>

#include "stats/relate/last_step.hpp"
#include "stats/relate/one_step.hpp"

namespace mixbern {

/// Where the last step ended, and how sure it is.
struct Steps {
  Eigen::VectorXd psi;  ///< as in ClassLikelihood
  Eigen::MatrixXd covariance;
  Eigen::MatrixXd last_covariance;
  Eigen::MatrixXd corrected_covariance;  ///< empty for one-step
  std::optional<Mixture> mixture;        ///< of one-step
};

/// How the ascent ended, and in how many directions the likelihood is flat there.
struct End {
  bool converged;
  std::size_t n_iter;
  std::size_t n_flat;
};

/// Everything that relate_covariates() and relate_outcome() share.
class Relating {
 public:
  /// `mixture` and `data` are kept by reference. Throws std::invalid_argument for what cannot be
  /// related.
  Relating(const Mixture& mixture, const Dataset& data, const RelateOptions& options);

  const FirstStep& first() const { return first_; }
  std::size_t reference() const { return reference_; }
  std::size_t n_components() const { return mixture_.n_components(); }
  Evidence evidence() const { return make_evidence(first_, classification_, options_); }
  /// Fills in what RelationBase tells but for what only the caller knows.
  Steps run(const Cells& cells, const OutcomeModel* outcome, RelationBase& told) const;

 private:
  Eigen::VectorXd start(const Cells& cells, const OutcomeModel* outcome,
                        const ClassLikelihood& likelihood) const;
  void tell(const Cells& cells, const End& end, RelationBase& told) const;

  const Mixture& mixture_;
  const Dataset& data_;
  std::size_t reference_;
  FirstStep first_;
  AssignedClasses classification_;
  bool by_entropy_;
  RelateOptions options_;  // with the method and assignment that are taken
};

}  // namespace mixbern
