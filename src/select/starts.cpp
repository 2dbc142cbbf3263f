#include "select/starts.hpp"

#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include "base/stopwatch.hpp"
#include "select/first_parameters.hpp"
#include "select/race.hpp"
#include "select/search_rule.hpp"

namespace mixbern {
namespace {

// Starts of a small table are tried until with 95 % confidence fewer than three further starts in a
// thousand end at a better optimum.
constexpr double kUnseenShare = 0.003;
// After so many iterations, and whenever they have doubled, a start is left that would have to gain more than
// four times what it did since the last time to reach the best optimum of the starts before it.
constexpr std::size_t kTrialIterations = 32;
constexpr double kReach = 4;
// What is varied: the best optima so far that differ by more than plateaus do, in nats in total.
constexpr std::size_t kBases = 4;
constexpr double kDistinct = 0.01;
// Where starts race, variations come in rounds: how many, how many iterations before the worse half of them
// drops out, how many are run to their end, and after how many rounds without anything better it is enough.
constexpr std::size_t kVariations = 32;
constexpr std::size_t kVariationRound = 16;
constexpr std::size_t kVariationFinalists = 2;
constexpr std::size_t kRoundsInVain = 48;

// Watches the passes of its own starts, and is cancelled once there is a model and somebody asks for the end.
class Starts final : public Watch {
 public:
  Starts(const Dataset& data, const RowFacts& facts, const Plan& plan, Checkpoint& checkpoint,
         const RunPass& run)
      : plan_(plan),
        checkpoint_(checkpoint),
        rows_(data, plan.arithmetic, plan.options.estimation.semi_supervised),
        facts_(facts),
        first_parameters_(data, facts_, plan),
        reducers_([this, &plan, &run] {
          const FitOptions& options = plan.options;
          const StatsLayout layout = layout_for(facts_, options.n_components, plan.keeps_remainders);
          const auto n = block_rows_for(options.block_rows, options.n_components, plan.arithmetic);
          if (plan.small) return make_serial_reducer(layout, n);
          auto local = make_watched_reducer(make_thread_reducer(layout, n), *this);
          if (!run) return local;
          return make_remote_reducer(std::move(local), options.estimation.semi_supervised, run);
        }) {
    seconds_init_ = preparation_.seconds();
  }

  StartsResult run() {
    Entrants alive = plan_.small && is_race()
                         ? search()
                         : raced(added(plan_.options.n_init), {plan_.first_round, plan_.n_finalists});
    if (plan_.varies) alive = improved(std::move(alive));
    if (plan_.vanishing_prior) run_round("search", alive, plan_.options.max_iter);
    for (const std::size_t start : alive) {
      EmRun* run = race_.run(start).get();
      if (run == nullptr || checkpoint_.is_past(start, round_)) continue;
      if (plan_.vanishing_prior) run->drop_prior();
      run->tighten_tolerance(*plan_.options.tol);
    }
    run_round(is_race() ? "polish" : "fit", alive, plan_.options.max_iter);
    race_.rank(alive);
    if (cancelled_) checkpoint_.save();
    refine(alive.front());
    const std::size_t total = race_.total_iterations();
    std::vector<InitMethod> methods;
    for (const std::size_t start : race_.all()) methods.push_back(first_parameters_.method_of(start));
    return {race_.take(), std::move(methods), alive.front(), total, seconds_init_};
  }

  void rows_done(std::size_t n, std::size_t n_rows) override {
    if (Watch* watch = plan_.options.watch) watch->rows_done(n, n_rows);
  }
  bool cancelled() override {
    if (!some_start_ran_) return false;
    if (is_cancelled(plan_.options.watch)) cancelled_ = true;
    return cancelled_;
  }

 private:
  // What is told of one start.
  class StartWatch final : public Watch {
   public:
    StartWatch(Starts& starts, std::size_t start) : starts_(starts), start_(start) {}
    void iteration_done(const IterationEvent& event) override {
      IterationEvent own = event;
      own.start = start_;
      own.n_starts = starts_.race_.size();
      starts_.tell(own);
    }
    bool cancelled() override { return starts_.cancelled(); }

   private:
    Starts& starts_;
    std::size_t start_;
  };

  bool is_race() const { return plan_.options.n_init > plan_.n_finalists; }

  // In additions.
  double work_done() const {
    return static_cast<double>(race_.total_iterations()) * plan_.iteration_work + race_.accelerators_work();
  }

