#include "sums/add_block.hpp"

#include <algorithm>
#include <vector>

namespace mixbern {
namespace {

RowShares shares_of(const kernel::Shares& shares, std::size_t j) {
  const std::size_t begin = shares.begins[j], n = shares.begins[j + 1] - begin;
  return {{shares.components + begin, n}, {shares.amounts + begin, n}};
}

// Rows that more components share than this are crowded.
struct Crowded {
  std::size_t more_than;
  std::size_t several;  // at least so many are added by code: sums that are begun have to be gone through
};

Crowded crowded(const RowBlock& rows, const StatsLayout& layout) {
  const bool is_sparse = !rows.ones().is_packed();
  if (is_sparse && sums_by_code_stay_cached(layout.n_features, layout.stride())) return {0, 1};
  return {std::max<std::size_t>(is_sparse ? 3 : 6, layout.stride() / 8), 4};
}

void add_shares(RowBlock& rows, const kernel::Shares& shares, SufficientStats& sums) {
  const Crowded limit = crowded(rows, sums.layout());
  const auto is_crowded = [&](std::size_t j) {
    return shares.begins[j + 1] - shares.begins[j] > limit.more_than;
  };
  std::size_t n_crowded = 0;
  for (std::size_t j = 0; j < shares.n_rows; ++j) n_crowded += is_crowded(j) ? 1U : 0U;
  const bool by_code = n_crowded >= limit.several;
  for (std::size_t j = 0; j < shares.n_rows; ++j) {
    if (by_code && is_crowded(j)) {
      sums.crowd(shares.rows[j], shares_of(shares, j));
    } else {
      sums.add_row(rows, shares.rows[j], shares_of(shares, j));
    }
  }
  if (by_code) sums.add_crowded(rows);
}

}  // namespace

void add_part(RowBlock& rows, Part part, const Responsibilities& responsibilities, SufficientStats& sums) {
  if (!responsibilities.has_all()) return add_shares(rows, responsibilities.shares(), sums);
  sums.add_all(rows, part.begin, part.size(), responsibilities.all(), responsibilities.counts());
}

void add_sole(const RowBlock& rows, const Responsibilities& responsibilities, SoleBy by,
              SufficientStats& sums) {
  const std::span<const std::uint32_t> sole = responsibilities.sole();
  if (by != SoleBy::kAmounts) return sums.add_sole(rows, sole);
  for (std::size_t i = 0; i < sole.size(); ++i) {
    if (sole[i] == kernel::kNone) continue;
    sums.add_row(rows, i, sole[i], static_cast<std::int64_t>(responsibilities.amount(i)));
  }
}

void add_remainders(const RowBlock& rows, Part part, const Scores& scores,
                    const Responsibilities& responsibilities, SufficientStats& sums) {
  const std::size_t stride = scores.stride;
  std::vector<double> remainders(scores.n_components);
  for (std::size_t i = part.begin; i < part.end; ++i) {
    const double* posteriors = scores.posteriors.data() + i * stride;
    const std::int64_t* amounts = responsibilities.all().data() + (i - part.begin) * stride;
    for (std::size_t k = 0; k < scores.n_components; ++k) {
      const double exact = posteriors[k] * responsibilities.amount(i);
      remainders[k] = exact - static_cast<double>(amounts[k]);
    }
    sums.add_remainders(rows, i, remainders);
  }
}

}  // namespace mixbern
