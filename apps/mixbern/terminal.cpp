#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace mixbern::app {

namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : value;
}

}  // namespace

bool is_terminal(int descriptor) {
  return isatty(descriptor) == 1;
}

std::size_t terminal_width(int descriptor) {
  constexpr std::size_t kDefault = 100;
  constexpr std::size_t kLeast = 40;  // narrower windows wrap; tables would have no room for anything
  winsize size{};
  if (!is_terminal(descriptor) || ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return kDefault;
  return size.ws_col < kLeast ? kLeast : size.ws_col;
}

std::size_t help_width(int descriptor) {
  constexpr std::size_t kElsewhere = 96, kReadable = 120;
  return is_terminal(descriptor) ? std::min(terminal_width(descriptor), kReadable) : kElsewhere;
}

Colours terminal_colours(int descriptor) {
  const std::string_view term = environment("TERM");
  if (!is_terminal(descriptor) || !environment("NO_COLOR").empty() || term.empty() || term == "dumb") {
    return Colours::kNone;
  }
  const std::string_view depth = environment("COLORTERM");
  if (depth == "truecolor" || depth == "24bit") return Colours::kTrue;
  return term.find("256color") != std::string_view::npos ? Colours::k256 : Colours::kNone;
}

}  // namespace mixbern::app
