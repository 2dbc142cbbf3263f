#include "watched_run.hpp"

#include <nanobind/stl/string.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <thread>
#include <utility>

namespace mixbern::python {

namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(50);

}  // namespace

WatchedRun::WatchedRun(nb::object on_iteration, nb::object on_tick)
    : on_iteration_(std::move(on_iteration)), on_tick_(std::move(on_tick)) {}

void WatchedRun::part_begins(std::string_view part) {
  const std::scoped_lock lock(mutex_);
  part_ = part;
}

void WatchedRun::stage_begins(const Stage& stage) {
  const std::scoped_lock lock(mutex_);
  stage_ = stage.name;
  of_ = stage;
  of_.name = {};
  n_units_ = 0;
}

void WatchedRun::units_done(std::size_t n_done) {
  const std::scoped_lock lock(mutex_);
  n_units_ = std::max(n_units_, n_done);
}

// "K 2 of 5, bootstrap test, sample 12 of 100".
std::string WatchedRun::told() const {
  std::string text = part_.empty() ? stage_ : part_ + ", " + stage_;
  if (of_.unit == Unit::kIterations) return text;
  text.append(", ").append(to_string(of_.unit)).append(" ").append(std::to_string(n_units_));
  return text.append(" of ").append(std::to_string(of_.n));
}

void WatchedRun::iteration_done(const IterationEvent& event) {
  std::string stage;
  {
    const std::scoped_lock lock(mutex_);
    ++n_iterations_;
    mean_log_likelihood_ = event.mean_log_likelihood;
    stage = stage_;
  }
  if (on_iteration_.is_none() || cancelled()) return;
  const nb::gil_scoped_acquire gil;
  try {
    const nb::object stop = on_iteration_(stage, event.start, event.n_starts, event.iteration,
                                          event.mean_log_likelihood, event.remaining_gain);
    const int truth = PyObject_IsTrue(stop.ptr());
    if (truth < 0) throw nb::python_error();
    if (truth == 1) cancelled_ = true;
  } catch (nb::python_error& error) {
    keep_error(error);
  }
}

void WatchedRun::keep_error(nb::python_error& error) {
  cancelled_ = true;
  if (error_.is_none()) error_ = nb::borrow(error.value());
}

// Signals reach Python in its main thread only, when that asks.
void WatchedRun::look() {
  const nb::gil_scoped_acquire gil;
  try {
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    if (on_tick_.is_none() || cancelled()) return;
    std::string stage;
    std::size_t n_iterations;
    double mean_log_likelihood;
    {
      const std::scoped_lock lock(mutex_);
      stage = told();
      n_iterations = n_iterations_;
      mean_log_likelihood = mean_log_likelihood_;
    }
    on_tick_(stage, n_iterations, mean_log_likelihood);
  } catch (nb::python_error& error) {
    keep_error(error);
  }
}

void WatchedRun::run(const std::function<void()>& work) {
  std::exception_ptr thrown;
  {
    const nb::gil_scoped_release released;
    std::mutex mutex;
    std::condition_variable ended;
    bool done = false;
    std::jthread worker([&] {
      try {
        work();
      } catch (...) {
        thrown = std::current_exception();
      }
      const std::scoped_lock lock(mutex);
      done = true;
      ended.notify_one();
    });
    std::unique_lock lock(mutex);
    while (!ended.wait_for(lock, kLookEvery, [&] { return done; })) {
      lock.unlock();
      look();
      lock.lock();
    }
    lock.unlock();
    look();  // for the last time: short work is shown too
  }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace mixbern::python
