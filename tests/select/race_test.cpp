#include "select/race.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "data/row_facts.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

using testing::ElementsAre;
using testing::Pair;

// Who ran for how long, and who is left, where higher numbers are better.
struct Told {
  Entrants left;
  std::vector<std::pair<std::size_t, std::size_t>> rounds;  // entrants and iterations
};

Told told(std::size_t n, const Rounds& rounds) {
  Told result;
  Race race;
  result.left = finalists_of(
      race.add(n), rounds,
      {.run = [&result](const Entrants& entrants,
                        std::size_t iterations) { result.rounds.emplace_back(entrants.size(), iterations); },
       .keep_best =
           [](std::size_t best, Entrants& entrants) {
             std::ranges::sort(entrants, std::greater<>());
             entrants.resize(best);
           }});
  return result;
}

TEST(Race, TheBetterHalfRunsTwiceAsLong) {
  const Told race = told(9, {.iterations = 16, .n_finalists = 2});
  EXPECT_THAT(race.rounds, ElementsAre(Pair(9, 16), Pair(5, 32), Pair(3, 64)));
  EXPECT_THAT(race.left, ElementsAre(8, 7));
}

TEST(Race, OrOneRoundDecides) {
  const Told race = told(9, {.iterations = 16, .n_finalists = 4, .at_once = true});
  EXPECT_THAT(race.rounds, ElementsAre(Pair(9, 16)));
  EXPECT_THAT(race.left, ElementsAre(8, 7, 6, 5));
}

TEST(Race, FinalistsHaveNothingToRunFor) {
  const Told race = told(2, {.iterations = 16, .n_finalists = 2});
  EXPECT_THAT(race.rounds, ElementsAre());
  EXPECT_THAT(race.left, ElementsAre(0, 1));
}

TEST(Race, RanksByObjectiveThoseThatNeverRanLast) {
  const Dataset data = reference::random_dataset({.n_rows = 60, .n_features = 5}, 3);
  const RowsOfDataset rows(data, Arithmetic::kDouble);
  const RowFacts facts(rows);
  const auto reducer = make_serial_reducer(layout_for(facts, 2), 64);
  Race race;
  Entrants entrants = race.add(4);
  for (const unsigned start : {0U, 2U, 3U}) {
    race.run(start) =
        std::make_unique<EmRun>(rows, facts, reference::random_mixture(2, 5, start + 1), EmOptions{});
    race.run(start)->advance(start == 2 ? 50 : 1, *reducer, nullptr);
  }
  const std::size_t worst = race.worst_of(entrants), worst_that_ran = race.worst_of({0, 2, 3});
  race.rank(entrants);
  EXPECT_EQ(entrants.front(), 2U);
  EXPECT_EQ(entrants.back(), 1U);
  EXPECT_EQ(worst, entrants[3]);
  EXPECT_EQ(worst_that_ran, entrants[2]);
  EXPECT_GE(race.objective(entrants[0]), race.objective(entrants[1]));
  EXPECT_GE(race.objective(entrants[1]), race.objective(entrants[2]));
  EXPECT_EQ(race.total_iterations(),
            race.run(0)->n_e_steps() + race.run(2)->n_e_steps() + race.run(3)->n_e_steps());
}

}  // namespace
}  // namespace mixbern
