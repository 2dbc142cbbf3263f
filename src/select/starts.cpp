#include "select/starts.hpp"

#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <numeric>
#include <optional>
#include <utility>

#include "base/stopwatch.hpp"
#include "select/first_parameters.hpp"
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

class Starts {
 public:
  Starts(const Dataset& data, const RowFacts& facts, const Plan& plan, Checkpoint& checkpoint,
         const RunPass& run)
      : plan_(plan),
        checkpoint_(checkpoint),
        rows_(data, plan.arithmetic, plan.options.estimation.hold_labels),
        facts_(facts),
        first_parameters_(data, facts_, plan),
        reducers_([this, &plan, &run] {
          const FitOptions& options = plan.options;
          const StatsLayout layout = layout_for(facts_, options.n_components, plan.keeps_remainders);
          const auto n = block_rows_for(options.block_rows, options.n_components, plan.arithmetic);
          if (plan.small) return make_serial_reducer(layout, n);
          auto local = make_stoppable_reducer(make_thread_reducer(layout, n), [this] { return stopping(); });
          if (!run) return local;
          return make_remote_reducer(std::move(local), options.estimation.hold_labels, run);
        }) {
    seconds_init_ = preparation_.seconds();
  }

  StartsResult run() {
    std::vector<std::size_t> alive =
        plan_.small && is_race() ? search()
                                 : race(added(plan_.options.n_init), plan_.first_round, plan_.n_finalists);
    if (plan_.varies) alive = improved(std::move(alive));
    if (plan_.vanishing_prior) run_round("search", alive, plan_.options.max_iter);
    for (const std::size_t start : alive) {
      if (!runs_[start] || checkpoint_.is_past(start, round_)) continue;
      if (plan_.vanishing_prior) runs_[start]->drop_prior();
      runs_[start]->tighten_tolerance(*plan_.options.tol);
    }
    run_round(is_race() ? "polish" : "fit", alive, plan_.options.max_iter);
    rank(alive);
    if (cancelled_) checkpoint_.save();
    refine(alive.front());
    const std::size_t total = total_iterations();
    std::vector<InitMethod> methods;
    for (std::size_t start = 0; start < runs_.size(); ++start)
      methods.push_back(first_parameters_.method_of(start));
    return {std::move(runs_), std::move(methods), alive.front(), total, seconds_init_};
  }

 private:
  bool is_race() const { return plan_.options.n_init > plan_.n_finalists; }

  std::size_t total_iterations() const {
    std::size_t total = 0;
    for (const auto& run : runs_) total += run ? run->n_e_steps() : 0;
    return total;
  }

  // In additions.
  double work_done() const {
    double work = static_cast<double>(total_iterations()) * plan_.iteration_work;
    for (const auto& run : runs_) work += run ? run->accelerators_work() : 0;
    return work;
  }

  std::vector<std::size_t> all_starts() const {
    std::vector<std::size_t> starts(runs_.size());
    std::iota(starts.begin(), starts.end(), std::size_t{0});
    return starts;
  }

  // `n` more starts.
  std::vector<std::size_t> added(std::size_t n) {
    std::vector<std::size_t> starts(n);
    std::iota(starts.begin(), starts.end(), runs_.size());
    runs_.resize(runs_.size() + n);
    for (const std::size_t start : starts) {
      if (checkpoint_.has(start)) resume(start);
    }
    return starts;
  }

  // As it was when it was saved.
  void resume(std::size_t start) {
    runs_[start] = new_run(first_parameters_.none());
    checkpoint_.restore(start, *runs_[start]);
    some_start_ran_ = true;
  }

  std::unique_ptr<EmRun> new_run(Mixture first) const {
    const double tol = is_race() ? plan_.search_tol : *plan_.options.tol;
    return std::make_unique<EmRun>(rows_, facts_, std::move(first), first_parameters_.em_options(tol));
  }

  // Ranks them, and only the best `n` stay.
  void keep_best(std::size_t n, std::vector<std::size_t>& starts) {
    if (!checkpoint_.recall_choice(n, starts)) {
      rank(starts);
      if (!cancelled_) checkpoint_.note_choice(n, starts);
    }
    for (std::size_t i = n; i < starts.size(); ++i) retire(starts[i]);
    starts.resize(n);
  }

