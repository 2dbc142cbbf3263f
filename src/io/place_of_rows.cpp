#include "io/place_of_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "mixbern/io/io.hpp"

namespace mixbern::io {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 28;

std::optional<bool> from_environment() {
  const char* value = std::getenv("MIXBERN_ROWS");
  if (value == nullptr || *value == '\0') return std::nullopt;
  const std::string_view place = value;
  if (place == "memory" || place == "outside") return place == "outside";
  throw std::invalid_argument("MIXBERN_ROWS takes memory or outside, not \"" + std::string(place) + "\"");
}

}  // namespace

bool rows_stay_outside(const std::vector<std::string>& paths, std::optional<bool> asked) {
  if (!asked) asked = from_environment();
  if (asked) return *asked;
  std::uint64_t n_bytes = 0;
  for (const std::string& path : paths) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (!error) n_bytes += size;
  }
  return n_bytes > std::min(kMostBytes, machine_memory() / 4);
}

}  // namespace mixbern::io
