// A watch for work within other work.
#pragma once

#include "mixbern/fit/watch.hpp"

namespace mixbern {

/// Tells nobody of what is done, and is cancelled where `watch`, which is not owned and may be null, is.
class QuietWatch final : public Watch {
 public:
  explicit QuietWatch(Watch* watch) : watch_(watch) {}
  bool cancelled() override { return is_cancelled(watch_); }

 private:
  Watch* watch_;
};

}  // namespace mixbern
