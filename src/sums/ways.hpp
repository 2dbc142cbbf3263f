// How the rows of a pass are worked on: scored, and added up.
#pragma once

#include <string>

#include "score/score_table.hpp"
#include "score/score_way.hpp"

namespace mixbern {

/// How rows that components share are added up.
enum class ShareBy {
  kGathered,  ///< by component, a row for each of its components; rows that many share by their codes
  kAll,       ///< all components of every row at once, by its codes
};

/// How rows that one component has all of are added up.
enum class SoleBy {
  kBits,     ///< packed rows that count one, many at a time
  kColumns,  ///< sparse rows that count one, in counters of a byte
  kAmounts,  ///< as shared rows are
};

/// The ways of one pass. Whatever they are, the sums are the same to the bit.
struct Ways {
  ScoreBy score = ScoreBy::kDoubles;
  ShareBy share = ShareBy::kAll;
  SoleBy sole = SoleBy::kAmounts;

  /// Scores of sole rows need not be known one by one: what they add to the log-likelihood follows from their
  /// sums.
  bool sole_from_sums() const { return score == ScoreBy::kCandidates && sole != SoleBy::kAmounts; }
  bool operator==(const Ways&) const = default;
};

/// "candidates,gathered,bits": what a fit tells, and MIXBERN_WAYS takes any part of.
std::string to_string(const Ways& ways);

/// Whether sums by code of so many components stay in the second-level cache.
constexpr bool sums_by_code_stay_cached(std::size_t n_features, std::size_t stride) {
  return n_features * stride <= 8192;
}

/// What the ways of a pass are chosen by.
struct WaysRequest {
  ScoreShape shape;
  std::size_t stride;  ///< padded K
  bool is_packed;
  bool is_weighted;
  double ones_a_row;
  bool mostly_shared;  ///< by several components each, rows of the pass before
};
/// The ways that cost least, or those that are forced where they can be. Throws std::invalid_argument if
/// MIXBERN_WAYS names one that does not exist.
Ways choose_ways(const WaysRequest& request);
/// Where only doubles can hold the mixture. Throws the same.
Ways ways_in_doubles();

}  // namespace mixbern
