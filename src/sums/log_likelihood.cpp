#include "sums/log_likelihood.hpp"

#include <cmath>

#include "base/parallel.hpp"
#include "kernels/registry.hpp"

namespace mixbern {
namespace {

using Int128 = FixedSum::Int128;

// Logarithms are added up in whole units of 2^-kLogBits.
constexpr int kLogBits = 46;

std::int64_t log_units(double logarithm) {
  return std::llrint(std::ldexp(1.0, kLogBits) * logarithm);
}

// Σ_k exp(score − largest) of the scored rows, whose logarithms are wanted: those that are not 1, from the
// front. Most are, of rows that one component has all of.
std::size_t take_totals(std::span<const double> totals, double* wanted) {
  std::size_t n = 0;
  for (const double total : totals) {
    wanted[n] = total;
    n += total != 1 ? 1 : 0;
  }
  return n;
}

// In doubles. The sum is kept in registers meanwhile.
void add_exact(const RowBlock& rows, std::span<const double> log_likelihoods, FixedSum& sum) {
  FixedSum local = sum;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double weight = rows.weight(i);
    if (weight > 0) local.add(weight, log_likelihoods[i]);
  }
  sum = local;
}

// Rows that count one.
void add_equal(const Scores& scores, const Responsibilities& from, bool sole_from_sums, FixedSum& sum) {
  std::int64_t largest = 0;
  for (std::size_t j = 0; j < from.largest().size(); ++j) {
    const bool is_left_out = sole_from_sums && from.sole()[scores.row(j)] != kernel::kNone;
    largest += is_left_out ? 0 : from.largest()[j];
  }
  if (scores.form == Scores::Form::kCandidates) {
    for (const std::int32_t score : scores.candidates.sole_scores) largest += score;
  }
  std::vector<double> logarithms(from.totals().size());
  const std::size_t n = take_totals(from.totals(), logarithms.data());
  kernel::active().series.logarithms(logarithms.data(), n, logarithms.data());
  Int128 logs = 0;
  for (std::size_t j = 0; j < n; ++j) logs += log_units(logarithms[j]);
  sum.add_units(largest, std::ilogb(scores.unit));
  sum.add_units(logs, -kLogBits);
}

// Terms of rows of any weight: in whole units where it is a whole number.
class WeightedTerms {
 public:
  WeightedTerms(double unit, double total_weight, FixedSum& sum)
      : unit_(unit),
        // Out of this range units could be finer than the sum's resolution, or too coarse to be shifted.
        has_units_(total_weight >= 1 && total_weight < 0x1p40),
        sum_(sum) {}

  void add(double weight, std::int32_t score, std::int64_t log) {
    if (has_units_ && FixedSum::is_factor(weight)) {
      const auto factor = static_cast<Int128>(static_cast<std::int64_t>(weight));
      scores_ += factor * score;
      logs_ += factor * log;
    } else if (weight > 0) {
      sum_.add(weight, score * unit_);
      sum_.add(weight, std::ldexp(static_cast<double>(log), -kLogBits));
    }
  }
  void finish() {
    if (!has_units_) return;
    sum_.add_units(scores_, std::ilogb(unit_));
    sum_.add_units(logs_, -kLogBits);
  }

 private:
  double unit_;
  bool has_units_;
  FixedSum& sum_;
  Int128 scores_ = 0, logs_ = 0;
};

void add_weighted(const RowBlock& rows, const Scores& scores, const Responsibilities& from,
                  WeightedTerms terms) {
  std::vector<double> logarithms(from.totals().size());
  kernel::active().series.logarithms(from.totals().data(), logarithms.size(), logarithms.data());
  for (std::size_t j = 0; j < logarithms.size(); ++j) {
    terms.add(rows.weight(scores.row(j)), from.largest()[j], log_units(logarithms[j]));
  }
  if (scores.form == Scores::Form::kCandidates) {
    for (std::size_t j = 0; j < scores.candidates.sole_rows.size(); ++j) {
      terms.add(rows.weight(scores.candidates.sole_rows[j]), scores.candidates.sole_scores[j], 0);
    }
  }
  terms.finish();
}

// Σ_d entry of component k and feature d, times the rows that have it.
Int128 product(const Entries& entries, std::size_t k, std::span<const std::int64_t> rows) {
  const std::int32_t* weights = entries.weights(k);
  Int128 sum = 0;
  for (std::size_t d = 0; d < rows.size(); ++d) sum += static_cast<Int128>(rows[d]) * weights[d];
  return sum;
}

// Scores of the sole rows, summed up, in units.
Int128 sole_scores(const ScoreTable& table, const SufficientStats& sums) {
  const SoleRows& rows = sums.sole_ones();
  const std::size_t n_features = table.n_features();
  std::vector<Int128> parts(table.n_components());
  for_ranges(table.n_components(), 2 * n_features, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      parts[k] = static_cast<Int128>(rows.n_rows(k)) * table.base()[k];
      parts[k] += product(table.ones(), k, rows.ones(k).first(n_features));
      if (!table.has_missing()) continue;
      parts[k] += product(table.missing(), k, sums.sole_missing().ones(k).first(n_features));
    }
  });
  Int128 sum = 0;
  for (const Int128 part : parts) sum += part;
  return sum;
}

// Σ_kd ε_kd Σ_i γ_ik w_i x_id.
double rounding(const ScoreTable& table, const SufficientStats& sums) {
  const std::size_t n_features = table.n_features();
  std::vector<double> parts(table.n_components());
  for_ranges(table.n_components(), n_features, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      double sum = sums.count(k) * table.base_errors()[k];
      const double* ones = table.ones_errors().data() + k * n_features;
      for (std::size_t d = 0; d < n_features; ++d) sum += sums.ones(k, d) * ones[d];
      parts[k] = sum;
      if (!table.has_missing()) continue;
      const double* missing = table.missing_errors().data() + k * n_features;
      for (std::size_t d = 0; d < n_features; ++d) parts[k] += sums.missing(k, d) * missing[d];
    }
  });
  double sum = 0;
  for (const double part : parts) sum += part;
  return sum;
}

}  // namespace

void add_log_likelihoods(const RowBlock& rows, const Scores& scores, const Responsibilities& responsibilities,
                         bool sole_from_sums, SufficientStats& sums) {
  FixedSum& sum = sums.log_likelihood();
  if (scores.form == Scores::Form::kPosteriors) {
    add_exact(rows, scores.log_likelihoods, sum);
  } else if (rows.is_weighted()) {
    add_weighted(rows, scores, responsibilities, {scores.unit, sums.layout().total_weight, sum});
  } else {
    add_equal(scores, responsibilities, sole_from_sums, sum);
  }
}

FixedSum complete_log_likelihood(const ScoreTable& table, bool sole_from_sums, const SufficientStats& sums) {
  FixedSum sum = sums.log_likelihood();
  if (sole_from_sums && !sums.sole_ones().empty()) {
    sum.add_units(sole_scores(table, sums), std::ilogb(table.unit()));
  }
  return sum;
}

double log_likelihood(const ScoreTable& table, bool sole_from_sums, const SufficientStats& sums) {
  const FixedSum sum = complete_log_likelihood(table, sole_from_sums, sums);
  return table.with_shared(sum.value()) + rounding(table, sums);
}

}  // namespace mixbern
