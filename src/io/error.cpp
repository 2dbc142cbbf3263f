#include "mixbern/io/error.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "io/message.hpp"

namespace mixbern {
namespace {

std::string one_line(const Place& place, const std::string& reason, const std::string& remedy) {
  std::string text = place.file == "-" ? "standard input" : place.file;
  if (place.line != 0) text += fmt::format(":{}", place.line);
  if (place.line != 0 && place.column != 0) text += fmt::format(":{}", place.column);
  if (!text.empty()) text += ": ";
  text += reason;
  if (!remedy.empty()) text += fmt::format("; {}", remedy);
  return io::escaped(text);
}

}  // namespace

InputError::InputError(Place place, std::string reason, std::string remedy)
    : std::runtime_error(one_line(place, reason, remedy)),
      place_(std::move(place)),
      reason_(std::move(reason)),
      remedy_(std::move(remedy)) {}

FileError::FileError(Place place, const std::string& what, int code, std::string remedy)
    : InputError(std::move(place), fmt::format("{}: {}", what, std::generic_category().message(code)),
                 std::move(remedy)),
      code_(code) {}

}  // namespace mixbern
