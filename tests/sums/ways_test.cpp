#include "sums/ways.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "mixbern/kernels/ways.hpp"

namespace mixbern {
namespace {

WaysRequest request(std::size_t n_components) {
  return {.shape = ScoreShape{n_components, 100, false, 40, 1e6},
          .stride = n_components,
          .is_packed = true,
          .is_weighted = false,
          .ones_a_row = 50,
          .mostly_shared = false};
}

class WaysTest : public testing::Test {
 protected:
  void TearDown() override { use_ways(""); }
};

TEST_F(WaysTest, ForcedOnesAreTakenWhereTheyCanBe) {
  use_ways("codes,all");
  EXPECT_EQ(choose_ways(request(8)), (Ways{ScoreBy::kCodes, ShareBy::kAll, SoleBy::kBits}));
  EXPECT_EQ(choose_ways(request(17)).share, ShareBy::kGathered);  // of many components there are no all
  use_ways("doubles,gathered");
  EXPECT_EQ(choose_ways(request(8)).score, ScoreBy::kDoubles);
  EXPECT_EQ(choose_ways(request(8)).share, ShareBy::kAll);  // there is no other in doubles
  use_ways("amounts");
  EXPECT_EQ(choose_ways(request(8)).sole, SoleBy::kAmounts);
}

TEST_F(WaysTest, WhatTheDataForbidsIsNotChosen) {
  use_ways("codes,bits");
  EXPECT_EQ(ways_in_doubles(), (Ways{ScoreBy::kDoubles, ShareBy::kAll, SoleBy::kAmounts}));
  WaysRequest weighted = request(8);
  weighted.is_weighted = true;
  EXPECT_EQ(choose_ways(weighted).sole, SoleBy::kAmounts);
  WaysRequest sparse = request(8);
  sparse.is_packed = false;
  sparse.ones_a_row = 0.01;
  EXPECT_EQ(choose_ways(sparse).sole, SoleBy::kAmounts);
  sparse.ones_a_row = 1;
  EXPECT_EQ(choose_ways(sparse).sole, SoleBy::kColumns);
}

TEST_F(WaysTest, AllAmountsOnlyOfRowsThatAreShared) {
  WaysRequest shared = request(8);
  EXPECT_EQ(choose_ways(shared).share, ShareBy::kGathered);
  shared.mostly_shared = true;
  EXPECT_EQ(choose_ways(shared).share, ShareBy::kAll);
  shared.shape.n_features = 10'000;  // sums by code would leave the cache
  EXPECT_EQ(choose_ways(shared).share, ShareBy::kGathered);
}

TEST_F(WaysTest, EachIsListedAndNamed) {
  EXPECT_EQ(ways().size(), 9U);
  for (const WayInfo& way : ways()) EXPECT_NO_THROW(use_ways(way.name)) << way.name;
  EXPECT_EQ(to_string(Ways{ScoreBy::kCandidates, ShareBy::kGathered, SoleBy::kBits}),
            "candidates,gathered,bits");
  EXPECT_EQ(to_string(Ways{}), "doubles,all");
}

TEST_F(WaysTest, AnUnknownNameIsAnErrorThatListsThem) {
  try {
    use_ways("codes,sums");
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "there is no way 'sums'; there are: tiles, candidates, codes, doubles, gathered, all, bits, "
                 "columns, amounts");
  }
}

}  // namespace
}  // namespace mixbern
