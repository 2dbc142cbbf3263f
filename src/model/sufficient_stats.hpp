// What the E-step leaves behind and the M-step needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "kernels/registry.hpp"
#include "mixbern/dataset.hpp"
#include "mixbern/mixture.hpp"
#include "mixbern/rows.hpp"
#include "model/fixed_point.hpp"
#include "model/prior.hpp"
#include "model/row_block.hpp"
#include "model/weighted_rows.hpp"
#include "model/whole_rows.hpp"

namespace mixbern {

/// Least probability of a value that no row of the data has: log(10^6) = 13.8 nats a new row that has it,
/// whatever N is, where a tiny pseudo-count alone would ask for more and more as N grows.
constexpr double kUnseenProbability = 1e-6;

/// Shape and resolution that statistics must share to be merged.
struct StatsLayout {
  std::size_t n_components;
  std::size_t n_features;
  bool has_missing;
  double total_weight;  ///< of all rows that will be folded in
  int fraction_bits;    ///< fraction_bits_for(…)
  Encodings encodings = {};

  std::size_t stride() const { return kernel::stride_for(n_components); }
};

/// Σ_i w_i γ_ik, Σ_i w_i γ_ik x_id, the same over missing cells, and Σ_i w_i log p(x_i), all in fixed point:
/// merging is associative and exact. Order of calls: (add* finish merge* read*)*, with clear() before each
/// round but the first. Memory: K · D · 8 bytes, and K · codes · 8 where blocks of rows are added by code,
/// twice all that when cells are missing.
class SufficientStats {
 public:
  explicit SufficientStats(const StatsLayout& layout);

  const StatsLayout& layout() const { return layout_; }
  void clear();
  /// All that was added into the sums that are read.
  void finish();
  /// REQUIRES: the same layout, both finished.
  void merge(const SufficientStats& other);

  double log_likelihood() const { return log_likelihood_.value(); }
  /// Σ_i w_i γ_ik; over rows with x_id = 1; over rows where x_id is observed.
  double count(std::size_t k) const { return unit_ * static_cast<double>(counts_[k]); }
  double ones(std::size_t k, std::size_t d) const {
    const std::int64_t whole = whole_rows_.empty() ? 0 : whole_rows_.ones(k)[d] << layout_.fraction_bits;
    return unit_ * static_cast<double>(ones_.sums[k * layout_.n_features + d] + whole);
  }
  double missing(std::size_t k, std::size_t d) const {
    return layout_.has_missing ? unit_ * static_cast<double>(missing_.sums[k * layout_.n_features + d]) : 0;
  }
  double observed(std::size_t k, std::size_t d) const {
    const std::int64_t missing = layout_.has_missing ? missing_.sums[k * layout_.n_features + d] : 0;
    return unit_ * static_cast<double>(counts_[k] - missing);
  }
  FixedSum& mutable_log_likelihood() { return log_likelihood_; }
  const FixedSum& log_likelihood_sum() const { return log_likelihood_; }
  /// The rows of add_whole_rows() and add_whole_row().
  const WholeRows& whole_rows() const { return whole_rows_; }
  /// Adds amount · 2^-fraction_bits times row i to all sums of component k. Nothing is done for 0.
  void add_row(const Dataset& data, std::size_t i, std::size_t k, std::int64_t amount) {
    if (amount == 0) return;
    counts_[k] += amount;
    add_ones(data.ones, i, k, amount);
    if (data.missing) add_missing(*data.missing, i, k, amount);
  }
  /// Adds rows `rows` of packed rows of weight 1, with responsibility 1 for component k, to ones() but not to
  /// counts().
  void add_whole_rows(std::size_t k, std::span<const std::uint64_t> words,
                      std::span<const std::uint32_t> rows) {
    whole_rows_.add(layout_.n_components, k, words, BitMatrix::words_for(layout_.n_features), rows);
  }
  /// The same for one row, by the columns of its ones.
  void add_whole_row(std::size_t k, std::span<const std::uint32_t> columns) {
    whole_rows_.add_ones(layout_.n_components, 64 * BitMatrix::words_for(layout_.n_features), k, columns);
  }
  /// Adds amount · 2^-fraction_bits times row i to ones(k), not to count(k); to missing(k). Packed rows are
  /// added by finish(), and have to stay until then.
  void add_ones(const Rows& rows, std::size_t i, std::size_t k, std::int64_t amount) {
    add(ones_, rows, i, k, amount);
  }
  void add_missing(const Rows& rows, std::size_t i, std::size_t k, std::int64_t amount) {
    add(missing_, rows, i, k, amount);
  }
  /// [stride], and for whole blocks of rows [codes × stride], as the kernels add to them.
  std::int64_t* counts() { return counts_.data(); }
  std::int64_t* ones() { return by_code(ones_, layout_.encodings.ones); }
  std::int64_t* missing() { return by_code(missing_, layout_.encodings.missing); }

  /// M-step: the mixture that maximises the expected complete log-likelihood plus the log prior (Bishop 2006,
  /// eq. 9.58-9.60, with a Beta and Dirichlet prior). Where that leaves a parameter free (an emptied
  /// component, no observed cell, a prior of strength 0) `previous` is kept. With `constant`, the features
  /// that have one value only, ascending, as EM needs it: their probabilities stay kUnseenProbability away
  /// from 0 and 1 with a prior; without one all others stay off 0 and 1 by a unit of the sums, or by as
  /// little as before.
  Mixture maximise(const Mixture& previous, const Prior& prior,
                   std::optional<std::span<const std::size_t>> constant = {}) const;

  /// Components whose count is zero at this resolution.
  std::vector<std::size_t> empty_components() const;

 private:
  struct Sums {
    explicit Sums(std::size_t n_components) : weighted(n_components) {}
    std::vector<std::int64_t> sums;     // [K × D], and 64 more
    std::vector<std::int64_t> by_code;  // [codes × stride], from the first use on
    bool has_codes = false;             // by_code is not all zero, perhaps
    WeightedRows weighted;
  };
  std::int64_t* by_code(Sums& of, Encoding encoding);
  void add(Sums& to, const Rows& rows, std::size_t i, std::size_t k, std::int64_t amount);
  void finish(Sums& of, Encoding encoding) const;
  void take_columns(Sums& of, std::size_t first) const;
  void take_group(Sums& of, std::size_t group) const;
  void keep_off_bounds(std::size_t k, std::span<const double> previous, const Prior& prior,
                       std::span<const std::size_t> constant, double* theta) const;
  void maximise_component(std::size_t k, const double* previous, const Prior& prior, double* theta) const;

  StatsLayout layout_;
  double unit_;  // 2^-fraction_bits
  FixedSum log_likelihood_;
  std::vector<std::int64_t> counts_;
  Sums ones_;
  Sums missing_;
  WholeRows whole_rows_;
};

}  // namespace mixbern
