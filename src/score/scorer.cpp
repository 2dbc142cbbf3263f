#include "score/scorer.hpp"

namespace mixbern {

bool Scorer::assign(const Mixture& mixture, const RowFacts& facts, const Prior& prior) {
  return facts.arithmetic == Arithmetic::kFixed && table_.assign(mixture, facts, prior);
}

ScoreBy Scorer::lay_out(ScoreBy by, const Mixture& mixture, const RowFacts& facts, const Prior& prior,
                        bool scores_sole) {
  switch (by) {
    case ScoreBy::kTiles:
      by_tiles_.lay_out();
      way_ = &by_tiles_;
      return by;
    case ScoreBy::kCandidates:
      if (by_candidates_.lay_out(facts, scores_sole)) {
        way_ = &by_candidates_;
        return by;
      }
      break;
    case ScoreBy::kCodes:
      table_.lay_out(false);
      break;
    case ScoreBy::kDoubles:
      in_doubles_.assign(mixture, facts, prior);
      way_ = &in_doubles_;
      return by;
  }
  way_ = &by_codes_;
  return ScoreBy::kCodes;
}

}  // namespace mixbern
