#include "em/e_step.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/registry.hpp"

namespace mixbern {
namespace {

// Bits of a responsibility in fixed-point arithmetic: what is below 2^-25 of an average row is exactly zero.
constexpr int kFixedBits = 24;
// Rows whose responsibilities are held at a time in fixed-point arithmetic.
constexpr std::size_t kSubBlock = 64;

void add_outer(const RowCodes& codes, std::size_t begin, const std::uint32_t* rows, std::size_t n_rows,
               const std::int64_t* fixed, std::size_t stride, std::int64_t* sums) {
  kernel::active().add_outer(codes.offsets() + begin, codes.codes(), rows, n_rows, fixed, stride, sums);
}

// Adds a row's weight to the sums of one component.
void add_row(const RowCodes& codes, std::size_t i, std::int64_t weight, std::size_t stride,
             std::int64_t* sums) {
  for (std::uint64_t j = codes.offsets()[i]; j < codes.offsets()[i + 1]; ++j) {
    sums[codes.codes()[j] * stride] += weight;
  }
}

// How rows that one component takes whole are added up.
enum class WholeRowsBy { kBits, kColumns, kWeight };

WholeRowsBy whole_rows_by(const Accumulator& into) {
  const RowBlock& rows = into.rows;
  if (rows.is_weighted()) return WholeRowsBy::kWeight;
  if (!rows.words(0).empty() && kernel::active().count_bits != nullptr) return WholeRowsBy::kBits;
  // Counters of a byte stay in the cache where sums of 64 bits don't, but all D of them are emptied every 255
  // rows.
  constexpr std::size_t kMostFeaturesPerOne = 1024;
  const StatsLayout& layout = into.stats.layout();
  const std::size_t n_ones = rows.ones().offsets()[rows.size()] - rows.ones().offsets()[0];
  const bool pays = layout.n_features * rows.size() <= kMostFeaturesPerOne * n_ones;
  return pays && layout.encodings.ones == Encoding::kColumns ? WholeRowsBy::kColumns : WholeRowsBy::kWeight;
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
    constexpr std::size_t kLanes = 65'536;
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
  for (std::size_t i = 0; i < n; ++i) {
    into.factors[i] = (into.rows.weight(i) * scale + kernel::kRoundMagic) - kernel::kRoundMagic;
  }
  if (is_fixed_) {
    fold_fixed(into);
  } else {
    fold_exact(into);
  }
  FixedSum& sum = into.stats.mutable_log_likelihood();
  for (std::size_t i = 0; i < n; ++i) {
    const double weight = into.rows.weight(i);
    if (weight > 0) sum.add(weight, into.log_likelihoods[i]);
  }
}

void EStep::fold_exact(Accumulator& into) const {
  const std::size_t n = into.rows.size();
  const LogJoint& exact = tables_.exact;
  const std::size_t stride = exact.stride();
  into.values.resize(n * stride);
  into.fixed.resize(n * stride);
  exact.posteriors(into.rows, into.values.data(), into.log_likelihoods.data(), into.sums);
  kernel::active().quantise(into.values.data(), n, stride, into.factors.data(), into.fixed.data());
  add_responsibilities(into);
}

void EStep::fold_fixed(Accumulator& into) const {
  const auto& kernel = kernel::active();
  const std::size_t n = into.rows.size();
  const FixedLogJoint& joint = tables_.fixed;
  const std::size_t lanes = joint.lanes();
  const std::size_t stride = into.stats.layout().stride();
  const std::size_t lanes_stride = joint.values_stride();
  into.lanes.resize(n * lanes_stride);
  into.maxima.resize(n);
  into.sole.resize(n);
  into.shared.resize(kSubBlock);
  into.fixed.resize((std::min(n, kSubBlock) + 1) * stride);
  joint.log_joints(into.rows, into.lanes.data());
  for (std::size_t begin = 0; begin < n; begin += kSubBlock) {
    const std::size_t size = std::min(kSubBlock, n - begin);
    const std::size_t n_shared = kernel.softmax_fixed(
        into.lanes.data() + begin * lanes_stride, lanes_stride, size, lanes, joint.unit(),
        into.factors.data() + begin, stride, into.maxima.data() + begin, into.log_likelihoods.data() + begin,
        into.sole.data() + begin, into.shared.data(), into.fixed.data(), into.stats.counts());
    add_outer(into.rows.ones(), begin, into.shared.data(), n_shared, into.fixed.data(), stride,
              into.stats.ones());
    if (into.rows.has_missing()) {
      add_outer(into.rows.missing(), begin, into.shared.data(), n_shared, into.fixed.data(), stride,
                into.stats.missing());
    }
  }
  add_sole_rows(into);
  double* logarithms = into.log_likelihoods.data();
  kernel.logarithms(logarithms, n, logarithms);
  for (std::size_t i = 0; i < n; ++i) logarithms[i] += into.maxima[i] * joint.unit();
}

void EStep::add_sole_rows(Accumulator& into) {
  const std::size_t stride = into.stats.layout().stride();
  const RowCodes& ones = into.rows.ones();
  const WholeRowsBy by = whole_rows_by(into);
  for (std::size_t i = 0; i < into.rows.size(); ++i) {
    const std::size_t k = into.sole[i];
    if (k == kernel::kNone) continue;
    const auto weight = static_cast<std::int64_t>(into.factors[i]);
    switch (by) {
      case WholeRowsBy::kBits:
        into.stats.add_whole_row(k, into.rows.words(i));
        break;
      case WholeRowsBy::kColumns:
        into.stats.add_whole_row(
            k, std::span(ones.codes() + ones.offsets()[i], ones.codes() + ones.offsets()[i + 1]));
        break;
      case WholeRowsBy::kWeight:
        add_row(ones, i, weight, stride, into.stats.ones() + k);
        break;
    }
    if (into.rows.has_missing()) add_row(into.rows.missing(), i, weight, stride, into.stats.missing() + k);
  }
}

double EStep::log_likelihood(const SufficientStats& stats) const {
  return is_fixed_ ? tables_.fixed.log_likelihood(stats) : stats.log_likelihood();
}

void add_responsibilities(Accumulator& into) {
  const std::size_t n = into.rows.size();
  const std::size_t stride = into.stats.layout().stride();
  std::int64_t* counts = into.stats.counts();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < stride; ++k) counts[k] += into.fixed[i * stride + k];
  }
  add_outer(into.rows.ones(), 0, nullptr, n, into.fixed.data(), stride, into.stats.ones());
  if (into.rows.has_missing()) {
    add_outer(into.rows.missing(), 0, nullptr, n, into.fixed.data(), stride, into.stats.missing());
  }
}

}  // namespace mixbern
