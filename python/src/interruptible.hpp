// Long work that cannot be ended, such as the factors of a large matrix.
#pragma once

#include <nanobind/nanobind.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace mixbern::python {

namespace nb = nanobind;

/// Looks for Ctrl-C several times a second until `is_done`. If it comes, keeps `kept` until it is done and
/// throws what Python raised. REQUIRES: the GIL is held.
void wait_for(const std::function<bool(std::chrono::milliseconds)>& is_done, std::vector<nb::object> kept);

/// A thread that is joined when it is done, and left to itself when it is given up.
struct Worker {
  explicit Worker(std::thread started) : thread(std::move(started)) {}
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    if (thread.joinable()) thread.detach();
  }
  std::thread thread;
};

/// What `work` returns, with the GIL released. Ctrl-C ends the wait at once; the work goes on by itself, so
/// that it must own what it uses, or be used by it and named in `kept`. REQUIRES: the GIL is held.
template <class Work>
auto interruptible(std::vector<nb::object> kept, Work work) {
  using Result = std::invoke_result_t<Work>;
  const auto task = std::make_shared<std::packaged_task<Result()>>(std::move(work));
  const auto result = std::make_shared<std::future<Result>>(task->get_future());
  Worker worker(std::thread([task] { (*task)(); }));
  wait_for(
      [result](std::chrono::milliseconds most) {
        return result->wait_for(most) == std::future_status::ready;
      },
      std::move(kept));
  worker.thread.join();
  return result->get();
}

}  // namespace mixbern::python
