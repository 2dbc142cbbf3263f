// Runs of EM that compete: all for some iterations, the better ones for more.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "em/em_run.hpp"

namespace mixbern {

/// Numbers of entrants of a race.
using Entrants = std::vector<std::size_t>;

/// How entrants drop out: after each round the better half of them stays, `n_finalists` at least, and runs
/// for twice as long as before.
struct Rounds {
  std::size_t iterations;   ///< of each entrant in the first round
  std::size_t n_finalists;  ///< >= 1
  bool at_once = false;     ///< there is one round only, after which the finalists stay
};

/// The runs of all entrants, ranked by their objective. Different entrants may be worked on in parallel.
class Race {
 public:
  /// How a round is run, and how the best `n` of those in it are chosen, which puts them first.
  struct Rules {
    std::function<void(const Entrants&, std::size_t iterations)> run;
    std::function<void(std::size_t n, Entrants&)> keep_best;
  };

  std::size_t size() const { return runs_.size(); }
  /// `n` more, without a run yet; their numbers.
  Entrants add(std::size_t n);
  Entrants all() const;
  /// Null until somebody begins it.
  std::unique_ptr<EmRun>& run(std::size_t entrant) { return runs_[entrant]; }
  const std::unique_ptr<EmRun>& run(std::size_t entrant) const { return runs_[entrant]; }
  /// −∞ without a run.
  double objective(std::size_t entrant) const;
  /// Best first, equal ones in the order they had. One without a run comes after any other, even one with
  /// log-likelihood −∞.
  void rank(Entrants& entrants) const;
  /// The one that rank() would put last. REQUIRES: not empty.
  std::size_t worst_of(const Entrants& entrants) const;
  /// E-steps of all.
  std::size_t total_iterations() const;
  /// What accelerators of all did beside them, in additions.
  double accelerators_work() const;
  /// Ends the race.
  std::vector<std::unique_ptr<EmRun>> take() { return std::move(runs_); }

 private:
  /// Whether it has a run, and its objective: the larger, the better.
  using Place = std::pair<bool, double>;
  Place place(std::size_t entrant) const { return {runs_[entrant] != nullptr, objective(entrant)}; }

  std::vector<std::unique_ptr<EmRun>> runs_;
};

/// Those of `entrants` that are left after the rounds (successive halving: Jamieson and Talwalkar, AISTATS
/// 2016); all of them, without a round, where there are no more than finalists.
Entrants finalists_of(Entrants entrants, const Rounds& rounds, const Race::Rules& rules);

}  // namespace mixbern
