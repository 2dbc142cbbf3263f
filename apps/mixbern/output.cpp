#include "output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <new>
#include <numeric>
#include <system_error>

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

/// Whether standard output is a pipe that nobody reads any more.
bool reader_is_gone() {
  pollfd descriptor{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
  return poll(&descriptor, 1, 0) == 1 && (descriptor.revents & POLLERR) != 0;
}

std::size_t count_non_finite(const Json& value) {
  if (value.is_number_float()) return std::isfinite(value.get<double>()) ? 0 : 1;
  if (!value.is_structured()) return 0;
  return std::accumulate(value.begin(), value.end(), std::size_t{0},
                         [](std::size_t sum, const Json& member) { return sum + count_non_finite(member); });
}

void warn_of_non_finite(const std::string& name, const Json& value, Messages& messages) {
  const std::size_t count = count_non_finite(value);
  if (count == 0) return;
  messages.warn(value.is_number() ? fmt::format("{} is not finite, which JSON cannot say: it is null", name)
                                  : fmt::format("{} holds {} that {} not finite, which JSON cannot say: null",
                                                name, counted(count, "number"), count == 1 ? "is" : "are"));
}

}  // namespace

void guard_standard_streams() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    // Opened the wrong way round: input for writing, output for reading, so that using it is an error as it
    // was.
    if (open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY) != descriptor) std::_Exit(1);
  }
}

void write_standard_output(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error == 0) return;
  if (error == EPIPE) throw ClosedPipe{};
  throw InputError(
      {"standard output"}, fmt::format("cannot be written ({})", std::strerror(error)),
      error == ENOSPC ? "free some space or send the output elsewhere" : "send the output elsewhere");
}

void write_standard_error(std::string_view text) {
  static_cast<void>(write_all(STDERR_FILENO, text));
}

SpareFolder::SpareFolder() : path_((std::filesystem::temp_directory_path() / "mixbern-XXXXXX").string()) {
  if (mkdtemp(path_.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), "no temporary folder can be made");
}

SpareFolder::~SpareFolder() {
  rmdir(path_.c_str());
}

void write_result(const std::string& path, const std::function<void(const ByteSink&)>& write) {
  if (path.empty() || path == "-") {
    write(write_standard_output);
  } else {
    write_file_atomically(path, write);
  }
}

void write_rows(const std::string& path, const Dataset& data, std::optional<DataFormat> format) {
  if (!path.empty() && path != "-") {
    write_dataset(path, data, format);
    return;
  }
  try {
    write_dataset("-", data, format.value_or(DataFormat::kDelimited));
  } catch (const InputError&) {
    if (reader_is_gone()) throw ClosedPipe{};
    throw;
  }
}

void write_error(std::string_view message) {
  write_standard_error(fmt::format("mixbern: error: {}\n", one_line(std::string(message))));
}

bool Saves::attempt(const std::function<void()>& save) {
  try {
    save();
    return true;
  } catch (const std::bad_alloc&) {
    write_error("out of memory");
  } catch (const std::exception& error) {
    write_error(error.what());
  }
  failed_ = true;
  return false;
}

void Messages::warn(const std::string& text) {
  warnings_.push_back(text);
  if (!quiet_) write_standard_error(fmt::format("mixbern: warning: {}\n", one_line(text)));
}

void Messages::note(const std::string& text) const {
  if (!quiet_) write_standard_error(fmt::format("mixbern: note: {}\n", one_line(text)));
}

Json parsed(const std::string& text) {
  const auto null_is_nan = [](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::value && value.is_null()) value = std::nan("");
    return true;
  };
  return Json::parse(text, null_is_nan);
}

void print_json(Json object, Messages& messages) {
  for (const auto& [name, value] : object.items()) warn_of_non_finite(name, value, messages);
  object["warnings"] = messages.warnings();

  std::string text = "{";
  for (const auto& [key, value] : object.items()) {
    text += fmt::format("{}\n  {}: {}", text.size() > 1 ? "," : "", Json(key).dump(),
                        value.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  write_standard_output(text + "\n}\n");
}

}  // namespace mixbern::app