  // `n` more starts.
  Entrants added(std::size_t n) {
    Entrants starts = race_.add(n);
    for (const std::size_t start : starts) {
      if (checkpoint_.has(start)) resume(start);
    }
    return starts;
  }

  // As it was when it was saved.
  void resume(std::size_t start) {
    race_.run(start) = new_run(first_parameters_.none());
    checkpoint_.restore(start, *race_.run(start));
    some_start_ran_ = true;
  }

  std::unique_ptr<EmRun> new_run(Mixture first) const {
    const double tol = is_race() ? plan_.search_tol : *plan_.options.tol;
    return std::make_unique<EmRun>(rows_, facts_, std::move(first), first_parameters_.em_options(tol));
  }

  // Ranks them, and only the best `n` stay.
  void keep_best(std::size_t n, Entrants& starts) {
    if (!checkpoint_.recall_choice(n, starts)) {
      race_.rank(starts);
      if (!cancelled_) checkpoint_.note_choice(n, starts);
    }
    for (std::size_t i = n; i < starts.size(); ++i) retire(starts[i]);
    starts.resize(n);
  }

  Entrants raced(Entrants starts, const Rounds& rounds) {
    return finalists_of(
        std::move(starts), rounds,
        {.run = [this](const Entrants& alive, std::size_t n) { run_round("search", alive, n); },
         .keep_best = [this](std::size_t n, Entrants& alive) { keep_best(n, alive); }});
  }

  // The finalists of a race, after variations of them raced too: round by round until some rounds in a row
  // found nothing better, or the search has done its work; variations may always do as much as the race.
  Entrants improved(Entrants finalists) {
    run_round("search", finalists, plan_.options.max_iter);
    race_.rank(finalists);
    const double most = std::max(2 * work_done(), plan_.most_work);
    for (std::size_t in_vain = 0; in_vain < kRoundsInVain && !cancelled() && work_done() < most;) {
      const double best = race_.objective(finalists.front());
      take_bases();
      const Entrants variations = raced(added(kVariations), {kVariationRound, kVariationFinalists});
      run_round("search", variations, plan_.options.max_iter);
      finalists.insert(finalists.end(), variations.begin(), variations.end());
      keep_best(plan_.n_finalists, finalists);
      in_vain = race_.objective(finalists.front()) > best + kSameOptimum ? 0 : in_vain + 1;
    }
    return finalists;
  }

  // The finalists among starts that are all run to the end, batch by batch.
  Entrants search() {
    const bool all = plan_.most_work == 0;
    do {
      const std::size_t left = plan_.options.n_init - race_.size();
      const std::size_t batch = std::max(kFirstBatch, race_.size() / 4);
      take_bases();
      if (!all && !leaders_.empty()) within_reach_of_ = race_.objective(ranked_leaders().front());
      run_round("search", added(std::min(left, batch)), plan_.options.max_iter);
    } while (!cancelled() && race_.size() < plan_.options.n_init && (all || !is_done()));
    within_reach_of_.reset();
    Entrants finalists = race_.all();
    keep_best(std::min(plan_.n_finalists, finalists.size()), finalists);
    return finalists;
  }

  Entrants ranked_leaders() const {
    Entrants ranked = leaders_;
    race_.rank(ranked);
    return ranked;
  }

  // What the next batch may vary: the best optima so far that differ.
  void take_bases() {
    Entrants ranked = race_.all();
    race_.rank(ranked);
    bases_.clear();
    double last = std::numeric_limits<double>::infinity();
    for (const std::size_t start : ranked) {
      if (bases_.size() == kBases || !race_.run(start)) break;
      if (race_.objective(start) > last - kDistinct) continue;
      last = race_.objective(start);
      bases_.push_back(race_.run(start)->mixture());
    }
  }

  bool is_done() const {
    if (work_done() >= plan_.most_work) return true;
    std::vector<double> log_likelihoods;
    for (const std::size_t start : race_.all()) {
      if (const auto& run = race_.run(start)) log_likelihoods.push_back(run->log_likelihood());
    }
    return unseen_share(log_likelihoods) <= kUnseenShare;
  }

  void prepare(std::size_t start, Reducer& reducer) {
    const Stopwatch preparation;
    race_.run(start) = new_run(first_parameters_.of(start, bases_, reducer, plan_.options.watch));
    const std::scoped_lock lock(mutex_);
    seconds_init_ += preparation.seconds();
  }