  // The best `n` of a race, in which the worse half drops out round by round; each round is twice as long as
  // the one before.
  std::vector<std::size_t> race(std::vector<std::size_t> alive, std::size_t iterations, std::size_t n) {
    for (; alive.size() > n; iterations *= 2) {
      run_round("search", alive, iterations);
      keep_best(std::max(n, (alive.size() + 1) / 2), alive);
    }
    return alive;
  }

  // The finalists of a race, after variations of them raced too: round by round until some rounds in a row
  // found nothing better, or the search has done its work; variations may always do as much as the race.
  std::vector<std::size_t> improved(std::vector<std::size_t> finalists) {
    run_round("search", finalists, plan_.options.max_iter);
    rank(finalists);
    const double most = std::max(2 * work_done(), plan_.most_work);
    for (std::size_t in_vain = 0; in_vain < kRoundsInVain && !stopping() && work_done() < most;) {
      const double best = objective(finalists.front());
      take_bases();
      const std::vector<std::size_t> variations =
          race(added(kVariations), kVariationRound, kVariationFinalists);
      run_round("search", variations, plan_.options.max_iter);
      finalists.insert(finalists.end(), variations.begin(), variations.end());
      keep_best(plan_.n_finalists, finalists);
      in_vain = objective(finalists.front()) > best + kSameOptimum ? 0 : in_vain + 1;
    }
    return finalists;
  }

  // The finalists among starts that are all run to the end, batch by batch.
  std::vector<std::size_t> search() {
    const bool all = plan_.most_work == 0;
    do {
      const std::size_t left = plan_.options.n_init - runs_.size();
      const std::size_t batch = std::max(kFirstBatch, runs_.size() / 4);
      take_bases();
      if (!all && !leaders_.empty()) within_reach_of_ = objective(ranked_leaders().front());
      run_round("search", added(std::min(left, batch)), plan_.options.max_iter);
    } while (!stopping() && runs_.size() < plan_.options.n_init && (all || !is_done()));
    within_reach_of_.reset();
    std::vector<std::size_t> finalists = all_starts();
    keep_best(std::min(plan_.n_finalists, finalists.size()), finalists);
    return finalists;
  }

  std::vector<std::size_t> ranked_leaders() const {
    std::vector<std::size_t> ranked = leaders_;
    rank(ranked);
    return ranked;
  }

  // What the next batch may vary: the best optima so far that differ.
  void take_bases() {
    std::vector<std::size_t> ranked = all_starts();
    rank(ranked);
    bases_.clear();
    double last = std::numeric_limits<double>::infinity();
    for (const std::size_t start : ranked) {
      if (bases_.size() == kBases || !runs_[start]) break;
      if (objective(start) > last - kDistinct) continue;
      last = objective(start);
      bases_.push_back(runs_[start]->mixture());
    }
  }

  bool is_done() const {
    if (work_done() >= plan_.most_work) return true;
    std::vector<double> log_likelihoods;
    for (const auto& run : runs_) {
      if (run) log_likelihoods.push_back(run->log_likelihood());
    }
    return unseen_share(log_likelihoods) <= kUnseenShare;
  }

  void prepare(std::size_t start, Reducer& reducer) {
    const Stopwatch preparation;
    runs_[start] = new_run(first_parameters_.of(start, bases_, reducer, cancelling()));
    const std::scoped_lock lock(mutex_);
    seconds_init_ += preparation.seconds();
  }

