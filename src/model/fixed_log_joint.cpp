#include "model/fixed_log_joint.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/registry.hpp"
#include "model/parallel.hpp"

namespace mixbern {
namespace {

// Sums must stay clear of INT32_MIN, which stands for −∞, by more than the rounding of their terms.
constexpr double kRange = 2.0e9;
constexpr int kCoarsest = 16;
constexpr int kFinest = 24;

// Features that are laid out together: whole groups of four.
constexpr std::size_t kFeaturesOfPart = 64;

// Takes off the middle between the components' extremes from each column of K × D: into `middles`.
void centre(std::vector<double>& table, std::vector<double>& middles) {
  const std::size_t n_features = middles.size();
  const std::size_t n_components = table.size() / n_features;
  for_ranges(n_features, 2 * n_components, [&](std::size_t begin, std::size_t end) {
    std::vector<double> low(table.data() + begin, table.data() + end);
    std::vector<double> high = low;
    for (std::size_t k = 1; k < n_components; ++k) {
      const double* row = table.data() + k * n_features + begin;
      for (std::size_t j = 0; j < low.size(); ++j) {
        low[j] = std::min(low[j], row[j]);
        high[j] = std::max(high[j], row[j]);
      }
    }
    for (std::size_t j = 0; j < low.size(); ++j) middles[begin + j] = (low[j] + high[j]) / 2;
    for (std::size_t k = 0; k < n_components; ++k) {
      double* row = table.data() + k * n_features;
      for (std::size_t d = begin; d < end; ++d) row[d] -= middles[d];
    }
  });
}

double product(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) sum += a[j] * b[j];
  return sum;
}

// The largest sum that at most `most` terms of a row of K × D can have in either direction.
double reach(const double* row, std::size_t n, std::size_t most) {
  double up = 0, down = 0, largest = 0;
  for (std::size_t j = 0; j < n; ++j) {
    up += std::max(row[j], 0.0);
    down += std::max(-row[j], 0.0);
    largest = std::max(largest, std::abs(row[j]));
  }
  return std::min(std::max(up, down), static_cast<double>(most) * largest);
}

}  // namespace

bool FixedLogJoint::assign(const Mixture& mixture, const RowFacts& facts, const Prior& prior) {
  odds_.assign(mixture, prior);
  if (!std::isfinite(odds_.log_prior)) return false;
  n_components_ = mixture.n_components();
  n_features_ = mixture.n_features();
  lanes_ = kernel::lanes_for(n_components_);
  total_weight_ = facts.total_weight;
  largest_base_ = *std::max_element(odds_.base.begin(), odds_.base.end());
  const bool has_missing = !facts.missing.empty();
  const auto take_middles = [&](std::vector<double>& table, const std::vector<double>& totals, Table& of) {
    of.middles.resize(n_features_);
    centre(table, of.middles);
    of.shared = product(of.middles, totals);
  };
  take_middles(odds_.ones, facts.ones, ones_);
  if (has_missing) take_middles(odds_.missing, facts.missing, missing_);
  unit_ = finest_unit(facts);
  if (unit_ > std::ldexp(1.0, -kCoarsest)) return false;
  assign_base();
  quantise(odds_.ones, facts.encodings.ones, ones_);
  if (has_missing) quantise(odds_.missing, facts.encodings.missing, missing_);
  return true;
}

// The finest with which no row's sum can leave 32 bits.
double FixedLogJoint::finest_unit(const RowFacts& facts) {
  const bool has_missing = !facts.missing.empty();
  reaches_.resize(n_components_);
  for_ranges(n_components_, 2 * n_features_, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      double& sum = reaches_[k];
      sum = largest_base_ - odds_.base[k];
      sum += reach(odds_.ones.data() + k * n_features_, n_features_, facts.most_ones);
      if (has_missing) sum += reach(odds_.missing.data() + k * n_features_, n_features_, facts.most_missing);
    }
  });
  const double furthest = *std::max_element(reaches_.begin(), reaches_.end());
  return std::ldexp(1.0, furthest > 0 ? -std::min(std::ilogb(kRange / furthest), kFinest) : -kFinest);
}

void FixedLogJoint::assign_base() {
  base_.assign(lanes_, std::numeric_limits<std::int32_t>::min());
  base_errors_.resize(n_components_);
  for (std::size_t k = 0; k < n_components_; ++k) {
    const double exact = odds_.base[k] - largest_base_;
    base_[k] = static_cast<std::int32_t>(std::nearbyint(exact / unit_));
    base_errors_[k] = exact - base_[k] * unit_;
  }
}

// `exact` becomes what rounding takes off.
void FixedLogJoint::quantise(std::vector<double>& exact, Encoding encoding, Table& table) const {
  table.tiles.resize(lanes_ * n_codes(encoding, n_features_));
  const std::size_t n_parts = (n_features_ + kFeaturesOfPart - 1) / kFeaturesOfPart;
  const std::size_t cost = kFeaturesOfPart * kernel::kLanes / 2;
  for_ranges(lanes_ / kernel::kLanes * n_parts, cost, [&](std::size_t begin, std::size_t end) {
    for (std::size_t part = begin; part < end; ++part) {
      quantise_part(exact, part / n_parts, part % n_parts * kFeaturesOfPart, encoding, table);
    }
  });
}

void FixedLogJoint::quantise_part(std::vector<double>& exact, std::size_t tile, std::size_t first_feature,
                                  Encoding encoding, Table& table) const {
  const std::size_t n = std::min(kFeaturesOfPart, n_features_ - first_feature);
  const std::size_t used = std::min(kernel::kLanes, n_components_ - tile * kernel::kLanes);
  const double scale = 1 / unit_;  // a power of two: exact
  std::int32_t* to = table.tiles.data() + tile * kernel::kLanes * n_codes(encoding, n_features_);
  std::int32_t scratch[kFeaturesOfPart * kernel::kLanes];
  std::int32_t* columns = encoding == Encoding::kColumns ? to + first_feature * kernel::kLanes : scratch;
  if (used < kernel::kLanes) std::fill_n(columns, n * kernel::kLanes, 0);
  for (std::size_t l = 0; l < used; ++l) {
    double* row = exact.data() + (tile * kernel::kLanes + l) * n_features_ + first_feature;
    for (std::size_t j = 0; j < n; ++j) {
      const double rounded = (row[j] * scale + kernel::kRoundMagic) - kernel::kRoundMagic;
      columns[j * kernel::kLanes + l] = static_cast<std::int32_t>(rounded);
      row[j] -= rounded * unit_;
    }
  }
  if (encoding == Encoding::kGroups) {
    expand_groups(columns, n, kernel::kLanes, to + first_feature * 4 * kernel::kLanes);
  }
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
  const bool has_missing = stats.layout().has_missing;
  std::vector<double> parts(n_components_);
  for_ranges(n_components_, n_features_, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      double sum = stats.count(k) * base_errors_[k];
      const double* ones = odds_.ones.data() + k * n_features_;
      for (std::size_t d = 0; d < n_features_; ++d) sum += stats.ones(k, d) * ones[d];
      const double* missing = odds_.missing.data() + k * n_features_;
      for (std::size_t d = 0; has_missing && d < n_features_; ++d) sum += stats.missing(k, d) * missing[d];
      parts[k] = sum;
    }
  });
  double sum = 0;
  for (const double part : parts) sum += part;
  return sum;
}

}  // namespace mixbern
