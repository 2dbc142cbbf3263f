#include "score/exact_scores.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "kernels/registry.hpp"

namespace mixbern {
namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

// K × D as a table for `encoding`, codes × stride.
void make_table(std::span<const double> rows, std::size_t n_components, std::size_t stride, Encoding encoding,
                AlignedVector<double>& table) {
  const std::size_t n_features = rows.size() / n_components;
  table.assign(n_features * stride, 0.0);
  for (std::size_t k = 0; k < n_components; ++k) {
    for (std::size_t d = 0; d < n_features; ++d) table[d * stride + k] = rows[k * n_features + d];
  }
  table = encoded(std::move(table), stride, encoding);
}

}  // namespace

void add_rows(const RowCodes& codes, std::size_t n_rows, const AlignedVector<double>& table,
              std::size_t stride, double* out) {
  kernel::active().tables.add_rows(codes.offsets(), codes.codes(), n_rows, table.data(), stride, out);
}

void ExactScores::assign(const Mixture& mixture, bool has_missing, const Encodings& encodings,
                         const Prior& prior) {
  n_components_ = mixture.n_components();
  stride_ = kernel::stride_for(n_components_);
  weights_.assign(stride_, 0.0);
  base_.assign(stride_, kMinusInfinity);
  odds_.assign(mixture, prior);
  std::copy(mixture.weights().begin(), mixture.weights().end(), weights_.begin());
  std::copy(odds_.base.begin(), odds_.base.end(), base_.begin());
  make_table(odds_.ones, n_components_, stride_, encodings.ones, ones_table_);
  if (has_missing) make_table(odds_.missing, n_components_, stride_, encodings.missing, missing_table_);
  certain_ones_.clear();
  certain_missing_.clear();
  if (odds_.has_certain_ones) assign_certain(mixture, has_missing, encodings);
}

void ExactScores::assign_certain(const Mixture& mixture, bool has_missing, const Encodings& encodings) {
  std::vector<double> certain(mixture.probabilities().size());
  n_certain_.assign(stride_, 0.0);
  for (std::size_t cell = 0; cell < certain.size(); ++cell) {
    if (mixture.probabilities()[cell] != 1 || mixture.items().is_category(cell % mixture.n_features()))
      continue;
    certain[cell] = 1;
    n_certain_[cell / mixture.n_features()] += 1;
  }
  make_table(certain, n_components_, stride_, encodings.ones, certain_ones_);
  if (has_missing) make_table(certain, n_components_, stride_, encodings.missing, certain_missing_);
}

void ExactScores::posteriors(RowBlock& rows, double* values, double* log_likelihoods,
                             std::vector<double>& sums) const {
  const std::size_t n = rows.size();
  rows.spell();
  std::fill_n(values, n * stride_, 0.0);
  add_rows(rows.codes(), n, ones_table_, stride_, values);
  if (rows.has_missing()) add_rows(rows.missing_codes(), n, missing_table_, stride_, values);
  if (!certain_ones_.empty()) rule_out(rows, values);
  if (rows.holds_labels()) hold(rows, values);

  const auto& kernel = kernel::active();
  sums.resize(n);
  kernel.responsibilities.softmax(values, n, stride_, base_.data(), log_likelihoods, sums.data());
  kernel.series.logarithms(sums.data(), n, sums.data());
  for (std::size_t i = 0; i < n; ++i) {
    const auto allowed = rows.allowed(i);
    const bool is_held = !allowed.empty() && allowed.size() < n_components_;
    const bool silent = !is_held && rows.is_silent(i);
    if (sums[i] > kMinusInfinity && !silent) {
      log_likelihoods[i] += sums[i];
      continue;
    }
    // Rounding must not show where the answer is known: a row that says nothing has likelihood 1.
    log_likelihoods[i] = silent ? 0.0 : kMinusInfinity;
    prior_posterior(is_held ? allowed : std::span<const std::int64_t>(), values + i * stride_);
  }
}

void ExactScores::prior_posterior(std::span<const std::int64_t> allowed, double* values) const {
  std::copy(weights_.begin(), weights_.end(), values);
  for_each_forbidden(allowed, n_components_, [values](std::size_t k) { values[k] = 0; });
  double sum = 0;
  for (const std::int64_t k : allowed) sum += values[k];
  for (const std::int64_t k : allowed)
    values[k] = sum > 0 ? values[k] / sum : 1 / static_cast<double>(allowed.size());
}

void ExactScores::rule_out(const RowBlock& rows, double* values) const {
  std::vector<double> found(rows.size() * stride_);
  add_rows(rows.codes(), rows.size(), certain_ones_, stride_, found.data());
  if (rows.has_missing())
    add_rows(rows.missing_codes(), rows.size(), certain_missing_, stride_, found.data());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t k = 0; k < n_components_; ++k) {
      if (found[i * stride_ + k] < n_certain_[k]) values[i * stride_ + k] = kMinusInfinity;
    }
  }
}

void ExactScores::hold(const RowBlock& rows, double* values) const {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for_each_forbidden(rows.allowed(i), n_components_,
                       [&](std::size_t k) { values[i * stride_ + k] = kMinusInfinity; });
  }
}

}  // namespace mixbern
