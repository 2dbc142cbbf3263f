#include "phases.hpp"

#include <cstdlib>

namespace mixbern::app {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kGlance{20};
constexpr std::chrono::milliseconds kPatience{250};  // for a part that heeds signals itself

}  // namespace

Phases::~Phases() {
  if (gave_up_) std::_Exit(128 + interruption_.signal());
}

bool Phases::wait(std::string_view name, const std::function<bool(std::chrono::milliseconds)>& is_done,
                  const std::function<bool()>& keeps) {
  progress_.phase_begins(name);
  std::optional<Clock::time_point> heard;
  while (!is_done(kGlance)) {
    progress_.wait();
    if (interruption_.signal() == 0) continue;
    if (!heard) heard = Clock::now();
    if (Clock::now() - *heard < kPatience || (keeps && keeps())) continue;
    gave_up_ = true;
    break;
  }
  progress_.finish();
  return !gave_up_;
}

}  // namespace mixbern::app
