#include "model/fixed_log_joint.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "kernels/registry.hpp"
#include "model/parallel.hpp"
#include "model/units.hpp"

namespace mixbern {
namespace {

// Sums must stay clear of INT32_MIN, which stands for −∞, by more than the rounding of their terms.
constexpr double kRange = 2.0e9;
constexpr int kCoarsest = 16;
constexpr int kFinest = 24;

// Screening pays from this many components on.
constexpr std::size_t kFewestLanes = 3 * kernel::kLanes;

// Features that are laid out together: whole groups of four.
constexpr std::size_t kFeaturesOfPart = 64;

// Takes off the middle between the components' extremes from each column of K × D: into `middles`; half of
// what is between them into `half_ranges`.
void centre(std::vector<double>& table, std::vector<double>& middles, std::vector<double>& half_ranges) {
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
    for (std::size_t j = 0; j < low.size(); ++j) {
      middles[begin + j] = (low[j] + high[j]) / 2;
      half_ranges[begin + j] = (high[j] - low[j]) / 2;
    }
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
  // Sums side by side, so that they can share registers and don't wait for each other.
  constexpr std::size_t kSums = 4;
  std::array<double, kSums> sum{}, size{}, largest{};
  const auto add = [&](std::size_t s, double x) {
    sum[s] += x;
    size[s] += std::abs(x);
    largest[s] = std::max(largest[s], std::abs(x));
  };
  std::size_t j = 0;
  for (; j + kSums <= n; j += kSums) {
    for (std::size_t s = 0; s < kSums; ++s) add(s, row[j + s]);
  }
  for (; j < n; ++j) add(0, row[j]);
  // Of all terms above zero, or of all below.
  const double either =
      (size[0] + size[1] + size[2] + size[3] + std::abs(sum[0] + sum[1] + sum[2] + sum[3])) / 2;
  return std::min(either, static_cast<double>(most) * *std::max_element(largest.begin(), largest.end()));
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
  has_missing_ = !facts.missing.empty();
  std::vector<double> ones_ranges(n_features_);
  std::vector<double> missing_ranges(has_missing_ ? n_features_ : 0);
  const auto take_middles = [&](std::vector<double>& table, const std::vector<double>& totals,
                                std::vector<double>& half_ranges, Table& of) {
    of.middles.resize(n_features_);
    centre(table, of.middles, half_ranges);
    of.shared = product(of.middles, totals);
  };
  take_middles(odds_.ones, facts.ones, ones_ranges, ones_);
  if (has_missing_) take_middles(odds_.missing, facts.missing, missing_ranges, missing_);
  unit_ = finest_unit(facts);
  if (unit_ > std::ldexp(1.0, -kCoarsest)) return false;
  assign_base();
  const double largest = *std::max_element(ones_ranges.begin(), ones_ranges.end());
  digits_.set_shape(n_components_, n_features_, largest / unit_);
  has_digits_ = digits_pay(facts);
  has_screen_ = !has_digits_ && lanes_ >= kFewestLanes && kernel::active().add_bytes != nullptr;
  ones_.encoding = facts.encodings.ones;
  missing_.encoding = facts.encodings.missing;
  if (has_digits_) {
    digits_.quantise(odds_.ones, unit_);
  } else {
    quantise(odds_.ones, ones_);
  }
  if (has_missing_) quantise(odds_.missing, missing_);
  has_screen_ = has_screen_ && find_spreads(ones_ranges, ones_) &&
                (!has_missing_ || find_spreads(missing_ranges, missing_)) && assign_screen(facts);
  return true;
}

// Codes cost so much, in cycles a row, as measured.
bool FixedLogJoint::digits_pay(const RowFacts& facts) const {
  if (kernel::active().add_dense == nullptr || facts.codes_a_row == 0 || has_missing_ ||
      n_components_ > kernel::kMostColumns) {
    return false;
  }
  const std::size_t n_tiles = lanes_ / kernel::kLanes;
  const std::size_t n_lines = (n_tiles + 3) / 4;
  const double by_codes = lanes_ >= kFewestLanes
                              ? 3.5 * facts.codes_a_row * static_cast<double>(n_lines) + 300
                              : (1.8 * facts.codes_a_row + 30) * static_cast<double>(n_tiles);
  return digits_.cost() < by_codes;
}

// False if 32 bits cannot hold twice as much.
bool FixedLogJoint::find_spreads(const std::vector<double>& half_ranges, Table& table) const {
  std::vector<double> spreads;
  spreads.reserve(n_features_);
  for (const double range : half_ranges) spreads.push_back(std::ceil(range / unit_) + 1);
  spreads = encoded(std::move(spreads), 1, table.encoding);
  if (*std::max_element(spreads.begin(), spreads.end()) > kRange / 2) return false;
  table.spreads.resize(spreads.size());
  std::transform(spreads.begin(), spreads.end(), table.spreads.begin(),
                 [](double spread) { return static_cast<std::int32_t>(spread); });
  return true;
}

bool FixedLogJoint::assign_screen(const RowFacts& facts) {
  // A row has at most one code a one, and one a group.
  const auto source = [&](const Table& table, std::size_t most_ones) {
    const std::size_t most_groups = table.encoding == Encoding::kGroups ? (n_features_ + 3) / 4 : most_ones;
    return Screen::Source{table.tiles.data(), table.spreads, std::min(most_ones, most_groups)};
  };
  const Screen::Source ones = source(ones_, facts.most_ones);
  const Screen::Source missing = has_missing_ ? source(missing_, facts.most_missing) : Screen::Source{};
  return screen_.assign(n_components_, ones, missing, base_, kernel::kNegligible / unit_);
}

// The finest with which no row's sum can leave 32 bits.
double FixedLogJoint::finest_unit(const RowFacts& facts) {
  reaches_.resize(n_components_);
  for_ranges(n_components_, 2 * n_features_, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      double& sum = reaches_[k];
      sum = largest_base_ - odds_.base[k];
      sum += reach(odds_.ones.data() + k * n_features_, n_features_, facts.most_ones);
      if (has_missing_) sum += reach(odds_.missing.data() + k * n_features_, n_features_, facts.most_missing);
    }
  });
  const double furthest = *std::max_element(reaches_.begin(), reaches_.end());
  return std::ldexp(1.0, furthest > 0 ? -std::min(std::ilogb(kRange / furthest), kFinest) : -kFinest);
}

