#include "interruptible.hpp"

#include <list>

namespace mixbern::python {

namespace {

constexpr std::chrono::milliseconds kLookEvery{50};

struct GivenUp {
  std::function<bool(std::chrono::milliseconds)> is_done;
  std::vector<nb::object> kept;
};

// Never destroyed: at the end of the process Python is gone before.
std::list<GivenUp>& given_up() {
  static auto* const list = new std::list<GivenUp>;
  return *list;
}

}  // namespace

void wait_for(const std::function<bool(std::chrono::milliseconds)>& is_done, std::vector<nb::object> kept) {
  given_up().remove_if([](const GivenUp& work) { return work.is_done(std::chrono::milliseconds(0)); });
  for (;;) {
    {
      const nb::gil_scoped_release released;
      if (is_done(kLookEvery)) return;
    }
    // Signals reach Python in its main thread only, when that asks.
    if (PyErr_CheckSignals() == 0) continue;
    given_up().push_back({is_done, std::move(kept)});
    throw nb::python_error();
  }
}

}  // namespace mixbern::python
