#include "em/e_step.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "kernels/registry.hpp"

namespace mixbern {
namespace {

// Bits of a responsibility in fixed-point arithmetic: what is below 2^-25 of an average row is exactly zero.
constexpr int kFixedBits = 24;
// Rows whose responsibilities are held at a time in fixed-point arithmetic.
constexpr std::size_t kSubBlock = 64;

// Logarithms are added up in whole units of 2^-kLogBits.
constexpr int kLogBits = 46;

std::int64_t log_units(double logarithm) {
  return std::llrint(std::ldexp(1.0, kLogBits) * logarithm);
}

WholeRowsBy whole_rows_by(const Accumulator& into) {
  const RowBlock& rows = into.rows;
  if (rows.is_weighted()) return WholeRowsBy::kAmount;
  if (!rows.words().empty()) return WholeRowsBy::kBits;
  // Counters of a byte stay in the cache where sums of 64 bits don't, but all D of them are emptied every 255
  // rows.
  constexpr std::size_t kMostFeaturesPerOne = 1024;
  const StatsLayout& layout = into.stats.layout();
  const std::size_t n_ones = rows.ones().offsets()[rows.size()] - rows.ones().offsets()[0];
  const bool pays = layout.n_features * rows.size() <= kMostFeaturesPerOne * n_ones;
  return pays ? WholeRowsBy::kColumns : WholeRowsBy::kAmount;
}

bool sums_by_code_stay_cached(const StatsLayout& layout) {
  constexpr std::size_t kMost = 8192;
  return layout.n_features * layout.stride() <= kMost;
}

// To sort out which components a row has costs more than all of few.
bool wants_all(const Accumulator& into) {
  const StatsLayout& layout = into.stats.layout();
  return into.mostly_shared && layout.n_components <= kernel::kLanes && sums_by_code_stay_cached(layout);
}

kernel::Shares room_for_shares(std::size_t n_rows, std::size_t lanes, Accumulator& into) {
  into.shared.resize(n_rows);
  into.share_begins.resize(n_rows + 1);
  into.share_components.resize(n_rows * lanes + kernel::kShareSlack);
  into.share_amounts.resize(n_rows * lanes + kernel::kShareSlack);
  return {0, into.shared.data(), into.share_begins.data(), into.share_components.data(),
          into.share_amounts.data()};
}

// Into the second-level cache.
void prefetch(std::span<const std::uint64_t> words) {
  constexpr std::size_t kWordsOfLine = 8;
  for (std::size_t w = 0; w < words.size(); w += kWordsOfLine) __builtin_prefetch(words.data() + w, 0, 2);
}

// Adds `fixed`, of so many rows from `begin` on, or of those numbers, to the sums by code.
void add_outer(const RowCodes& codes, std::size_t begin, const std::uint32_t* rows, std::size_t n_rows,
               Accumulator& into, std::int64_t* sums) {
  kernel::active().add_outer(codes.offsets() + begin, codes.codes(), rows, n_rows, into.fixed.data(),
                             into.stats.layout().stride(), sums);
}

// The same for ones and missing cells, of rows from `begin` on.
void add_outer(Accumulator& into, std::size_t begin, std::size_t n_rows) {
  add_outer(into.rows.ones(), begin, nullptr, n_rows, into, into.stats.ones());
  if (into.rows.has_missing())
    add_outer(into.rows.missing(), begin, nullptr, n_rows, into, into.stats.missing());
}

}  // namespace

StatsLayout layout_for(const RowFacts& facts, std::size_t n_components) {
  int bits = fraction_bits_for(facts.largest_weight, facts.total_weight);
  if (facts.arithmetic == Arithmetic::kFixed && facts.total_weight > 0) {
    const double average = facts.total_weight / static_cast<double>(facts.n_rows);
    bits = std::min(bits, kFixedBits - std::ilogb(average));
  }
  return {n_components, facts.ones.size(), !facts.missing.empty(), facts.total_weight, bits, facts.encodings};
}

std::size_t block_rows_for(std::size_t wanted, std::size_t n_components, Arithmetic arithmetic) {
  if (wanted != 0) return wanted;
  // Many rows in fixed point, so that a tile of the table is used often once it is in the cache; 16 KB of
  // doubles and as much of integers otherwise.
  if (arithmetic == Arithmetic::kFixed) {
    constexpr std::size_t kLanes = 262'144;
    return std::clamp<std::size_t>(kLanes / kernel::lanes_for(n_components), 64, 512);
  }
  constexpr std::size_t kValues = 2048;
  return std::clamp<std::size_t>(kValues / kernel::stride_for(n_components), 16, 256);
}

EStep::EStep(const Mixture& mixture, const Dataset& data, const RowFacts& facts, bool hold_labels,
             JointTables& tables, const Prior& prior)
    : data_(data),
      facts_(facts),
      hold_labels_(hold_labels),
      tables_(tables),
      is_fixed_(facts.arithmetic == Arithmetic::kFixed && tables.fixed.assign(mixture, facts, prior)) {
  if (!is_fixed_) tables.exact.assign(mixture, data.missing.has_value(), facts.encodings, prior);
}

void EStep::fold(std::size_t begin, std::size_t end, Accumulator& into) const {
  into.rows.load(data_, facts_, begin, end, hold_labels_);
  const std::size_t n = end - begin;
  into.log_likelihoods.resize(n);
  const double scale = std::ldexp(1.0, into.stats.layout().fraction_bits);
  into.factors.resize(n);
  const auto factor = [&](double weight) {
    return (weight * scale + kernel::kRoundMagic) - kernel::kRoundMagic;
  };
  if (into.rows.is_weighted()) {
    for (std::size_t i = 0; i < n; ++i) into.factors[i] = factor(into.rows.weight(i));
  } else {
    std::fill_n(into.factors.data(), n, factor(1));
  }
  if (is_fixed_) {
    fold_fixed(into);
  } else {
    fold_exact(into);
  }
}

void EStep::fold_exact(Accumulator& into) const {
  const auto& kernel = kernel::active();
  const std::size_t n = into.rows.size();
  const LogJoint& exact = tables_.exact;
  const std::size_t stride = exact.stride();
  into.values.resize(n * stride);
  into.fixed.resize(n * stride);
  exact.posteriors(into.rows, into.values.data(), into.log_likelihoods.data(), into.sums);
  kernel.quantise(into.values.data(), n, stride, into.factors.data(), into.fixed.data(), into.stats.counts());
  add_outer(into, 0, n);
  FixedSum& sum = into.stats.mutable_log_likelihood();
  for (std::size_t i = 0; i < n; ++i) {
    const double weight = into.rows.weight(i);
    if (weight > 0) sum.add(weight, into.log_likelihoods[i]);
  }
}

void EStep::fold_fixed(Accumulator& into) const {
  // The bits of these rows were last seen an iteration ago, if they need not be decoded.
  if (facts_.ones_codes && !tables_.fixed.sums_bits()) prefetch(into.rows.words());
  if (wants_all(into)) return fold_all(into);
  const WholeRowsBy by = whole_rows_by(into);
  const bool with_sole = by == WholeRowsBy::kAmount || !tables_.fixed.adds_whole_rows();
  tables_.fixed.log_joints(into.rows, with_sole, into.lanes);
  take_softmax(into);
  add_log_likelihoods(with_sole, into);
  add_sole_rows(by, into);
  const auto n_shared = std::count(into.sole.begin(), into.sole.end(), kernel::kNone);
  into.mostly_shared = 2 * static_cast<std::size_t>(n_shared) > into.rows.size();
}

// All responsibilities of every row.
void EStep::fold_all(Accumulator& into) const {
  const auto& kernel = kernel::active();
  tables_.fixed.log_joints(into.rows, true, into.lanes);
  const std::size_t n = into.rows.size();
  const std::size_t stride = into.stats.layout().stride();
  into.maxima.resize(n);
  into.sole.assign(n, kernel::kNone);
  into.values.resize(kSubBlock * stride);
  into.fixed.resize(kSubBlock * stride);
  constexpr double kSole = 1 + 0x1p-25;  // what is left for the others rounds to zero
  std::size_t n_shared = 0;
  for (std::size_t begin = 0; begin < n; begin += kSubBlock) {
    const std::size_t size = std::min(kSubBlock, n - begin);
    double* sums = into.log_likelihoods.data() + begin;
    double* factors = into.factors.data() + begin;
    const std::int32_t* tile = into.lanes.tile(begin, begin + size, into.stats.layout().n_components);
    kernel.likelihoods(tile, size, tables_.fixed.unit(), into.values.data(), stride,
                       into.maxima.data() + begin, sums);
    for (std::size_t i = 0; i < size; ++i) {
      n_shared += sums[i] > kSole ? 1 : 0;
      factors[i] /= sums[i];
    }
    kernel.quantise(into.values.data(), size, stride, factors, into.fixed.data(), into.stats.counts());
    add_outer(into, begin, size);
  }
  add_log_likelihoods(true, into);
  into.mostly_shared = 2 * n_shared > n;
}

void EStep::take_softmax(Accumulator& into) const {
  BlockLanes& lanes = into.lanes;
  const std::size_t n = lanes.n_rows(into.rows.size());
  into.maxima.resize(n);
  into.lane_sole.resize(n);
  const bool chosen = lanes.is_screened && into.rows.is_weighted();
  into.lane_factors.resize(chosen ? n : 0);
  for (std::size_t j = 0; j < into.lane_factors.size(); ++j)
    into.lane_factors[j] = into.factors[lanes.row(j)];
  const double* factors = chosen ? into.lane_factors.data() : into.factors.data();
  kernel::Shares shares = room_for_shares(std::min(n, kSubBlock), tables_.fixed.lanes(), into);
  for (std::size_t begin = 0; begin < n; begin += kSubBlock) {
    const std::size_t size = std::min(kSubBlock, n - begin);
    std::int32_t* maxima = into.maxima.data() + begin;
    double* sums = into.log_likelihoods.data() + begin;
    std::uint32_t* sole = into.lane_sole.data() + begin;
    if (lanes.is_columns) {
      kernel::active().softmax_columns(lanes.values.data() + begin * lanes.stride, lanes.stride,
                                       into.stats.layout().n_components, size, tables_.fixed.unit(),
                                       factors + begin, maxima, sums, sole, &shares);
    } else {
      kernel::active().softmax_fixed(lanes.from(begin), size, tables_.fixed.unit(), factors + begin, maxima,
                                     sums, sole, &shares);
    }
    add_shares(shares, begin, into);
  }
  if (!lanes.is_screened) {
    into.sole.swap(into.lane_sole);
    return;
  }
  into.sole.swap(lanes.candidates.sole);
  for (std::size_t j = 0; j < n; ++j) into.sole[lanes.row(j)] = into.lane_sole[j];
}

// Σ_i w_i (maxima[i] · unit + log of row i's sum), without the first term of rows that one component has
// unless `with_sole`.
void EStep::add_log_likelihoods(bool with_sole, Accumulator& into) const {
  if (into.rows.is_weighted()) return add_weighted_log_likelihoods(into);
  double* sums = into.log_likelihoods.data();
  std::int64_t maxima = 0;
  for (std::size_t j = 0; j < into.maxima.size(); ++j) {
    const bool is_left_out = !with_sole && into.sole[into.lanes.row(j)] != kernel::kNone;
    maxima += is_left_out ? 0 : into.maxima[j];
  }
  std::size_t n_left = 0;  // most rows have one component, whose part is 1
  for (std::size_t j = 0; j < into.maxima.size(); ++j) {
    sums[n_left] = sums[j];
    n_left += sums[j] != 1 ? 1 : 0;
  }
  for (const std::int32_t value : into.lanes.sole_values) maxima += value;
  kernel::active().logarithms(sums, n_left, sums);
  FixedSum::Int128 logs = 0;
  for (std::size_t j = 0; j < n_left; ++j) logs += log_units(sums[j]);
  FixedSum& sum = into.stats.mutable_log_likelihood();
  sum.add_units(maxima, std::ilogb(tables_.fixed.unit()));
  sum.add_units(logs, -kLogBits);
}

void EStep::add_weighted_log_likelihoods(Accumulator& into) const {
  const double unit = tables_.fixed.unit();
  const double* logarithms = into.log_likelihoods.data();
  kernel::active().logarithms(logarithms, into.maxima.size(), into.log_likelihoods.data());
  // Out of this range units could be finer than the sum's resolution, or too coarse to be shifted.
  const bool has_units = facts_.total_weight >= 1 && facts_.total_weight < 0x1p40;
  FixedSum& sum = into.stats.mutable_log_likelihood();
  FixedSum::Int128 maxima = 0, logs = 0;
  const auto add = [&](std::size_t row, std::int32_t maximum, std::int64_t log) {
    const double weight = into.rows.weight(row);
    if (has_units && FixedSum::is_factor(weight)) {
      const auto factor = static_cast<FixedSum::Int128>(static_cast<std::int64_t>(weight));
      maxima += factor * maximum;
      logs += factor * log;
    } else if (weight > 0) {
      sum.add(weight, maximum * unit);
      sum.add(weight, std::ldexp(static_cast<double>(log), -kLogBits));
    }
  };
  for (std::size_t j = 0; j < into.maxima.size(); ++j) {
    add(into.lanes.row(j), into.maxima[j], log_units(logarithms[j]));
  }
  for (std::size_t j = 0; j < into.lanes.sole_rows.size(); ++j) {
    add(into.lanes.sole_rows[j], into.lanes.sole_values[j], 0);
  }
  if (!has_units) return;
  sum.add_units(maxima, std::ilogb(unit));
  sum.add_units(logs, -kLogBits);
}

// Of rows counted from number `begin` of the lanes. A row is added for each of its components by itself;
// crowded ones, if there are several, by their codes for many at a time, and so are sparse rows where the
// sums by code stay in the cache.
void EStep::add_shares(const kernel::Shares& shares, std::size_t begin, Accumulator& into) const {
  const StatsLayout& layout = into.stats.layout();
  const bool is_sparse = into.rows.words().empty();
  const bool by_code = is_sparse && sums_by_code_stay_cached(layout);
  const std::size_t most = by_code ? 0 : std::max<std::size_t>(is_sparse ? 3 : 6, layout.stride() / 8);
  into.crowded.clear();
  for (std::uint32_t j = 0; j < shares.n_rows; ++j) {
    if (shares.begins[j + 1] - shares.begins[j] > most) {
      into.crowded.push_back(j);
    } else {
      add_row(shares, j, begin, into);
    }
  }
  // Sums by code that are begun have to be gone through at the end.
  const std::size_t several = by_code ? 1 : 4;
  if (into.crowded.size() >= several) return add_crowded(shares, begin, into);
  for (const std::uint32_t j : into.crowded) add_row(shares, j, begin, into);
}

void EStep::add_row(const kernel::Shares& shares, std::uint32_t j, std::size_t begin,
                    Accumulator& into) const {
  const std::size_t row = into.rows.begin() + into.lanes.row(begin + shares.rows[j]);
  for (std::uint32_t e = shares.begins[j]; e < shares.begins[j + 1]; ++e)
    into.stats.add_row(data_, row, shares.components[e], shares.amounts[e]);
}

// Of rows into.crowded of these, which become numbers of the block.
void EStep::add_crowded(const kernel::Shares& shares, std::size_t begin, Accumulator& into) const {
  const std::size_t stride = into.stats.layout().stride();
  std::int64_t* counts = into.stats.counts();
  std::vector<std::uint32_t>& rows = into.crowded;
  into.fixed.assign(rows.size() * stride, 0);
  std::int64_t* fixed = into.fixed.data();
  for (std::uint32_t& row : rows) {
    for (std::uint32_t e = shares.begins[row]; e < shares.begins[row + 1]; ++e) {
      fixed[shares.components[e]] += shares.amounts[e];
      counts[shares.components[e]] += shares.amounts[e];
    }
    row = into.lanes.row(begin + shares.rows[row]);
    fixed += stride;
  }
  const RowBlock::Chosen ones = into.rows.ones_of(rows);
  add_outer(ones.codes, 0, ones.rows, rows.size(), into, into.stats.ones());
  if (into.rows.has_missing())
    add_outer(into.rows.missing(), 0, rows.data(), rows.size(), into, into.stats.missing());
}

void EStep::add_sole_rows(WholeRowsBy by, Accumulator& into) const {
  if (by == WholeRowsBy::kBits) return add_sole_bits(into);
  const RowCodes& ones = into.rows.ones();
  for (std::size_t i = 0; i < into.rows.size(); ++i) {
    const std::size_t k = into.sole[i];
    if (k == kernel::kNone) continue;
    const auto amount = static_cast<std::int64_t>(into.factors[i]);
    if (by == WholeRowsBy::kAmount) {
      into.stats.add_row(data_, into.rows.begin() + i, k, amount);
      continue;
    }
    into.stats.counts()[k] += amount;
    into.stats.add_whole_row(
        k, std::span(ones.codes() + ones.offsets()[i], ones.codes() + ones.offsets()[i + 1]));
    if (data_.missing) into.stats.add_missing(*data_.missing, into.rows.begin() + i, k, amount);
  }
}

// Packed rows of weight 1, by component.
void EStep::add_sole_bits(Accumulator& into) const {
  const std::size_t n_components = into.stats.layout().n_components;
  // Those of none come last.
  into.sole_ends.assign(n_components + 1, 0);
  const auto end_of = [&](std::uint32_t k) -> std::uint32_t& {
    return into.sole_ends[std::min<std::size_t>(k, n_components)];
  };
  for (const std::uint32_t k : into.sole) ++end_of(k);
  std::exclusive_scan(into.sole_ends.begin(), into.sole_ends.end(), into.sole_ends.begin(), 0U);
  into.sole_rows.resize(into.sole.size());
  for (std::uint32_t i = 0; i < into.sole.size(); ++i) into.sole_rows[end_of(into.sole[i])++] = i;
  const auto one = static_cast<std::int64_t>(into.factors[0]);
  std::uint32_t begin = 0;
  for (std::size_t k = 0; k < n_components; ++k) {
    const std::span rows =
        std::span<const std::uint32_t>(into.sole_rows).subspan(begin, into.sole_ends[k] - begin);
    begin = into.sole_ends[k];
    if (rows.empty()) continue;
    into.stats.counts()[k] += one * static_cast<std::int64_t>(rows.size());
    into.stats.add_whole_rows(k, into.rows.words(), rows);
    if (!data_.missing) continue;
    for (const std::uint32_t i : rows) into.stats.add_missing(*data_.missing, into.rows.begin() + i, k, one);
  }
}

double EStep::log_likelihood(const SufficientStats& stats) const {
  return is_fixed_ ? tables_.fixed.log_likelihood(stats) : stats.log_likelihood();
}

}  // namespace mixbern
