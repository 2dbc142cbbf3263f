#include "em/e_step.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/registry.hpp"

namespace mixbern {
namespace {

void add_outer(const Rows& rows, std::size_t begin, std::size_t end, const std::int64_t* fixed,
               std::size_t stride, std::int64_t* sums) {
  const auto& kernel = kernel::active();
  if (const auto* packed = std::get_if<BitMatrix>(&rows)) {
    kernel.add_outer(packed->words().data() + begin * packed->words_per_row(), end - begin,
                     packed->words_per_row(), fixed, stride, sums);
  } else {
    const auto& sparse = std::get<SparseRows>(rows);
    kernel.add_outer_sparse(sparse.offsets().data() + begin, sparse.columns().data(), end - begin, fixed,
                            stride, sums);
  }
}

}  // namespace

StatsLayout layout_for(const Dataset& data, std::size_t n_components) {
  const double total = total_weight(data);
  const double largest =
      data.weights.empty() ? 1.0 : *std::max_element(data.weights.begin(), data.weights.end());
  return {n_components, data.n_features(), data.missing.has_value(), total,
          fraction_bits_for(largest, total)};
}

void e_step(const LogJoint& joint, const Dataset& data, std::size_t begin, std::size_t end, bool hold_labels,
            Accumulator& into) {
  const std::size_t n = end - begin;
  const std::size_t stride = joint.stride();
  into.values.resize(n * stride);
  into.fixed.resize(n * stride);
  into.log_likelihoods.resize(n);
  into.factors.resize(n);
  joint.posteriors(data, begin, end, hold_labels, into.values.data(), into.log_likelihoods.data());
  const double scale = std::ldexp(1.0, into.stats.layout().fraction_bits);
  for (std::size_t i = 0; i < n; ++i) {
    const double weight = data.weight(begin + i);
    into.factors[i] = weight * scale;
    if (weight > 0) into.stats.mutable_log_likelihood().add(weight * into.log_likelihoods[i]);
  }
  kernel::active().quantise(into.values.data(), n, stride, into.factors.data(), into.fixed.data());
  add_responsibilities(data, begin, end, into);
}

void add_responsibilities(const Dataset& data, std::size_t begin, std::size_t end, Accumulator& into) {
  const std::size_t stride = into.stats.layout().stride();
  std::int64_t* counts = into.stats.counts();
  for (std::size_t i = 0; i < end - begin; ++i) {
    for (std::size_t k = 0; k < stride; ++k) counts[k] += into.fixed[i * stride + k];
  }
  add_outer(data.ones, begin, end, into.fixed.data(), stride, into.stats.ones());
  if (data.missing) add_outer(*data.missing, begin, end, into.fixed.data(), stride, into.stats.missing());
}

}  // namespace mixbern
