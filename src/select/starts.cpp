#include "select/starts.hpp"

#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <mutex>
#include <numeric>

#include "init/initialise.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kLloydIterations = 10;

double seconds_since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

class Starts {
 public:
  Starts(const Dataset& data, const Plan& plan)
      : data_(data),
        plan_(plan),
        facts_(data, plan.arithmetic),
        items_(summarise_items(data, facts_)),
        runs_(plan.options.n_init),
        reducers_([this, &plan] {
          const std::size_t n_components = plan.options.n_components;
          const StatsLayout layout = layout_for(facts_, n_components);
          const std::size_t block_rows =
              block_rows_for(plan.options.block_rows, n_components, plan.arithmetic);
          return plan.small ? make_serial_reducer(layout, block_rows)
                            : make_thread_reducer(layout, block_rows);
        }) {}

  StartsResult run() {
    std::vector<std::size_t> alive(runs_.size());
    std::iota(alive.begin(), alive.end(), std::size_t{0});
    for (std::size_t iterations = plan_.first_round; alive.size() > plan_.n_finalists; iterations *= 2) {
      run_round("search", alive, iterations);
      rank(alive);
      alive.resize(plan_.small ? plan_.n_finalists : std::max(plan_.n_finalists, (alive.size() + 1) / 2));
    }
    for (const std::size_t start : alive) {
      if (runs_[start]) runs_[start]->tighten_tolerance(plan_.options.tol);
    }
    run_round(is_race() ? "polish" : "fit", alive, plan_.options.max_iter);
    rank(alive);
    std::size_t total = 0;
    for (const auto& run : runs_) total += run ? run->n_e_steps() : 0;
    return {std::move(runs_), alive.front(), total, seconds_init_};
  }

 private:
  bool is_race() const { return runs_.size() > plan_.n_finalists; }

  Mixture first_parameters(std::size_t start, Reducer& reducer) const {
    const FitOptions& options = plan_.options;
    const InitRequest request{options.n_components, options.seed, start, items_.means};
    switch (options.init) {
      case InitMethod::kRows:
        return rows_start(data_, request);
      case InitMethod::kKMeans:
        return kmeans_start(data_, request, kLloydIterations, reducer);
      case InitMethod::kKMeansPlusPlus:
        return kmeans_start(data_, request, 0, reducer);
      case InitMethod::kLabels:
        return labels_start(data_, request, reducer);
      case InitMethod::kModel:
        return *options.init_model;
      case InitMethod::kRandom:
        break;
    }
    return random_start(data_, request);
  }

  void prepare(std::size_t start, Reducer& reducer) {
    const auto begin = std::chrono::steady_clock::now();
    const EmOptions em{plan_.options.max_iter,     is_race() ? plan_.search_tol : plan_.options.tol,
                       plan_.options.smoothing,    plan_.options.hold_labels,
                       plan_.options.acceleration, items_.constant};
    runs_[start] = std::make_unique<EmRun>(data_, facts_, first_parameters(start, reducer), em);
    const std::scoped_lock lock(mutex_);
    seconds_init_ += seconds_since(begin);
  }

  void run_round(const char* stage, const std::vector<std::size_t>& alive, std::size_t iterations) {
    Observer* observer = plan_.options.observer;
    if (observer != nullptr) observer->stage_begins(stage, alive.size(), iterations);
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, alive.size(), 1),
        [&](const auto& range) {
          for (std::size_t i = range.begin(); i != range.end(); ++i) {
            if (cancelled_ && some_start_ran_) continue;
            Reducer& reducer = *reducers_.local();
            if (!runs_[alive[i]]) prepare(alive[i], reducer);
            runs_[alive[i]]->advance(iterations, reducer, hook(alive[i]));
          }
        },
        tbb::simple_partitioner());
  }

  EmRun::IterationHook hook(std::size_t start) {
    return [this, start](std::size_t iteration, double mean, double change, double remaining) {
      some_start_ran_ = true;
      Observer* observer = plan_.options.observer;
      if (observer == nullptr) return false;
      {
        const std::scoped_lock lock(mutex_);
        observer->iteration_done({start, runs_.size(), iteration, mean, change, remaining});
      }
      if (observer->cancelled()) cancelled_ = true;
      return cancelled_.load();
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

  const Dataset& data_;
  const Plan& plan_;
  RowFacts facts_;
  ItemSummary items_;
  std::vector<std::unique_ptr<EmRun>> runs_;
  // One a thread; the reducers isolate their waits, so a thread is never in two starts at once.
  tbb::enumerable_thread_specific<std::unique_ptr<Reducer>> reducers_;
  std::mutex mutex_;
  double seconds_init_ = 0;
  std::atomic<bool> cancelled_ = false;
  std::atomic<bool> some_start_ran_ = false;
};

}  // namespace

StartsResult run_starts(const Dataset& data, const Plan& plan) {
  return Starts(data, plan).run();
}

}  // namespace mixbern
