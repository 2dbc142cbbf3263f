// Long work with the GIL released, watched from Python: Ctrl-C, progress, callbacks.
#pragma once

#include <nanobind/nanobind.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "mixbern/fit/watch.hpp"

namespace mixbern::python {

namespace nb = nanobind;

/// What a fit tells Python, and what Python tells it.
///
/// `on_iteration(stage, start, n_starts, iteration, mean_log_likelihood, remaining_gain)` is called after
/// each iteration, from whatever thread did it; what is true as a result stops the fit. `on_tick(stage,
/// n_iterations, mean_log_likelihood)` is called from the calling thread several times a second. Both may be
/// None. The first exception of either, or Ctrl-C, stops the fit and is kept.
class WatchedRun final : public Watch {
 public:
  WatchedRun(nb::object on_iteration, nb::object on_tick);

  void part_begins(std::string_view part) override;
  void stage_begins(const Stage& stage) override;
  void iteration_done(const IterationEvent& event) override;
  bool is_thread_safe() const override { return true; }
  void units_done(std::size_t n_done) override;
  bool cancelled() override { return cancelled_.load(std::memory_order_relaxed); }

  /// Runs `work` in a thread of its own until it ends. Rethrows what it throws. REQUIRES: the GIL is held.
  void run(const std::function<void()>& work);
  /// The exception that stopped it, or None. REQUIRES: the GIL is held.
  nb::object error() const { return error_; }

 private:
  void keep_error(nb::python_error& error);
  void look();
  std::string told() const;

  nb::object on_iteration_;
  nb::object on_tick_;
  nb::object error_ = nb::none();
  std::atomic<bool> cancelled_ = false;
  std::mutex mutex_;  // guards what follows; never held while waiting for the GIL
  std::string part_;
  std::string stage_;
  Stage of_{};  // without its name
  std::size_t n_iterations_ = 0;
  std::size_t n_units_ = 0;
  double mean_log_likelihood_ = 0;
};

/// The result of `work(watch)`, of which Python hears and which it may end, and the exception that ended
/// it early or None. REQUIRES: the GIL is held.
template <typename Work>
nb::typed<nb::tuple, std::invoke_result_t<Work, Watch*>, std::optional<nb::object>> watched(
    nb::object on_iteration, nb::object on_tick, const Work& work) {
  WatchedRun watch(std::move(on_iteration), std::move(on_tick));
  std::optional<std::invoke_result_t<Work, Watch*>> result;
  watch.run([&] { result.emplace(work(&watch)); });
  return nb::make_tuple(std::move(*result), watch.error());
}

}  // namespace mixbern::python
