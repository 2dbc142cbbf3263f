#include "model/log_joint.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/registry.hpp"

namespace mixbern {
namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

}  // namespace

void add_products(const Rows& rows, std::size_t begin, std::size_t end, const double* table,
                  std::size_t stride, double* out) {
  const auto& kernel = kernel::active();
  if (const auto* packed = std::get_if<BitMatrix>(&rows)) {
    kernel.add_products(packed->words().data() + begin * packed->words_per_row(), end - begin,
                        packed->words_per_row(), table, stride, out);
  } else {
    const auto& sparse = std::get<SparseRows>(rows);
    kernel.add_products_sparse(sparse.offsets().data() + begin, sparse.columns().data(), end - begin, table,
                               stride, out);
  }
}

LogJoint::LogJoint(const Mixture& mixture, bool has_missing)
    : n_components_(mixture.n_components()),
      stride_(kernel::stride_for(n_components_)),
      weights_(stride_),
      base_(stride_, kMinusInfinity),
      ones_table_(mixture.n_features() * stride_),
      missing_table_(has_missing ? ones_table_.size() : 0) {
  const std::size_t n_features = mixture.n_features();
  const auto all = mixture.probabilities();
  if (std::find(all.begin(), all.end(), 1.0) != all.end()) {
    certain_table_.assign(ones_table_.size(), 0.0);
    n_certain_.assign(stride_, 0.0);
  }
  for (std::size_t k = 0; k < n_components_; ++k) {
    const auto theta = mixture.probabilities(k);
    double sum = 0;
    for (std::size_t d = 0; d < n_features; ++d) {
      const std::size_t cell = d * stride_ + k;
      if (theta[d] == 1) {
        certain_table_[cell] = 1;
        n_certain_[k] += 1;
        log_prior_ = kMinusInfinity;
        continue;
      }
      const double log_complement = std::log1p(-theta[d]);
      sum += log_complement;
      const double log_theta = std::log(theta[d]);
      log_prior_ += log_theta + log_complement;
      ones_table_[cell] = log_theta - log_complement;
      if (has_missing) missing_table_[cell] = -log_complement;
    }
    weights_[k] = mixture.weights()[k];
    const double log_weight = std::log(weights_[k]);
    base_[k] = log_weight + sum;
    log_prior_ += log_weight;
  }
}

void LogJoint::posteriors(const Dataset& data, std::size_t begin, std::size_t end, bool hold_labels,
                          double* values, double* log_likelihoods) const {
  const std::size_t n = end - begin;
  std::fill_n(values, n * stride_, 0.0);
  add_products(data.ones, begin, end, ones_table_.data(), stride_, values);
  if (data.missing) add_products(*data.missing, begin, end, missing_table_.data(), stride_, values);
  if (!certain_table_.empty()) rule_out(data, begin, end, values);
  if (hold_labels && !data.labels.empty()) hold({data.labels.data() + begin, n}, values);

  std::vector<double> sums(n);
  kernel::active().softmax(values, n, stride_, base_.data(), log_likelihoods, sums.data());
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t label = hold_labels && !data.labels.empty() ? data.labels[begin + i] : -1;
    const bool nothing_observed = data.missing && count_ones(*data.missing, begin + i) == data.n_features();
    if (sums[i] > 0 && !(nothing_observed && label < 0)) {
      log_likelihoods[i] += std::log(sums[i]);
      continue;
    }
    // Rounding must not show where the answer is known: a row that says nothing has likelihood 1.
    log_likelihoods[i] = nothing_observed && label < 0 ? 0.0 : kMinusInfinity;
    prior_posterior(label, values + i * stride_);
  }
}

void LogJoint::prior_posterior(std::int64_t label, double* values) const {
  if (label < 0) {
    std::copy(weights_.begin(), weights_.end(), values);
    return;
  }
  std::fill_n(values, stride_, 0.0);
  values[label] = 1;
}

void LogJoint::rule_out(const Dataset& data, std::size_t begin, std::size_t end, double* values) const {
  std::vector<double> found((end - begin) * stride_);
  add_products(data.ones, begin, end, certain_table_.data(), stride_, found.data());
  if (data.missing) add_products(*data.missing, begin, end, certain_table_.data(), stride_, found.data());
  for (std::size_t i = 0; i < end - begin; ++i) {
    for (std::size_t k = 0; k < n_components_; ++k) {
      if (found[i * stride_ + k] < n_certain_[k]) values[i * stride_ + k] = kMinusInfinity;
    }
  }
}

void LogJoint::hold(std::span<const std::int64_t> labels, double* values) const {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0) continue;
    for (std::size_t k = 0; k < n_components_; ++k) {
      if (k != static_cast<std::size_t>(labels[i])) values[i * stride_ + k] = kMinusInfinity;
    }
  }
}

}  // namespace mixbern
