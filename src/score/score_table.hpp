// A mixture in fixed point: exact sums of rounded log odds, four times as fast as doubles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "data/row_facts.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "model/log_odds.hpp"
#include "score/entries.hpp"
#include "score/score_way.hpp"

namespace mixbern {

/// What ExactScores is in doubles, in 32-bit integers of a unit that is a power of two.
///
/// A row's log joint is b_k + Σ_{x_d = 1} w_kd (see ExactScores). A term c_d that all components share
/// changes no posterior and adds Σ_d c_d Σ_i w_i x_id to the log-likelihood, so that only w_kd − c_d has to
/// be small; the unit is the finest for which no row's sum can leave 32 bits. Rounding a table entry by ε_kd
/// moves the log-likelihood by Σ_kd ε_kd Σ_i γ_ik w_i x_id to first order (γ is its derivative), and that sum
/// is a sufficient statistic: sums/log_likelihood takes it back. Sums of integers are exact, so every kernel
/// and every way to score gives the same bits. Order of calls: (assign lay out)*, the latter by one of the
/// ways.
class ScoreTable {
 public:
  /// Sums must stay clear of INT32_MIN, which stands for −∞, by more than the rounding of their terms.
  static constexpr double kRange = 2.0e9;

  /// In the same memory, if the shape is the same. False if the unit would be coarser than 2^-16 nats, or if
  /// a parameter is exactly 0 or 1: then doubles have to do, and nothing here may be asked for.
  bool assign(const Mixture& mixture, const RowFacts& facts, const Prior& prior = {});
  /// Rounds the entries and lays them out by code.
  void lay_out(bool by_component);
  /// Of the entries that are laid out. False if 32 bits cannot hold twice as much.
  bool find_spreads() { return ones_.find_spreads(unit_) && (!has_missing_ || missing_.find_spreads(unit_)); }
  /// What is to be rounded by who lays it out otherwise; afterwards ε, what rounding took off.
  std::vector<double>& exact_ones() { return odds_.ones; }

  ScoreShape shape() const;
  std::size_t n_components() const { return n_components_; }
  std::size_t n_features() const { return n_features_; }
  /// K padded to whole tiles.
  std::size_t slots() const { return slots_; }
  double unit() const { return unit_; }
  double log_prior() const { return odds_.log_prior; }
  bool has_missing() const { return has_missing_; }
  const Entries& ones() const { return ones_; }
  const Entries& missing() const { return missing_; }
  /// b_k in units, less the largest: [slots() + 16], padding INT32_MIN.
  const std::vector<std::int32_t>& base() const { return base_; }

  /// A sum over all rows, in nats, with what their scores lack of log joints.
  double with_shared(double sum) const {
    return sum + total_weight_ * largest_base_ + ones_.shared() + missing_.shared();
  }
  /// What rounding took off: of b, [K], of the entries for ones and for missing cells, [K × D].
  const std::vector<double>& base_errors() const { return base_errors_; }
  const std::vector<double>& ones_errors() const { return odds_.ones; }
  const std::vector<double>& missing_errors() const { return odds_.missing; }

 private:
  double finest_unit(const RowFacts& facts) const;
  double reach(std::size_t k, const RowFacts& facts) const;
  void assign_base();

  std::size_t n_components_ = 0;
  std::size_t n_features_ = 0;
  std::size_t slots_ = 0;
  double unit_ = 0;
  bool has_missing_ = false;
  double codes_a_row_ = 0;
  double total_weight_ = 0;
  double largest_base_ = 0;
  std::vector<std::int32_t> base_;
  std::vector<double> base_errors_;
  LogOdds odds_;
  Entries ones_, missing_;
};

}  // namespace mixbern
