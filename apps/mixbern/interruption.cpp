#include "interruption.hpp"

#include <signal.h>

#include <atomic>

namespace mixbern::app {

namespace {

// What a signal handler may touch: lock-free, and of static storage because a handler is handed nothing.
std::atomic<int> noted_signal{0};
static_assert(std::atomic<int>::is_always_lock_free);

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

void note(int number) {
  if (noted_signal.exchange(number) == 0) return;
  signal(number, SIG_DFL);
  raise(number);
}

}  // namespace

Interruption::Interruption() {
  noted_signal.store(0);
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int number : kSignals) {
    struct sigaction before {};
    // Shells start background jobs with SIGINT ignored, nohup starts its own with SIGHUP ignored; that stays
    // so.
    if (sigaction(number, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
      sigaction(number, &action, nullptr);
  }
}

Interruption::~Interruption() {
  for (const int number : kSignals) {
    struct sigaction now {};
    if (sigaction(number, nullptr, &now) == 0 && now.sa_handler == note) ::signal(number, SIG_DFL);
  }
}

int Interruption::signal() const {
  return noted_signal.load();
}

}  // namespace mixbern::app
