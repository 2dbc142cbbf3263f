// Memory that runs out where no exception can pass.
#pragma once

#include <new>
#include <string>
#include <string_view>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern::app {

inline constexpr std::string_view kOutOfMemory =
    "out of memory; use fewer rows (--rows A:B) or fewer components";

/// From now on std::bad_alloc that leaves a function which must not throw (destructors of libraries that take
/// memory themselves, catch blocks) ends the program with that message and kFailed instead of a crash.
/// Unfinished files have no name, or go with the next run.
void end_without_memory();

/// That there is no memory to fit a mixture to the data of this file.
[[noreturn]] void refuse_fit(const std::string& path, const Dataset& data);

/// What `fit` returns; std::bad_alloc names the file, its size and the options that help.
template <class Function>
auto with_memory(const std::string& path, const Dataset& data, const Function& fit) {
  try {
    return fit();
  } catch (const std::bad_alloc&) {
    refuse_fit(path, data);
  }
}

/// From now on memory that the machine does not have is refused, with std::bad_alloc, instead of given and
/// paid for with the end of some process when it is used.
void refuse_memory_beyond_the_machine();

}  // namespace mixbern::app
