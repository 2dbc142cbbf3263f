#include "mixbern/dataset/items.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

using Groups = std::vector<Items::Group>;

TEST(Items, KnowTheGroupOfEachFeature) {
  const Items items(8, Groups{{1, 3}, {6, 2}});
  EXPECT_FALSE(items.is_category(0));
  EXPECT_EQ(items.group_of(3)->first, 1U);
  EXPECT_FALSE(items.is_category(4));
  EXPECT_EQ(items.n_answers(7), 2U);
  EXPECT_TRUE(items.is_category(7));
  EXPECT_EQ(items.n_free(8), 6U);
  EXPECT_EQ(items.all(8), (Groups{{0, 1}, {1, 3}, {4, 1}, {5, 1}, {6, 2}}));
  EXPECT_EQ(n_patterns(items, 8), 2 * 3 * 2 * 2 * 2);
  EXPECT_TRUE(Items(8, Groups{}).all_binary());
  EXPECT_EQ(Items(8, Groups{}), Items());
}

TEST(Items, RefuseGroupsThatCannotBe) {
  for (const Groups& groups : {Groups{{0, 1}}, Groups{{0, 3}, {2, 2}}, Groups{{3, 2}, {0, 2}}, Groups{{7, 2}},
                               Groups{{SIZE_MAX, 2}}, Groups{{1, SIZE_MAX}}}) {
    EXPECT_THROW(Items(8, groups), std::invalid_argument);
  }
}

TEST(Items, AMixtureDividesTheirAnswersByTheirSum) {
  const Items items(3, Groups{{0, 2}});
  const Mixture mixture({1}, {0.2, 0.6, 0.3}, items);
  EXPECT_DOUBLE_EQ(mixture.probabilities()[0], 0.25);
  EXPECT_DOUBLE_EQ(mixture.probabilities()[1], 0.75);
  EXPECT_EQ(mixture.probabilities()[2], 0.3);
  EXPECT_EQ(mixture.n_parameters(), 2U);
  EXPECT_THROW(Mixture({1}, {0, 0, 0.5}, items), std::invalid_argument);
  EXPECT_THROW(Mixture({1}, {0.5}, items), std::invalid_argument);
}

TEST(Items, ARowHasOneAnswerOfEachOrLacksAll) {
  Dataset data = reference::random_categorical({.n_rows = 20, .missing = 0.3}, 1);
  EXPECT_NO_THROW(validate(data));
  Dataset twice = data;
  for (std::size_t d = 0; d < 3; ++d) std::get<BitMatrix>(twice.ones).set(0, d);
  EXPECT_THROW(validate(twice), std::invalid_argument);
  Dataset partly = data;
  partly.missing = BitMatrix(20, 9);
  std::get<BitMatrix>(*partly.missing).set(3, 0);
  EXPECT_THROW(validate(partly), std::invalid_argument);
  EXPECT_EQ(collapse(data).data.categorical, data.categorical);
  EXPECT_EQ(slice(data, 3, 7).categorical, data.categorical);
}

}  // namespace
}  // namespace mixbern
