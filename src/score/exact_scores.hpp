// log π_k + log p(x_i | k) for blocks of rows, in double precision: the E-step's matrix product.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/aligned.hpp"
#include "data/row_block.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "model/log_odds.hpp"

namespace mixbern {

/// A mixture laid out for the kernels.
///
/// With w_kd = log θ_kd − log(1 − θ_kd) and b_k = log π_k + Σ_d log(1 − θ_kd), the log joint of a row is
/// b_k + Σ_{x_d = 1} w_kd, less log(1 − θ_kd) for every missing cell. θ = 0 makes w = −∞, which adds up as it
/// should; θ = 1 would make −∞ + ∞: such a cell counts 0 in b and w, and a row that lacks one of them is
/// ruled out by a second product, Σ_{x_d = 1 or missing} [θ_kd = 1] against the number of such cells.
class ExactScores {
 public:
  ExactScores() = default;
  ExactScores(const Mixture& mixture, bool has_missing, const Encodings& encodings) {
    assign(mixture, has_missing, encodings);
  }
  /// In the same memory, if the shape is the same. `encodings` are those of the blocks that will be asked
  /// for.
  void assign(const Mixture& mixture, bool has_missing, const Encodings& encodings, const Prior& prior = {});

  std::size_t n_components() const { return n_components_; }
  std::size_t stride() const { return stride_; }
  /// See LogOdds.
  double log_prior() const { return odds_.log_prior; }

  /// values[i, k] = posterior of component k, log_likelihoods[i] = log p(x_i). Padding gets 0. A row that is
  /// held belongs to one of its components A for certain: its log-likelihood is log Σ_{k in A} π_k p(x_i |
  /// k). A row that is impossible gets −∞ and the prior weights, those of A in proportion where it is held.
  /// `sums` is working memory for one number a row.
  void posteriors(RowBlock& rows, double* values, double* log_likelihoods, std::vector<double>& sums) const;

 private:
  void rule_out(const RowBlock& rows, double* values) const;
  void prior_posterior(std::span<const std::int64_t> allowed, double* values) const;
  void hold(const RowBlock& rows, double* values) const;

  void assign_certain(const Mixture& mixture, bool has_missing, const Encodings& encodings);

  std::size_t n_components_ = 0;
  std::size_t stride_ = 0;
  LogOdds odds_;
  std::vector<double> weights_;          // [stride]
  std::vector<double> base_;             // b, [stride], padding −∞
  AlignedVector<double> ones_table_;     // w, [codes × stride]
  AlignedVector<double> missing_table_;  // −log(1 − θ), [codes × stride]; empty without missing cells
  AlignedVector<double> certain_ones_;   // [θ = 1], [codes × stride]; empty if there is none
  AlignedVector<double> certain_missing_;
  std::vector<double> n_certain_;  // their number, [stride]
};

/// out[i, k] += Σ over the codes of row i of table[code, k].
void add_rows(const RowCodes& codes, std::size_t n_rows, const AlignedVector<double>& table,
              std::size_t stride, double* out);

}  // namespace mixbern
