// A mixture as the rows need it.
#pragma once

#include "score/by_candidates.hpp"
#include "score/by_codes.hpp"
#include "score/by_tiles.hpp"
#include "score/in_doubles.hpp"
#include "score/score_table.hpp"
#include "score/score_way.hpp"

namespace mixbern {

/// The tables of all ways to score, of which one is in use, in memory that the next mixture uses again. Order
/// of calls: (assign lay_out read*)*.
class Scorer {
 public:
  Scorer() = default;
  Scorer(const Scorer&) = delete;
  Scorer& operator=(const Scorer&) = delete;

  /// False if only doubles can hold the mixture.
  bool assign(const Mixture& mixture, const RowFacts& facts, const Prior& prior);
  /// Lays the mixture out for a way; returns what it is laid out for: codes where candidates cannot be.
  /// `scores_sole`: see ByCandidates.
  ScoreBy lay_out(ScoreBy by, const Mixture& mixture, const RowFacts& facts, const Prior& prior,
                  bool scores_sole);

  const ScoreWay& way() const { return *way_; }
  /// REQUIRES: assign() was true.
  const ScoreTable& table() const { return table_; }
  /// A unit of the prior's strength, see LogOdds.
  double log_prior() const { return way_ == &in_doubles_ ? in_doubles_.log_prior() : table_.log_prior(); }

 private:
  ScoreTable table_;
  ByTiles by_tiles_{table_};
  ByCandidates by_candidates_{table_};
  ByCodes by_codes_{table_};
  InDoubles in_doubles_;
  const ScoreWay* way_ = nullptr;
};

}  // namespace mixbern
