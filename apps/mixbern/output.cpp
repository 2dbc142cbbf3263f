#include "output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "text.hpp"

namespace mixbern::app {

namespace {

/// Returns 0 or the error number.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

void find_non_finite(const Json& value, const std::string& path, std::vector<std::string>& found) {
  if (value.is_number_float() && !std::isfinite(value.get<double>())) {
    found.push_back(fmt::format("{} is {}", path, value.get<double>()));
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) find_non_finite(value[i], fmt::format("{}[{}]", path, i), found);
  } else if (value.is_object()) {
    for (const auto& [key, member] : value.items()) {
      find_non_finite(member, path.empty() ? key : path + "." + key, found);
    }
  }
}

}  // namespace

void guard_standard_streams() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    // Opened the wrong way round: input for writing, output for reading, so that using it is an error as it was.
    if (open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY) != descriptor) std::_Exit(1);
  }
}

void write_standard_output(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error == 0) return;
  if (error == EPIPE) throw ClosedPipe{};
  throw InputError({"standard output"}, fmt::format("cannot be written ({})", std::strerror(error)),
                   error == ENOSPC ? "free some space or send the output elsewhere" : "send the output elsewhere");
}

void write_standard_error(std::string_view text) { static_cast<void>(write_all(STDERR_FILENO, text)); }

void write_result(const std::string& path, const std::function<void(const ByteSink&)>& write) {
  if (path.empty() || path == "-") {
    write(write_standard_output);
  } else {
    write_file_atomically(path, write);
  }
}

void write_rows(const std::string& path, const Dataset& data, std::optional<DataFormat> format) {
  if (path.empty() || path == "-") {
    write_dataset("-", data, format.value_or(DataFormat::kDelimited));
  } else {
    write_dataset(path, data, format);
  }
}

void Messages::warn(const std::string& text) {
  warnings_.push_back(text);
  if (!quiet_) write_standard_error(fmt::format("mixbern: warning: {}\n", one_line(text)));
}

void Messages::note(const std::string& text) const {
  if (!quiet_) write_standard_error(fmt::format("mixbern: note: {}\n", one_line(text)));
}

void print_json(Json object, Messages& messages) {
  std::vector<std::string> found;
  find_non_finite(object, "", found);
  constexpr std::size_t kTold = 5;
  for (std::size_t i = 0; i < std::min(found.size(), kTold); ++i) {
    messages.warn(found[i] + "; JSON has no such number, it is written as null");
  }
  if (found.size() > kTold) messages.warn(fmt::format("{} more numbers are not finite", found.size() - kTold));
  object["warnings"] = messages.warnings();

  std::string text = "{";
  for (const auto& [key, value] : object.items()) {
    text += fmt::format("{}\n  {}: {}", text.size() > 1 ? "," : "", Json(key).dump(),
                        value.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  write_standard_output(text + "\n}\n");
}

}  // namespace mixbern::app
