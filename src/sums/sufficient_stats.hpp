// What the E-step leaves behind and the M-step needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "base/fixed_sum.hpp"
#include "data/row_block.hpp"
#include "data/row_facts.hpp"
#include "kernels/registry.hpp"
#include "sums/cell_sums.hpp"
#include "sums/remainders.hpp"

namespace mixbern {

/// Resolution of the weights times responsibilities that EM sums up: integers of 2^-fraction_bits.
///
/// As fine as two bounds allow: one product stays below 2^51 (kernels round through a double's mantissa), and
/// the sum of all stays below 2^62. With N rows of weight 1 that is min(50, 61 − log2 N) bits.
int fraction_bits_for(double largest_weight, double total_weight);

/// Shape and resolution that statistics must share to be merged.
struct StatsLayout {
  std::size_t n_components;
  std::size_t n_features;
  bool has_missing;
  double total_weight;  ///< of all rows that will be folded in
  int fraction_bits;    ///< fraction_bits_for(…)
  Encodings encodings = {};
  bool keeps_remainders = false;  ///< nothing is lost to rounding; REQUIRES: posteriors in doubles

  std::size_t stride() const { return kernel::stride_for(n_components); }
  bool operator==(const StatsLayout&) const = default;
};
/// How many whole numbers sums of this layout are.
std::size_t n_whole_numbers(const StatsLayout& layout);
StatsLayout layout_for(const RowFacts& facts, std::size_t n_components, bool keeps_remainders = false);

/// Σ_i w_i γ_ik, Σ_i w_i γ_ik x_id, the same over missing cells, and Σ_i w_i log p(x_i), all in fixed point:
/// merging is associative and exact. Order of calls: (add* finish merge* read*)*, with clear() before each
/// round but the first. Memory: K · D · 8 bytes, and what its accumulators take for the ways in which rows
/// are added up, twice all that when cells are missing. How rows are added changes no sum.
class SufficientStats {
 public:
  explicit SufficientStats(const StatsLayout& layout);

  const StatsLayout& layout() const { return layout_; }
  void clear();
  /// All that was added into the sums that are read.
  void finish();
  /// REQUIRES: the same layout, both finished.
  void merge(const SufficientStats& other);

  /// Finished sums as whole numbers, which add up with those of other rows element by element, and in place
  /// of what is here. Sole rows are told apart no more. `log_likelihood`: of complete_log_likelihood().
  /// REQUIRES: no remainders.
  std::vector<std::int64_t> whole_numbers(const FixedSum& log_likelihood) const;
  void assign(std::span<const std::int64_t> values);

  /// Adds row i of a block for each of its components by itself: amounts · 2^-fraction_bits.
  void add_row(const RowBlock& rows, std::size_t i, const RowShares& shares);
  /// The same of one component.
  void add_row(const RowBlock& rows, std::size_t i, std::uint32_t k, std::int64_t amount) {
    add_row(rows, i, {{&k, 1}, {&amount, 1}});
  }
  /// Puts row i of a block aside, for add_crowded().
  void crowd(std::uint32_t i, const RowShares& shares);
  /// Adds the rows of the block that were put aside, all components at once, by their codes.
  void add_crowded(RowBlock& rows);
  /// Adds n rows of a block, from `begin` on, of which all amounts are known, [n × stride], and their sums
  /// over these rows, [stride].
  void add_all(RowBlock& rows, std::size_t begin, std::size_t n, std::span<const std::int64_t> amounts,
               std::span<const std::int64_t> counts);
  /// Adds the rows of a block of which a component has all, see CellSums.
  void add_sole(const RowBlock& rows, std::span<const std::uint32_t> sole);
  /// Adds what rounding took off the amounts of row i, in units, [K]. REQUIRES: layout().keeps_remainders.
  void add_remainders(const RowBlock& rows, std::size_t i, std::span<const double> remainders) {
    remainders_->add(rows, i, remainders);
  }
  /// Parts of the log-likelihood, see sums/log_likelihood.
  FixedSum& log_likelihood() { return log_likelihood_; }
  /// So many rows more are shared.
  void count_shared(std::size_t n) { n_shared_ += static_cast<std::int64_t>(n); }

  const FixedSum& log_likelihood() const { return log_likelihood_; }
  /// Rows that components share, where they were told apart.
  std::size_t n_shared() const { return static_cast<std::size_t>(n_shared_); }
  /// Σ_i w_i γ_ik; over rows with x_id = 1; over rows where x_id is observed.
  double count(std::size_t k) const {
    return total(counts_[k], [=](const Remainders& lost) { return lost.count(k); });
  }
  double ones(std::size_t k, std::size_t d) const {
    return total(ones_[k][d], [=](const Remainders& lost) { return lost.ones(k, d); });
  }
  double missing(std::size_t k, std::size_t d) const {
    if (!layout_.has_missing) return 0;
    return total(missing_[k][d], [=](const Remainders& lost) { return lost.missing(k, d); });
  }
  double observed(std::size_t k, std::size_t d) const {
    const std::int64_t missing = layout_.has_missing ? missing_[k][d] : 0;
    return total(counts_[k] - missing, [=](const Remainders& lost) { return lost.observed(k, d); });
  }
  /// use(d, ones(k, d), observed(k, d)) for features begin … end − 1.
  template <class Use>
  void for_each_cell(std::size_t k, std::size_t begin, std::size_t end, const Use& use) const;
  /// The least that is not 0: 2^-fraction_bits, or what a double holds.
  double least() const { return remainders_ ? std::numeric_limits<double>::min() : unit_; }
  /// The rows of add_sole(): their ones, their missing cells.
  const SoleRows& sole_ones() const { return ones_.sole(); }
  const SoleRows& sole_missing() const { return missing_.sole(); }
  /// Components whose count is zero at this resolution.
  std::vector<std::size_t> empty_components() const;

 private:
  // Of whole units and of what rounding took off them.
  template <class Lost>
  double total(std::int64_t units, const Lost& lost) const {
    return unit_ * (static_cast<double>(units) + (remainders_ ? lost(*remainders_) : 0));
  }

  StatsLayout layout_;
  double unit_;
  FixedSum log_likelihood_;
  std::int64_t n_shared_ = 0;
  std::vector<std::int64_t> counts_;  // [stride]
  CellSums ones_;
  CellSums missing_;                           // of no features without missing cells
  std::optional<Remainders> remainders_;       // where they are kept
  std::vector<std::uint32_t> crowded_;         // rows of the block that were put aside,
  std::vector<std::int64_t> crowded_amounts_;  // and all amounts of each
};

template <class Use>
void SufficientStats::for_each_cell(std::size_t k, std::size_t begin, std::size_t end, const Use& use) const {
  if (remainders_) {
    for (std::size_t d = begin; d < end; ++d) use(d, this->ones(k, d), this->observed(k, d));
    return;
  }
  const CellSums::Component ones = ones_[k];
  const std::int64_t count = counts_[k];
  const auto total = [this](std::int64_t units) { return unit_ * static_cast<double>(units); };
  if (!layout_.has_missing) {
    const double observed = total(count);
    for (std::size_t d = begin; d < end; ++d) use(d, total(ones[d]), observed);
    return;
  }
  const CellSums::Component missing = missing_[k];
  for (std::size_t d = begin; d < end; ++d) use(d, total(ones[d]), total(count - missing[d]));
}

}  // namespace mixbern
