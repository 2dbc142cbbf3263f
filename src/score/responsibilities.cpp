#include "score/responsibilities.hpp"

#include <algorithm>
#include <cmath>

namespace mixbern {

void Responsibilities::begin(const RowBlock& rows, const Scores& scores, int fraction_bits) {
  const std::size_t n = rows.size();
  const double scale = std::ldexp(1.0, fraction_bits);
  const auto rounded = [](double x) { return (x + kernel::kRoundMagic) - kernel::kRoundMagic; };
  amounts_.resize(n);
  if (rows.is_weighted()) {
    const double* weights = rows.weights().data();
    for (std::size_t i = 0; i < n; ++i) amounts_[i] = rounded(weights[i] * scale);
  } else {
    std::fill_n(amounts_.data(), n, rounded(scale));
  }
  n_shared_ = 0;
  sole_.clear();
  if (scores.form == Scores::Form::kPosteriors) return;
  largest_.resize(scores.n_rows());
  totals_.resize(scores.n_rows());
  if (scores.form == Scores::Form::kCandidates) {
    sole_.assign(scores.candidates.sole.begin(), scores.candidates.sole.end());
  } else {
    sole_.resize(n);
  }
  shares_.make_room(std::min(n, Scores::kPartRows), scores.most);
}

const double* Responsibilities::amounts_of(const Scores& scores, Part part) {
  if (scores.form != Scores::Form::kCandidates) return amounts_.data() + part.begin;
  scored_amounts_.resize(part.size());
  for (std::size_t j = 0; j < part.size(); ++j) {
    scored_amounts_[j] = amounts_[scores.row(part.begin + j)];
  }
  return scored_amounts_.data();
}

void Responsibilities::take_shares(const Scores& scores, Part part) {
  const double* amounts = amounts_of(scores, part);
  const bool is_chosen = scores.form == Scores::Form::kCandidates;
  scored_sole_.resize(part.size());
  std::uint32_t* sole = is_chosen ? scored_sole_.data() : sole_.data() + part.begin;
  kernel::Shares& shares = shares_.empty();
  std::int32_t* largest = largest_.data() + part.begin;
  double* totals = totals_.data() + part.begin;
  if (scores.form == Scores::Form::kColumns) {
    kernel::active().responsibilities.softmax_columns(scores.values.data() + part.begin * scores.stride,
                                                      scores.stride, scores.n_components, part.size(),
                                                      scores.unit, amounts, largest, totals, sole, &shares);
  } else {
    kernel::active().responsibilities.softmax_fixed(scores.from(part.begin), part.size(), scores.unit,
                                                    amounts, largest, totals, sole, &shares);
  }
  has_all_ = false;
  n_shared_ += shares.n_rows;
  // From here on rows have their numbers in the block.
  for (std::size_t j = 0; is_chosen && j < part.size(); ++j) sole_[scores.row(part.begin + j)] = sole[j];
  for (std::size_t j = 0; j < shares.n_rows; ++j) shares.rows[j] = scores.row(part.begin + shares.rows[j]);
}

void Responsibilities::take_all(const Scores& scores, Part part) {
  has_all_ = true;
  sole_.clear();
  const bool is_done = scores.form == Scores::Form::kPosteriors;
  if (!is_done) take_likelihoods(scores, part);
  const std::size_t stride = kernel::stride_for(scores.n_components);
  const double* values = is_done ? scores.posteriors.data() + part.begin * stride : likelihoods_.data();
  all_.resize(part.size() * stride);
  counts_.assign(stride, 0);
  kernel::active().responsibilities.quantise(values, part.size(), stride, amounts_.data() + part.begin,
                                             all_.data(), counts_.data());
}

// Into likelihoods_, by whose sums the amounts are divided.
void Responsibilities::take_likelihoods(const Scores& scores, Part part) {
  constexpr double kSole = 1 + 0x1p-25;  // what is left for the others rounds to zero
  const std::size_t stride = kernel::stride_for(scores.n_components);
  likelihoods_.resize(part.size() * stride);
  double* totals = totals_.data() + part.begin;
  kernel::active().responsibilities.likelihoods(scores.tile(part, tile_), part.size(), scores.unit,
                                                likelihoods_.data(), stride, largest_.data() + part.begin,
                                                totals);
  for (std::size_t i = 0; i < part.size(); ++i) {
    n_shared_ += totals[i] > kSole ? 1 : 0;
    amounts_[part.begin + i] /= totals[i];
  }
}

}  // namespace mixbern
