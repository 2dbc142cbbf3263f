#include "out_of_memory.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>
#include <thread>

#include "mixbern/io/io.hpp"
#include "output.hpp"
#include "text.hpp"

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

// Stacks are counted whole, however little of them is used.
constexpr std::uint64_t kBytesAThread = std::uint64_t{16} << 20;

}  // namespace

void refuse_fit(const std::string& path, const Dataset& data) {
  throw InputError({path},
                   fmt::format("there is not enough memory to fit {} of {}", counted(data.n_rows(), "row"),
                               counted(data.n_features(), "feature")),
                   "use fewer components (-k), rows (--rows A:B) or columns (--columns)");
}

void refuse_memory_beyond_the_machine() {
  const std::uint64_t most = machine_memory() + kBytesAThread * std::thread::hardware_concurrency();
  rlimit before{};
  if (most < machine_memory() || getrlimit(RLIMIT_DATA, &before) != 0 || before.rlim_cur <= most) return;
  rlimit now = before;
  now.rlim_cur = most;
  setrlimit(RLIMIT_DATA, &now);
  // Sanitizers have mapped more by now than any machine has, and could take nothing any more.
  void* const probe = mmap(nullptr, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe == MAP_FAILED) {
    setrlimit(RLIMIT_DATA, &before);
  } else {
    munmap(probe, 1);
  }
}

void end_without_memory() {
  std::set_terminate(end);
}

}  // namespace mixbern::app
