// Ctrl-C, or a terminal that closes, while a fit runs.
#pragma once

namespace mixbern::app {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP is only noted; a second one does what it does by
/// default. One at a time.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  /// The signal that came, 0 if none did.
  int signal() const;
};

}  // namespace mixbern::app
