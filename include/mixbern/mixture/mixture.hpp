// The model: a finite mixture of multivariate Bernoulli distributions.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "mixbern/dataset/items.hpp"
#include "mixbern/mixture/constraints.hpp"

namespace mixbern {

/// An immutable mixture, p(x) = Σ_k π_k Π_d θ_kd^x_d (1 − θ_kd)^(1 − x_d).
///
/// The factors of a categorical item's features are θ_kd^x_d alone, the θ_kd of its answers sum to 1.
///
/// Bishop, Pattern Recognition and Machine Learning (2006), eq. 9.47; McLachlan and Peel, Finite Mixture
/// Models (2000), section 5.11.
class Mixture {
 public:
  /// `weights` is π, K entries >= 0; divided by their sum unless that is 1 within 1e-12. `probabilities` is
  /// θ, K × D row-major, in [0, 1]; exactly 0 and 1 are allowed. Those of a categorical item are divided by
  /// their sum unless that is 1 within 1e-12. Throws std::invalid_argument on any other value, a sum of 0 or
  /// a size that does not fit. What `ties` ask for is made to hold (Ties::impose).
  Mixture(std::vector<double> weights, std::vector<double> probabilities, Items items = {}, Ties ties = {});

  std::size_t n_components() const { return weights_.size(); }
  std::size_t n_features() const { return probabilities_.size() / weights_.size(); }
  const Items& items() const { return items_; }
  const Ties& ties() const { return ties_; }
  std::span<const double> weights() const { return weights_; }
  std::span<const double> probabilities() const { return probabilities_; }
  std::span<const double> probabilities(std::size_t k) const {
    return {probabilities_.data() + k * n_features(), n_features()};
  }

  /// Free parameters: K − 1 weights and K · D probabilities, one less for each categorical item, and less
  /// what is equal to others or held.
  std::size_t n_parameters() const {
    return n_components() - 1 + n_components() * items_.n_free(n_features()) - ties_.n_saved();
  }

  bool operator==(const Mixture&) const = default;

  /// π, K, and θ, K × D row-major.
  struct Parameters {
    std::vector<double> weights, probabilities;
  };
  /// Gives its parameters away; what is left may be assigned to or destroyed.
  Parameters release() && { return {std::move(weights_), std::move(probabilities_)}; }

 private:
  void normalise_answers();

  std::vector<double> weights_;
  std::vector<double> probabilities_;
  Items items_;
  Ties ties_;
};

/// Component indices by weight, largest first; ties by index.
std::vector<std::size_t> order_by_weight(const Mixture& mixture);
/// `mixture` under these constraints, in place of those that it had.
Mixture constrained(const Mixture& mixture, const Ties& ties);
/// Component j of the result is component order[j] of `mixture`. REQUIRES: `order` is a permutation of 0 …
/// K-1.
Mixture permuted(const Mixture& mixture, std::span<const std::size_t> order);

}  // namespace mixbern
