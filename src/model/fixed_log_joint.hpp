// The E-step in fixed point: exact sums of rounded log-odds, four times as fast as doubles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/aligned.hpp"
#include "kernels/registry.hpp"
#include "mixbern/mixture.hpp"
#include "model/block_lanes.hpp"
#include "model/digit_table.hpp"
#include "model/log_odds.hpp"
#include "model/row_facts.hpp"
#include "model/screen.hpp"
#include "model/sufficient_stats.hpp"

namespace mixbern {

/// What LogJoint is in doubles, in 32-bit integers of a unit that is a power of two.
///
/// A row's log joint is b_k + Σ_{x_d = 1} w_kd (see LogJoint). A term c_d that all components share changes
/// no posterior and adds Σ_d c_d Σ_i w_i x_id to the log-likelihood, so that only w_kd − c_d has to be small;
/// the unit is the finest for which no row's sum can leave 32 bits. Rounding a table entry by ε_kd moves the
/// log-likelihood by Σ_kd ε_kd Σ_i γ_ik w_i x_id to first order (γ is its derivative), and that sum is a
/// sufficient statistic: log_likelihood() takes it back, and is then right to the square of the rounding,
/// 1e-10 nats a row or better. Sums of integers are exact, so every kernel gives the same bits.
class FixedLogJoint {
 public:
  /// In the same memory, if the shape is the same. False if the unit would be coarser than 2^-16 nats, or if
  /// a parameter is exactly 0 or 1: then doubles have to do, and nothing here may be asked for.
  bool assign(const Mixture& mixture, const RowFacts& facts, const Prior& prior = {});

  std::size_t lanes() const { return lanes_; }
  double unit() const { return unit_; }
  double log_prior() const { return odds_.log_prior; }

  /// From the bits of packed rows; their codes are not needed.
  bool sums_bits() const { return has_digits_; }

  /// In units, less what is the same for all components of a row; of many components only those that can have
  /// a part in a row. Where a single one can, its value is left out unless `with_sole`.
  void log_joints(const RowBlock& rows, bool with_sole, BlockLanes& into) const;

  /// Values of rows that belong to one component alone need not be known one by one: their sum follows from
  /// stats.whole_rows(). Holds for all rows or none, where nothing is missing.
  bool adds_whole_rows() const { return has_screen_ && !has_missing_; }
  /// Of all rows, from what they gave: the sum in `stats` is Σ_i w_i (max_k value_ik · unit + log Σ_k
  /// exp(…)), without the first term of its whole rows if adds_whole_rows().
  double log_likelihood(const SufficientStats& stats) const;

 private:
  // One of the two tables: for ones, and for missing cells.
  struct Table {
    Encoding encoding = Encoding::kColumns;
    AlignedVector<std::int32_t> tiles;  // tiles × codes × 16
    std::vector<std::int32_t> spreads;  // how far the entries of a code are from zero at most
    // The same entries by component and feature, [K × width()], for sums of one component; for screening.
    AlignedVector<std::int32_t> weights;
    std::vector<double> middles;  // c, [D]
    double shared = 0;            // Σ_d c_d Σ_i w_i x_id
  };

  double finest_unit(const RowFacts& facts);
  void assign_base();
  bool digits_pay(const RowFacts& facts) const;
  bool find_spreads(const std::vector<double>& half_ranges, Table& table) const;
  void quantise(std::vector<double>& exact, Table& table) const;
  bool assign_screen(const RowFacts& facts);
  std::size_t width() const { return 64 * BitMatrix::words_for(n_features_); }
  void quantise_part(std::vector<double>& exact, std::size_t tile, std::size_t first_feature,
                     Table& table) const;
  void all_joints(const RowBlock& rows, BlockLanes& into) const;
  void add_tiles(const RowCodes& codes, const Table& table, std::size_t n_rows, std::size_t lane, bool starts,
                 BlockLanes& into) const;
  bool screened_joints(const RowBlock& rows, bool with_sole, BlockLanes& into) const;
  FixedSum::Int128 whole_joints(const WholeRows& rows) const;
  void add_products(const RowCodes& codes, std::span<const std::uint64_t> words,
                    std::span<const std::uint32_t> rows, const Table& table, std::size_t k,
                    std::int32_t* sums) const;
  double correction(const SufficientStats& stats) const;

  std::size_t n_components_ = 0;
  std::size_t n_features_ = 0;
  std::size_t lanes_ = 0;
  double unit_ = 0;
  bool has_missing_ = false;
  double total_weight_ = 0;
  double largest_base_ = 0;
  std::vector<std::int32_t> base_;   // [lanes + 16: as many as columns], padding INT32_MIN
  std::vector<double> base_errors_;  // [K]
  LogOdds odds_;                     // after assign(): ε, what rounding took off
  std::vector<double> reaches_;      // of each component
  Table ones_;
  Table missing_;
  bool has_digits_ = false;  // which then stand for the tiles of ones_
  DigitTable digits_;
  bool has_screen_ = false;
  Screen screen_;
};

}  // namespace mixbern
