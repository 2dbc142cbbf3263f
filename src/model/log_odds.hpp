// Logarithms of a mixture's parameters, which every way to evaluate it starts from.
#pragma once

#include <cstddef>
#include <vector>

#include "mixbern/mixture/mixture.hpp"
#include "model/prior.hpp"

namespace mixbern {

/// w_kd = log θ_kd − log(1 − θ_kd) and u_kd = −log(1 − θ_kd), K × D row-major, and b_k = log π_k + Σ_d log(1
/// − θ_kd). A cell with θ = 1 counts as 0 in all three: whoever uses them has to look at it. An answer of a
/// categorical item has w = log θ_kd and nothing in u and b. O(K · D).
struct LogOdds {
  /// In the same memory, if there are as many parameters as before.
  void assign(const Mixture& mixture, const Prior& prior = {});

  std::vector<double> ones;     ///< w, −∞ where θ = 0
  std::vector<double> missing;  ///< u: what a missing cell adds to b
  std::vector<double> base;     ///< b
  /// The logarithm of the prior's density a unit of its strength, see Prior; without held cells if those are
  /// at bounds. −∞ if a parameter that is not held is exactly 0 or 1.
  double log_prior = 0;
  bool has_certain = false;       ///< some parameter is exactly 0 or 1
  bool has_certain_ones = false;  ///< some θ = 1, of an item of two answers

 private:
  double assign_component(std::size_t k, const Mixture& mixture, const Prior& prior);
  double assign_binary(std::size_t k, std::size_t begin, std::size_t end, const Prior& prior,
                       double log_density);
  double assign_category(std::size_t k, const Items::Group& group, const Prior& prior);

  std::size_t n_features_ = 0;
  std::vector<double> log_priors_;  // of each component
};

}  // namespace mixbern
