#include "out_of_memory.hpp"

#include <cstdlib>
#include <exception>
#include <new>

#include "output.hpp"

namespace mixbern::app {

namespace {

// Takes no memory itself.
[[noreturn]] void end() {
  try {
    if (std::exception_ptr const thrown = std::current_exception()) std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    for (const std::string_view part :
         {std::string_view("mixbern: error: "), kOutOfMemory, std::string_view("\n")})
      write_standard_error(part);
    std::_Exit(kFailed);
  } catch (...) {
    std::abort();
  }
  std::abort();
}

}  // namespace

void end_without_memory() {
  std::set_terminate(end);
}

}  // namespace mixbern::app