  void run_round(const char* stage, const Entrants& alive, std::size_t iterations) {
    if (Watch* watch = plan_.options.watch)
      watch->stage_begins({.name = stage, .n = iterations, .n_starts = alive.size()});
    ++round_;
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, alive.size(), 1),
        [&](const auto& range) {
          for (std::size_t i = range.begin(); i != range.end(); ++i) {
            if (cancelled()) continue;
            go_on(alive[i], iterations);
            if (plan_.small && iterations == plan_.options.max_iter && alive.size() > plan_.n_finalists)
              keep_leaders(alive[i]);
          }
        },
        tbb::simple_partitioner());
  }

  void go_on(std::size_t start, std::size_t iterations) {
    Reducer& reducer = *reducers_.local();
    std::unique_ptr<EmRun>& run = race_.run(start);
    StartWatch watch(*this, start);
    try {
      if (!run) prepare(start, reducer);
      if (within_reach_of_) {
        try_out(*run, reducer, watch);
      } else {
        checkpoint_.advance({start, round_, iterations}, *run, reducer, watch);
      }
    } catch (const Stopped&) {
      if (run && run->n_iter() == 0) run.reset();
    }
  }

  // Runs it to its end, or until the best optimum is out of its reach.
  void try_out(EmRun& run, Reducer& reducer, Watch& watch) const {
    double before = -std::numeric_limits<double>::infinity();
    for (std::size_t n = kTrialIterations; !run.advance(n, reducer, &watch); n = run.n_iter()) {
      const double gain = run.objective() - before;
      if (run.objective() + kReach * gain < *within_reach_of_) return;
      before = run.objective();
    }
  }

  void refine(std::size_t start) {
    if (!race_.run(start) || cancelled()) return;
    try {
      race_.run(start)->refine(*reducers_.local());
    } catch (const Stopped&) {  // it stays as it was, which is as good but for rounding
    }
  }

  void retire(std::size_t start) {
    EmRun* run = race_.run(start).get();
    if (run == nullptr) return;
    run->retire();
    if (!cancelled_) checkpoint_.renew(start, *run);
  }

  // A round that runs every start to its end would hold the whole traces and the working memory of all: those
  // that others have beaten already need theirs no more.
  void keep_leaders(std::size_t start) {
    if (checkpoint_.has_choice()) return;  // they were told apart before the fit was resumed
    const std::scoped_lock lock(mutex_);
    leaders_.insert(std::ranges::upper_bound(leaders_, start), start);
    if (leaders_.size() <= plan_.n_finalists) return;
    const std::size_t worst = race_.worst_of(leaders_);
    retire(worst);
    std::erase(leaders_, worst);
  }

  void tell(const IterationEvent& event) {
    if (!some_start_ran_) some_start_ran_ = true;  // to be written once: all threads read it
    Watch* watch = plan_.options.watch;
    if (watch == nullptr) return;
    std::unique_lock lock(mutex_, std::defer_lock);
    if (!watch->is_thread_safe()) lock.lock();
    watch->iteration_done(event);
  }

  Stopwatch preparation_;  // from here to the end of the constructor
  const Plan& plan_;
  Checkpoint& checkpoint_;
  std::size_t round_ = 0;  // of all starts that run, from 1
  RowsOfDataset rows_;
  const RowFacts& facts_;
  FirstParameters first_parameters_;
  Race race_;
  // One a thread; the reducers isolate their waits, so a thread is never in two starts at once.
  tbb::enumerable_thread_specific<std::unique_ptr<Reducer>> reducers_;
  std::mutex mutex_;
  std::vector<Mixture> bases_;             // what variations of this batch start from, best first
  std::optional<double> within_reach_of_;  // best objective before this batch: what cannot get there is left
  Entrants leaders_;  // ascending; of the starts that are done, those that may be finalists
  double seconds_init_ = 0;
  std::atomic<bool> cancelled_ = false;
  std::atomic<bool> some_start_ran_ = false;
};

}  // namespace

StartsResult run_starts(const Dataset& data, const RowFacts& facts, const Plan& plan, Checkpoint& checkpoint,
                        const RunPass& run) {
  return Starts(data, facts, plan, checkpoint, run).run();
}

}  // namespace mixbern