void FixedLogJoint::assign_base() {
  base_.assign(lanes_ + kernel::kLanes, std::numeric_limits<std::int32_t>::min());
  base_errors_.resize(n_components_);
  for (std::size_t k = 0; k < n_components_; ++k) {
    const double exact = odds_.base[k] - largest_base_;
    base_[k] = static_cast<std::int32_t>(std::nearbyint(exact / unit_));
    base_errors_[k] = exact - base_[k] * unit_;
  }
}

// `exact` becomes what rounding takes off.
void FixedLogJoint::quantise(std::vector<double>& exact, Table& table) const {
  table.tiles.resize(lanes_ * n_codes(table.encoding, n_features_));
  table.weights.resize(has_screen_ ? n_components_ * width() : 0);
  const std::size_t n_parts = (n_features_ + kFeaturesOfPart - 1) / kFeaturesOfPart;
  const std::size_t cost = 8 * kFeaturesOfPart * kernel::kLanes;
  for_ranges(lanes_ / kernel::kLanes * n_parts, cost, [&](std::size_t begin, std::size_t end) {
    for (std::size_t part = begin; part < end; ++part) {
      quantise_part(exact, part / n_parts, part % n_parts * kFeaturesOfPart, table);
    }
  });
}

void FixedLogJoint::quantise_part(std::vector<double>& exact, std::size_t tile, std::size_t first_feature,
                                  Table& table) const {
  const std::size_t n = std::min(kFeaturesOfPart, n_features_ - first_feature);
  const std::size_t used = std::min(kernel::kLanes, n_components_ - tile * kernel::kLanes);
  std::int32_t scratch[kFeaturesOfPart * kernel::kLanes];
  std::int32_t* to = table.tiles.data() + tile * kernel::kLanes * n_codes(table.encoding, n_features_);
  const bool is_final = table.encoding == Encoding::kColumns;
  std::int32_t* columns = is_final ? to + first_feature * kernel::kLanes : scratch;
  if (used < kernel::kLanes) std::fill_n(columns, n * kernel::kLanes, 0);
  for (std::size_t l = 0; l < used; ++l) {
    const std::size_t k = tile * kernel::kLanes + l;
    std::int32_t entries[kFeaturesOfPart];
    take_units(exact.data() + k * n_features_ + first_feature, n, unit_, entries);
    for (std::size_t j = 0; j < n; ++j) columns[j * kernel::kLanes + l] = entries[j];
    if (has_screen_) std::copy_n(entries, n, table.weights.data() + k * width() + first_feature);
  }
  if (!is_final) expand_groups(columns, n, kernel::kLanes, to + first_feature * 4 * kernel::kLanes);
}

void FixedLogJoint::log_joints(const RowBlock& rows, bool with_sole, BlockLanes& into) const {
  into.most = lanes_;
  into.is_columns = false;
  into.is_screened = has_screen_ && !rows.holds_labels() && screened_joints(rows, with_sole, into);
  if (into.is_screened) return;
  into.sole_rows.clear();
  into.sole_values.clear();
  all_joints(rows, into);
}

void FixedLogJoint::all_joints(const RowBlock& rows, BlockLanes& into) const {
  if (has_digits_) {
    digits_.add(rows, base_.data(), into);
  } else {
    // An odd number of cache lines, so that a column of values does not fall into a few sets of the cache.
    into.stride = (lanes_ / kernel::kLanes | 1U) * kernel::kLanes;
    into.values.resize(rows.size() * into.stride);
    for (std::size_t lane = 0; lane < lanes_; lane += kernel::kLanes) {
      add_tiles(rows.ones(), ones_, rows.size(), lane, true, into);
      if (rows.has_missing()) add_tiles(rows.missing(), missing_, rows.size(), lane, false, into);
    }
  }
  if (!rows.holds_labels()) return;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int64_t label = rows.held_label(i);
    if (label >= 0) into.leave_only(i, static_cast<std::size_t>(label), n_components_);
  }
}

