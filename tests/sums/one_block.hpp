// All rows of a data set as one block, scored by codes and added up.
#pragma once

#include <gtest/gtest.h>

#include "data/row_source.hpp"
#include "score/responsibilities.hpp"
#include "score/scorer.hpp"
#include "sums/add_block.hpp"
#include "sums/sufficient_stats.hpp"

namespace mixbern {

class OneBlock {
 public:
  OneBlock(const Dataset& data, const Mixture& mixture, bool all, SoleBy sole)
      : source_(data, Arithmetic::kFixed),
        facts_(source_, Arithmetic::kFixed),
        sums_(layout_for(facts_, mixture.n_components())) {
    EXPECT_TRUE(scorer_.assign(mixture, facts_, {}));
    scorer_.lay_out(ScoreBy::kCodes, mixture, facts_, {}, true);
    source_.load(0, data.n_rows(), rows_);
    scorer_.way().score(rows_, scores_);
    responsibilities_.begin(rows_, scores_, sums_.layout().fraction_bits);
    for (Part part = scores_.part_from(0); part.size() > 0; part = scores_.part_from(part.end)) {
      responsibilities_.take(scores_, part, all);
      add_part(rows_, part, responsibilities_, sums_);
    }
    add_sole(rows_, responsibilities_, sole, sums_);
  }

  const ScoreTable& table() const { return scorer_.table(); }
  const RowBlock& rows() const { return rows_; }
  const Scores& scores() const { return scores_; }
  const Responsibilities& responsibilities() const { return responsibilities_; }
  /// Not finished.
  SufficientStats& sums() { return sums_; }

 private:
  RowsOfDataset source_;
  RowFacts facts_;
  Scorer scorer_;
  RowBlock rows_;
  Scores scores_;
  Responsibilities responsibilities_;
  SufficientStats sums_;
};

}  // namespace mixbern
