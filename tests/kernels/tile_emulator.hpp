// Processors without tiles (AMX) run tile instructions all the same: each one traps, and is then done here.
#pragma once

#if defined(__x86_64__) && defined(__linux__)

#include <csignal>

namespace mixbern {

/// While it lives, an illegal instruction that is one of those of the kernel "amx" has the effect that
/// Intel's manual gives it (Software Developer's Manual, volume 2: LDTILECFG, TILERELEASE, TILEZERO,
/// TILELOADD, TILESTORED, TDPBUUD); tiles are of a thread. Every other one ends the process as before. One at
/// a time.
class TileEmulator {
 public:
  TileEmulator();
  ~TileEmulator();
  TileEmulator(const TileEmulator&) = delete;
  TileEmulator& operator=(const TileEmulator&) = delete;

 private:
  struct sigaction before_ = {};
};

}  // namespace mixbern

#endif