void FixedLogJoint::add_tiles(const RowCodes& codes, const Table& table, std::size_t n_rows, std::size_t lane,
                              bool starts, BlockLanes& into) const {
  const std::size_t n_table_rows = table.tiles.size() / lanes_;
  std::int32_t* values = into.values.data() + lane;
  kernel::active().add_lanes(codes.offsets(), codes.codes(), n_rows, table.tiles.data() + lane * n_table_rows,
                             starts ? base_.data() + lane : values, starts ? 0 : into.stride, values,
                             into.stride);
}

// False if that does not pay: too many candidates are left.
bool FixedLogJoint::screened_joints(const RowBlock& rows, bool with_sole, BlockLanes& into) const {
  if (into.unscreened_blocks > 0) {
    --into.unscreened_blocks;
    return false;
  }
  screen_.find(rows, into.candidates);
  into.sort_candidates(n_components_, with_sole);
  // A candidate costs about as much as a tile.
  constexpr std::size_t kPause = 16;
  if (10 * into.rows.size() > 9 * rows.size() * (lanes_ / kernel::kLanes)) {
    into.unscreened_blocks = kPause;
    return false;
  }
  std::size_t begin = 0;
  for (std::size_t k = 0; k < n_components_; ++k) {
    const std::size_t n = into.ends[k] - begin;
    if (n == 0) continue;
    const std::span<const std::uint32_t> chosen(into.rows.data() + begin, n);
    into.sums.assign(n, base_[k]);
    add_products(rows.ones(), rows.words(), chosen, ones_, k, into.sums.data());
    if (rows.has_missing()) {
      add_products(rows.missing(), rows.missing_words(), chosen, missing_, k, into.sums.data());
    }
    for (std::size_t j = 0; j < n; ++j) *into.places[begin + j] = into.sums[j];
    begin = into.ends[k];
  }
  return true;
}

// sums[j] += Σ_d w_kd over the ones of row rows[j]: by its columns, or, where codes are groups, by its bits.
void FixedLogJoint::add_products(const RowCodes& codes, std::span<const std::uint64_t> words,
                                 std::span<const std::uint32_t> rows, const Table& table, std::size_t k,
                                 std::int32_t* sums) const {
  const std::int32_t* weights = table.weights.data() + k * width();
  if (table.encoding == Encoding::kGroups) {
    kernel::active().dot_bits(words.data(), width() / 64, rows.data(), rows.size(), weights, sums);
    return;
  }
  for (std::size_t j = 0; j < rows.size(); ++j) {
    auto sum = static_cast<std::uint32_t>(sums[j]);
    const std::uint64_t end = codes.offsets()[rows[j] + 1];
    for (std::uint64_t c = codes.offsets()[rows[j]]; c < end; ++c) {
      sum += static_cast<std::uint32_t>(weights[codes.codes()[c]]);
    }
    sums[j] = static_cast<std::int32_t>(sum);
  }
}

// Σ over these rows of b_k + Σ_{x_d = 1} w_kd, in units.
FixedSum::Int128 FixedLogJoint::whole_joints(const WholeRows& rows) const {
  std::vector<FixedSum::Int128> parts(n_components_);
  for_ranges(n_components_, 2 * n_features_, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      FixedSum::Int128 sum = static_cast<FixedSum::Int128>(rows.n_rows(k)) * base_[k];
      const std::int64_t* ones = rows.ones(k).data();
      const std::int32_t* weights = ones_.weights.data() + k * width();
      for (std::size_t d = 0; d < n_features_; ++d) {
        sum += static_cast<FixedSum::Int128>(ones[d]) * weights[d];
      }
      parts[k] = sum;
    }
  });
  FixedSum::Int128 sum = 0;
  for (const FixedSum::Int128 part : parts) sum += part;
  return sum;
}

double FixedLogJoint::log_likelihood(const SufficientStats& stats) const {
  FixedSum sum = stats.log_likelihood_sum();
  if (adds_whole_rows() && !stats.whole_rows().empty()) {
    sum.add_units(whole_joints(stats.whole_rows()), std::ilogb(unit_));
  }
  return sum.value() + total_weight_ * largest_base_ + ones_.shared + missing_.shared + correction(stats);
}

double FixedLogJoint::correction(const SufficientStats& stats) const {
  std::vector<double> parts(n_components_);
  for_ranges(n_components_, n_features_, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      double sum = stats.count(k) * base_errors_[k];
      const double* ones = odds_.ones.data() + k * n_features_;
      for (std::size_t d = 0; d < n_features_; ++d) sum += stats.ones(k, d) * ones[d];
      const double* missing = odds_.missing.data() + k * n_features_;
      for (std::size_t d = 0; has_missing_ && d < n_features_; ++d) sum += stats.missing(k, d) * missing[d];
      parts[k] = sum;
    }
  });
  double sum = 0;
  for (const double part : parts) sum += part;
  return sum;
}

}  // namespace mixbern
