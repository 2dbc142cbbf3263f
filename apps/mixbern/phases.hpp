// The parts of a command that take long, one after the other.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

#include "interruption.hpp"
#include "progress.hpp"

namespace mixbern::app {

/// Runs each part in a thread of its own, while this one names it to who waits and listens for a signal. Most
/// parts cannot be ended from outside, such as the factors of a large matrix: what is not done soon after a
/// signal is given up. It goes on by itself then, so the end of this object is the end of the program.
///
/// Whatever a part refers to must be made before this object. Legal calls: run* ~Phases.
class Phases {
 public:
  Phases(Progress& progress, const Interruption& interruption)
      : progress_(progress), interruption_(interruption) {}
  /// Ends the program, with the status of the signal, if a part was given up.
  ~Phases();
  Phases(const Phases&) = delete;
  Phases& operator=(const Phases&) = delete;

  /// What `work` returns; nothing if a signal came before, or came while it ran and it was given up. What it
  /// throws is thrown here. It is waited for as long as `keeps` says that more would be lost than time.
  template <class Work>
  auto run(std::string_view name, Work work, const std::function<bool()>& keeps = {})
      -> std::optional<std::invoke_result_t<Work>> {
    if (interruption_.signal() != 0) return std::nullopt;
    const auto task = std::make_shared<std::packaged_task<std::invoke_result_t<Work>()>>(std::move(work));
    auto result = task->get_future();
    Worker worker;
    try {
      worker.thread = std::thread([task] { (*task)(); });
    } catch (const std::system_error&) {
      (*task)();  // there is no thread to be had; signals have to wait
    }
    const auto is_done = [&result](std::chrono::milliseconds most) {
      return result.wait_for(most) == std::future_status::ready;
    };
    if (!wait(name, is_done, keeps)) return std::nullopt;
    if (worker.thread.joinable()) worker.thread.join();
    return result.get();
  }

 private:
  // A thread that is joined when it is done, and left to itself when it is given up.
  struct Worker {
    Worker() = default;
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    ~Worker() {
      if (thread.joinable()) thread.detach();
    }
    std::thread thread;
  };

  // False: given up.
  bool wait(std::string_view name, const std::function<bool(std::chrono::milliseconds)>& is_done,
            const std::function<bool()>& keeps);

  Progress& progress_;
  const Interruption& interruption_;
  bool gave_up_ = false;
};

}  // namespace mixbern::app
