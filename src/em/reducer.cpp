#include "em/reducer.hpp"

#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <utility>

namespace mixbern {
namespace {

class SerialReducer : public Reducer {
 public:
  SerialReducer(const StatsLayout& layout, std::size_t block_rows)
      : block_rows_(std::max<std::size_t>(block_rows, 1)), accumulator_(layout) {}

  const StatsLayout& layout() const override { return accumulator_.stats.layout(); }

  const SufficientStats& reduce(const RowSource& rows, const FoldBlock& fold) override {
    accumulator_.stats.clear();
    const std::size_t n_rows = rows.n_rows();
    for (std::size_t begin = 0; begin < n_rows; begin += block_rows_) {
      rows.load(begin, std::min(begin + block_rows_, n_rows), accumulator_.work.rows);
      fold(accumulator_);
    }
    accumulator_.stats.finish();
    return accumulator_.stats;
  }

 private:
  std::size_t block_rows_;
  Accumulator accumulator_;
};

class ThreadReducer : public Reducer {
 public:
  ThreadReducer(const StatsLayout& layout, std::size_t block_rows)
      : block_rows_(std::max<std::size_t>(block_rows, 1)),
        layout_(layout),
        accumulators_([layout] { return Accumulator(layout); }) {}

  const StatsLayout& layout() const override { return layout_; }

  const SufficientStats& reduce(const RowSource& rows, const FoldBlock& fold) override {
    for_each([](Accumulator& accumulator) { accumulator.stats.clear(); });
    const std::size_t n_rows = rows.n_rows();
    const std::size_t n_blocks = (n_rows + block_rows_ - 1) / block_rows_;
    // Isolated: a thread that waits here must not start on another start's rows, whose end it would have to
    // wait for.
    tbb::this_task_arena::isolate([&] {
      tbb::parallel_for(tbb::blocked_range<std::size_t>(0, n_blocks), [&](const auto& blocks) {
        Accumulator& accumulator = accumulators_.local();
        for (std::size_t block = blocks.begin(); block != blocks.end(); ++block) {
          const std::size_t begin = block * block_rows_;
          rows.load(begin, std::min(begin + block_rows_, n_rows), accumulator.work.rows);
          fold(accumulator);
        }
      });
    });
    for_each([](Accumulator& accumulator) { accumulator.stats.finish(); });
    SufficientStats& total = accumulators_.local().stats;
    for (const Accumulator& accumulator : accumulators_) {
      if (&accumulator.stats != &total) total.merge(accumulator.stats);
    }
    return total;
  }

 private:
  template <class Action>
  void for_each(const Action& action) {
    tbb::this_task_arena::isolate([&] {
      tbb::parallel_for(accumulators_.range(), [&](const auto& some) {
        for (Accumulator& accumulator : some) action(accumulator);
      });
    });
  }

  std::size_t block_rows_;
  StatsLayout layout_;
  tbb::enumerable_thread_specific<Accumulator> accumulators_;
};

class WatchedReducer : public Reducer {
 public:
  WatchedReducer(std::unique_ptr<Reducer> reducer, Watch& watch)
      : reducer_(std::move(reducer)), watch_(watch) {}

  const StatsLayout& layout() const override { return reducer_->layout(); }

  const SufficientStats& reduce(const RowSource& rows, const FoldBlock& fold) override {
    return reducer_->reduce(rows, [&](Accumulator& into) {
      if (watch_.cancelled()) throw Stopped{};
      fold(into);
      watch_.rows_done(into.work.rows.size(), rows.n_rows());
    });
  }

 private:
  std::unique_ptr<Reducer> reducer_;
  Watch& watch_;
};

}  // namespace

Passed Reducer::pass(const RowSource& rows, const PassRequest& request) {
  const EStep step(request.mixture, request.facts, scorer_, request.prior, request.mostly_shared);
  const SufficientStats& sums = reduce(rows, [&](Accumulator& into) { step.fold(into.work, into.stats); });
  return passed(step, sums, request);
}

Passed Reducer::passed(const EStep& step, const SufficientStats& sums, const PassRequest& request) {
  return {sums, step.log_likelihood(sums), request.prior.strength > 0 ? step.log_prior() : 0, step.ways()};
}

std::unique_ptr<Reducer> make_serial_reducer(const StatsLayout& layout, std::size_t block_rows) {
  return std::make_unique<SerialReducer>(layout, block_rows);
}

std::unique_ptr<Reducer> make_thread_reducer(const StatsLayout& layout, std::size_t block_rows) {
  return std::make_unique<ThreadReducer>(layout, block_rows);
}

std::unique_ptr<Reducer> make_watched_reducer(std::unique_ptr<Reducer> reducer, Watch& watch) {
  return std::make_unique<WatchedReducer>(std::move(reducer), watch);
}

}  // namespace mixbern