  void run_round(const char* stage, const std::vector<std::size_t>& alive, std::size_t iterations) {
    Observer* observer = plan_.options.observer;
    if (observer != nullptr) observer->stage_begins(stage, alive.size(), iterations);
    ++round_;
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, alive.size(), 1),
        [&](const auto& range) {
          for (std::size_t i = range.begin(); i != range.end(); ++i) {
            if (stopping()) continue;
            go_on(alive[i], iterations);
            if (plan_.small && iterations == plan_.options.max_iter && alive.size() > plan_.n_finalists)
              keep_leaders(alive[i]);
          }
        },
        tbb::simple_partitioner());
  }

  void go_on(std::size_t start, std::size_t iterations) {
    Reducer& reducer = *reducers_.local();
    try {
      if (!runs_[start]) prepare(start, reducer);
      if (within_reach_of_) {
        try_out(start, reducer);
      } else {
        checkpoint_.advance({start, round_, iterations}, *runs_[start], reducer, hook(start));
      }
    } catch (const Stopped&) {
      if (runs_[start] && runs_[start]->n_iter() == 0) runs_[start].reset();
    }
  }

  // Runs it to its end, or until the best optimum is out of its reach.
  void try_out(std::size_t start, Reducer& reducer) {
    EmRun& run = *runs_[start];
    double before = -std::numeric_limits<double>::infinity();
    for (std::size_t n = kTrialIterations; !run.advance(n, reducer, hook(start)); n = run.n_iter()) {
      const double gain = run.objective() - before;
      if (run.objective() + kReach * gain < *within_reach_of_) return;
      before = run.objective();
    }
  }

  void refine(std::size_t start) {
    if (!runs_[start] || stopping()) return;
    try {
      runs_[start]->refine(*reducers_.local());
    } catch (const Stopped&) {  // it stays as it was, which is as good but for rounding
    }
  }

  // Whether the fit is to end at once: there is a model, and somebody cancelled.
  bool stopping() {
    if (!some_start_ran_) return false;
    if (Observer* observer = plan_.options.observer; observer && observer->cancelled()) cancelled_ = true;
    return cancelled_;
  }

  void retire(std::size_t start) {
    if (!runs_[start]) return;
    runs_[start]->retire();
    if (!cancelled_) checkpoint_.renew(start, *runs_[start]);
  }

  // A round that runs every start to its end would hold the whole traces and the working memory of all: those
  // that others have beaten already need theirs no more.
  void keep_leaders(std::size_t start) {
    if (checkpoint_.has_choice()) return;  // they were told apart before the fit was resumed
    const std::scoped_lock lock(mutex_);
    leaders_.insert(std::ranges::upper_bound(leaders_, start), start);
    if (leaders_.size() <= plan_.n_finalists) return;
    const std::size_t last = ranked_leaders().back();
    retire(last);
    std::erase(leaders_, last);
  }

  // Tells nobody of the iterations, but lets them be cancelled.
  EmRun::IterationHook cancelling() const {
    return [this](std::size_t, double, double, double) {
      Observer* observer = plan_.options.observer;
      return observer != nullptr && observer->cancelled();
    };
  }

  EmRun::IterationHook hook(std::size_t start) {
    return [this, start](std::size_t iteration, double mean, double change, double remaining) {
      some_start_ran_ = true;
      if (Observer* observer = plan_.options.observer) {
        const std::scoped_lock lock(mutex_);
        observer->iteration_done({start, runs_.size(), iteration, mean, change, remaining});
      }
      return stopping();
    };
  }

  double objective(std::size_t start) const {
    const auto& run = runs_[start];
    return run ? run->objective() : -std::numeric_limits<double>::infinity();
  }

  // Best first. A start that never ran comes after any that did, even one with log-likelihood −∞.
  void rank(std::vector<std::size_t>& starts) const {
    std::stable_sort(starts.begin(), starts.end(), [this](std::size_t a, std::size_t b) {
      if (!runs_[a] || !runs_[b]) return runs_[a] != nullptr && runs_[b] == nullptr;
      return objective(a) > objective(b);
    });
  }

  Stopwatch preparation_;  // from here to the end of the constructor
  const Plan& plan_;
  Checkpoint& checkpoint_;
  std::size_t round_ = 0;  // of all starts that run, from 1
  RowsOfDataset rows_;
  const RowFacts& facts_;
  FirstParameters first_parameters_;
  std::vector<std::unique_ptr<EmRun>> runs_;
  // One a thread; the reducers isolate their waits, so a thread is never in two starts at once.
  tbb::enumerable_thread_specific<std::unique_ptr<Reducer>> reducers_;
  std::mutex mutex_;
  std::vector<Mixture> bases_;             // what variations of this batch start from, best first
  std::optional<double> within_reach_of_;  // best objective before this batch: what cannot get there is left
  std::vector<std::size_t> leaders_;  // ascending; of the starts that are done, those that may be finalists
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
