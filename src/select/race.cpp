#include "select/race.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace mixbern {

Entrants Race::add(std::size_t n) {
  Entrants entrants(n);
  std::iota(entrants.begin(), entrants.end(), runs_.size());
  runs_.resize(runs_.size() + n);
  return entrants;
}

Entrants Race::all() const {
  Entrants entrants(runs_.size());
  std::iota(entrants.begin(), entrants.end(), std::size_t{0});
  return entrants;
}

double Race::objective(std::size_t entrant) const {
  const auto& run = runs_[entrant];
  return run ? run->objective() : -std::numeric_limits<double>::infinity();
}

void Race::rank(Entrants& entrants) const {
  struct Ranked {
    std::size_t entrant;
    Place place;
  };
  std::vector<Ranked> ranked;
  ranked.reserve(entrants.size());
  for (const std::size_t i : entrants) ranked.push_back({i, place(i)});
  std::ranges::stable_sort(ranked, std::greater<>(), &Ranked::place);
  std::ranges::transform(ranked, entrants.begin(), &Ranked::entrant);
}

std::size_t Race::worst_of(const Entrants& entrants) const {
  std::size_t worst = entrants.front();
  for (const std::size_t i : entrants) worst = place(i) <= place(worst) ? i : worst;
  return worst;
}

std::size_t Race::total_iterations() const {
  std::size_t total = 0;
  for (const auto& run : runs_) total += run ? run->n_e_steps() : 0;
  return total;
}

double Race::accelerators_work() const {
  double work = 0;
  for (const auto& run : runs_) work += run ? run->accelerators_work() : 0;
  return work;
}

Entrants finalists_of(Entrants entrants, const Rounds& rounds, const Race::Rules& rules) {
  for (std::size_t iterations = rounds.iterations; entrants.size() > rounds.n_finalists; iterations *= 2) {
    rules.run(entrants, iterations);
    const std::size_t half = rounds.at_once ? 0 : (entrants.size() + 1) / 2;
    rules.keep_best(std::max(rounds.n_finalists, half), entrants);
  }
  return entrants;
}

}  // namespace mixbern
