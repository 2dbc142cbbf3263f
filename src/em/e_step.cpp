#include "em/e_step.hpp"

#include <algorithm>

#include "kernels/registry.hpp"
#include "sums/add_block.hpp"
#include "sums/log_likelihood.hpp"

namespace mixbern {

std::size_t block_rows_for(std::size_t wanted, std::size_t n_components, Arithmetic arithmetic) {
  if (wanted != 0) return wanted;
  // Many rows in fixed point, so that a tile of the table is used often once it is in the cache; 16 KB of
  // doubles and as much of integers otherwise.
  if (arithmetic == Arithmetic::kFixed) {
    constexpr std::size_t kScores = 262'144;
    return std::clamp<std::size_t>(kScores / kernel::slots_for(n_components), 64, 512);
  }
  constexpr std::size_t kPosteriors = 2048;
  return std::clamp<std::size_t>(kPosteriors / kernel::stride_for(n_components), 16, 256);
}

EStep::EStep(const Mixture& mixture, const RowFacts& facts, Scorer& scorer, const Prior& prior,
             bool mostly_shared)
    : scorer_(scorer), has_prior_(prior.strength > 0) {
  ways_ = scorer.assign(mixture, facts, prior)
              ? choose_ways({.shape = scorer.table().shape(),
                             .stride = kernel::stride_for(mixture.n_components()),
                             .is_packed = facts.is_packed,
                             .is_weighted = facts.is_weighted,
                             .ones_a_row = facts.ones_a_row,
                             .mostly_shared = mostly_shared})
              : ways_in_doubles();
  ways_.score = scorer.lay_out(ways_.score, mixture, facts, prior, !ways_.sole_from_sums());
}

void EStep::fold(Workspace& work, SufficientStats& sums) const {
  auto& [rows, scores, responsibilities] = work;
  scorer_.way().score(rows, scores);
  responsibilities.begin(rows, scores, sums.layout().fraction_bits);
  // A prior covers what remainders would change.
  const bool keeps_remainders = !has_prior_ && sums.layout().keeps_remainders;
  for (Part part = scores.part_from(0); part.size() > 0; part = scores.part_from(part.end)) {
    responsibilities.take(scores, part, ways_.share == ShareBy::kAll);
    add_part(rows, part, responsibilities, sums);
    if (keeps_remainders) add_remainders(rows, part, scores, responsibilities, sums);
  }
  add_sole(rows, responsibilities, ways_.sole, sums);
  sums.count_shared(responsibilities.n_shared());
  add_log_likelihoods(rows, scores, responsibilities, ways_.sole_from_sums(), sums);
}

double EStep::log_likelihood(const SufficientStats& sums) const {
  if (ways_.score == ScoreBy::kDoubles) return sums.log_likelihood().value();
  return mixbern::log_likelihood(scorer_.table(), ways_.sole_from_sums(), sums);
}

std::vector<std::int64_t> EStep::whole_numbers(const SufficientStats& sums) const {
  if (ways_.score == ScoreBy::kDoubles) return sums.whole_numbers(sums.log_likelihood());
  return sums.whole_numbers(complete_log_likelihood(scorer_.table(), ways_.sole_from_sums(), sums));
}

}  // namespace mixbern
