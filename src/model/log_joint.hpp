// log π_k + log p(x_i | k) for blocks of rows: the E-step's matrix product.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mixbern/dataset.hpp"
#include "mixbern/mixture.hpp"

namespace mixbern {

/// out[i, k] += Σ_{d: x_id = 1} table[d, k] for rows begin … end-1 of either kind; `table` is D × stride.
void add_products(const Rows& rows, std::size_t begin, std::size_t end, const double* table,
                  std::size_t stride, double* out);

/// A mixture laid out for the kernels.
///
/// With w_kd = log θ_kd − log(1 − θ_kd) and b_k = log π_k + Σ_d log(1 − θ_kd), the log joint of a row is
/// b_k + Σ_{x_d = 1} w_kd, less log(1 − θ_kd) for every missing cell. θ = 0 makes w = −∞, which adds up as it
/// should; θ = 1 would make −∞ + ∞: such a cell counts 0 in b and w, and a row that lacks one of them is
/// ruled out by a second product, Σ_{x_d = 1 or missing} [θ_kd = 1] against the number of such cells.
class LogJoint {
 public:
  LogJoint(const Mixture& mixture, bool has_missing);

  std::size_t n_components() const { return n_components_; }
  std::size_t stride() const { return stride_; }

  /// Σ_k (log π_k + Σ_d (log θ_kd + log(1 − θ_kd))): the log prior density a unit of smoothing, up to a
  /// constant. −∞ if a parameter is exactly 0 or 1.
  double log_prior() const { return log_prior_; }

  /// For rows begin … end-1: values[i, k] = posterior of component k, log_likelihoods[i] = log p(x_i).
  /// Padding gets 0. With `hold_labels`, a row with label >= 0 belongs to that component for certain and its
  /// log-likelihood is the log joint of it. A row that is impossible gets −∞ and the prior weights (its
  /// label's component if held).
  void posteriors(const Dataset& data, std::size_t begin, std::size_t end, bool hold_labels, double* values,
                  double* log_likelihoods) const;

 private:
  void rule_out(const Dataset& data, std::size_t begin, std::size_t end, double* values) const;
  void prior_posterior(std::int64_t label, double* values) const;
  void hold(std::span<const std::int64_t> labels, double* values) const;

  std::size_t n_components_;
  std::size_t stride_;
  double log_prior_ = 0;
  std::vector<double> weights_;        // [stride]
  std::vector<double> base_;           // b, [stride], padding −∞
  std::vector<double> ones_table_;     // w, [D × stride]
  std::vector<double> missing_table_;  // −log(1 − θ), [D × stride]; empty without missing cells
  std::vector<double> certain_table_;  // [θ = 1], [D × stride]; empty if there is none
  std::vector<double> n_certain_;      // their number, [stride]
};

}  // namespace mixbern
