// Item probabilities as log-odds that may be anything.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "mixbern/mixture/mixture.hpp"
#include "stats/free_parameters.hpp"

namespace mixbern {

/// Which probabilities of a mixture may move: all but those exactly at a bound and one answer of each
/// categorical item. No weights.
FreeParameters free_inside(const Mixture& mixture);
/// The same positions without those of the weights.
FreeParameters without_weights(FreeParameters free);

/// A mixture whose free probabilities are given by log(θ / (1 − θ)), of a categorical item by log(θ_c / θ_e)
/// with e the likeliest answer of `start`; everything else stays as it is there.
class ItemParameters {
 public:
  ItemParameters(Mixture start, FreeParameters free);

  const FreeParameters& free() const { return free_; }
  Eigen::Index size() const { return static_cast<Eigen::Index>(free_.count); }
  Eigen::VectorXd start() const;
  Mixture mixture(const Eigen::Ref<const Eigen::VectorXd>& eta) const;

 private:
  double log_odds(std::size_t j) const;
  void to_probabilities(std::size_t k, const Items::Group& group, std::vector<double>& theta) const;

  Mixture start_;
  FreeParameters free_;
};

}  // namespace mixbern
