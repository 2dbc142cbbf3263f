// Scores in doubles: by codes, normalised at once.
#pragma once

#include "data/row_facts.hpp"
#include "score/exact_scores.hpp"
#include "score/score_way.hpp"

namespace mixbern {

/// For data that is small, and mixtures that fixed point cannot hold.
class InDoubles : public ScoreWay {
 public:
  /// See ExactScores.
  void assign(const Mixture& mixture, const RowFacts& facts, const Prior& prior) {
    exact_.assign(mixture, !facts.missing.empty(), facts.encodings, prior);
  }
  double log_prior() const { return exact_.log_prior(); }
  void score(RowBlock& rows, Scores& into) const override;

 private:
  ExactScores exact_;
};

}  // namespace mixbern
