#include "model/fixed_log_joint.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "kernels/registry.hpp"
#include "model/log_odds.hpp"

namespace mixbern {
namespace {

// Sums must stay clear of INT32_MIN, which stands for −∞, by more than the rounding of their terms.
constexpr double kRange = 2.0e9;
constexpr int kCoarsest = 16;
constexpr int kFinest = 24;

// Takes off the middle between the components' extremes from each column of K × D; Σ_d of that middle times
// totals[d].
double centre(std::vector<double>& table, std::span<const double> totals) {
  const std::size_t n_features = totals.size();
  std::vector<double> low(table.begin(), table.begin() + static_cast<std::ptrdiff_t>(n_features));
  std::vector<double> high = low;
  for (std::size_t first = n_features; first < table.size(); first += n_features) {
    for (std::size_t d = 0; d < n_features; ++d) {
      low[d] = std::min(low[d], table[first + d]);
      high[d] = std::max(high[d], table[first + d]);
    }
  }
  double shared = 0;
  for (std::size_t d = 0; d < n_features; ++d) {
    low[d] = (low[d] + high[d]) / 2;
    shared += low[d] * totals[d];
  }
  for (std::size_t first = 0; first < table.size(); first += n_features) {
    for (std::size_t d = 0; d < n_features; ++d) table[first + d] -= low[d];
  }
  return shared;
}

// The largest sum that at most `most` terms of a row of K × D can have in either direction.
double reach(std::span<const double> row, std::size_t most) {
  double up = 0, down = 0, largest = 0;
  for (const double value : row) {
    up += std::max(value, 0.0);
    down += std::max(-value, 0.0);
    largest = std::max(largest, std::abs(value));
  }
  return std::min(std::max(up, down), static_cast<double>(most) * largest);
}

}  // namespace

std::optional<FixedLogJoint> FixedLogJoint::make(const Mixture& mixture, const RowFacts& facts) {
  LogOdds odds(mixture);
  if (!std::isfinite(odds.log_prior)) return std::nullopt;
  FixedLogJoint joint;
  joint.n_components_ = mixture.n_components();
  joint.n_features_ = mixture.n_features();
  joint.lanes_ = kernel::lanes_for(joint.n_components_);
  joint.log_prior_ = odds.log_prior;
  joint.total_weight_ = facts.total_weight;
  joint.largest_base_ = *std::max_element(odds.base.begin(), odds.base.end());
  const bool has_missing = !facts.missing.empty();
  joint.ones_.shared = centre(odds.ones, facts.ones);
  if (has_missing) joint.missing_.shared = centre(odds.missing, facts.missing);

  double furthest = 0;
  for (std::size_t k = 0; k < joint.n_components_; ++k) {
    const auto row = [&](const std::vector<double>& table) {
      return std::span(table).subspan(k * joint.n_features_, joint.n_features_);
    };
    double sum = joint.largest_base_ - odds.base[k] + reach(row(odds.ones), facts.most_ones);
    if (has_missing) sum += reach(row(odds.missing), facts.most_missing);
    furthest = std::max(furthest, sum);
  }
  const int bits = furthest > 0 ? std::min(std::ilogb(kRange / furthest), kFinest) : kFinest;
  if (bits < kCoarsest) return std::nullopt;
  joint.unit_ = std::ldexp(1.0, -bits);
  const double scale = std::ldexp(1.0, bits);

  joint.base_.assign(joint.lanes_, std::numeric_limits<std::int32_t>::min());
  for (std::size_t k = 0; k < joint.n_components_; ++k) {
    const double exact = odds.base[k] - joint.largest_base_;
    joint.base_[k] = static_cast<std::int32_t>(std::nearbyint(exact * scale));
    joint.base_errors_.push_back(exact - joint.base_[k] * joint.unit_);
  }
  joint.quantise(std::move(odds.ones), facts.encodings.ones, scale, joint.ones_);
  if (has_missing) joint.quantise(std::move(odds.missing), facts.encodings.missing, scale, joint.missing_);
  return joint;
}

void FixedLogJoint::quantise(std::vector<double> exact, Encoding encoding, double scale, Table& table) const {
  constexpr double kMagic = 6755399441055744.0;  // 1.5 · 2^52: adding it rounds to an integer, ties to even
  const std::size_t n_rows = n_codes(encoding, n_features_);
  table.tiles.reserve(lanes_ * n_rows);
  std::vector<std::int32_t> columns(n_features_ * kernel::kLanes);
  for (std::size_t first = 0; first < lanes_; first += kernel::kLanes) {
    const std::size_t used = std::min(kernel::kLanes, n_components_ - first);
    if (used < kernel::kLanes) std::fill(columns.begin(), columns.end(), 0);
    for (std::size_t l = 0; l < used; ++l) {
      double* row = exact.data() + (first + l) * n_features_;
      for (std::size_t d = 0; d < n_features_; ++d) {
        const double rounded = (row[d] * scale + kMagic) - kMagic;
        columns[d * kernel::kLanes + l] = static_cast<std::int32_t>(rounded);
        row[d] -= rounded * unit_;
      }
    }
    if (encoding == Encoding::kColumns) {
      table.tiles.insert(table.tiles.end(), columns.begin(), columns.end());
    } else {
      const std::vector<std::int32_t> groups = expand_groups(columns, kernel::kLanes);
      table.tiles.insert(table.tiles.end(), groups.begin(), groups.end());
    }
  }
  table.errors = std::move(exact);
}

void FixedLogJoint::log_joints(const RowBlock& rows, std::int32_t* values) const {
  for (std::size_t lane = 0; lane < lanes_; lane += kernel::kLanes) {
    add_tiles(rows.ones(), rows.size(), ones_, lane, values, true);
    if (rows.has_missing()) add_tiles(rows.missing(), rows.size(), missing_, lane, values, false);
  }
  if (!rows.holds_labels()) return;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int64_t label = rows.held_label(i);
    if (label < 0) continue;
    std::int32_t* row = values + i * values_stride();
    const std::int32_t kept = row[label];
    std::fill_n(row, lanes_, std::numeric_limits<std::int32_t>::min());
    row[label] = kept;
  }
}

void FixedLogJoint::add_tiles(const RowCodes& codes, std::size_t n_rows, const Table& table, std::size_t lane,
                              std::int32_t* values, bool starts) const {
  const std::size_t n_table_rows = table.tiles.size() / lanes_;
  kernel::active().add_lanes(codes.offsets(), codes.codes(), n_rows, table.tiles.data() + lane * n_table_rows,
                             starts ? base_.data() + lane : values + lane, starts ? 0 : values_stride(),
                             values + lane, values_stride());
}

double FixedLogJoint::log_likelihood(const SufficientStats& stats) const {
  return stats.log_likelihood() + total_weight_ * largest_base_ + ones_.shared + missing_.shared +
         correction(stats);
}

double FixedLogJoint::correction(const SufficientStats& stats) const {
  double sum = 0;
  for (std::size_t k = 0; k < n_components_; ++k) {
    sum += stats.count(k) * base_errors_[k];
    for (std::size_t d = 0; d < n_features_; ++d) sum += stats.ones(k, d) * ones_.errors[k * n_features_ + d];
    if (missing_.errors.empty()) continue;
    for (std::size_t d = 0; d < n_features_; ++d) {
      sum += stats.missing(k, d) * missing_.errors[k * n_features_ + d];
    }
  }
  return sum;
}

}  // namespace mixbern
