// Memory that runs out where no exception can pass.
#pragma once

#include <string_view>

namespace mixbern::app {

inline constexpr std::string_view kOutOfMemory =
    "out of memory; use fewer rows (--rows A:B) or fewer components";

/// From now on std::bad_alloc that leaves a function which must not throw (destructors of libraries that take
/// memory themselves, catch blocks) ends the program with that message and kFailed instead of a crash.
/// Unfinished files have no name, or go with the next run.
void end_without_memory();

}  // namespace mixbern::app
