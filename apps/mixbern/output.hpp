// Everything the program writes: standard output, result files, JSON, warnings.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "mixbern/io/io.hpp"

namespace mixbern::app {

/// Exit status of a command that could not do all of what was asked.
constexpr int kFailed = 1;

/// Nobody reads standard output any more; the program ends without a word.
struct ClosedPipe {};

/// Makes sure that descriptors 0, 1 and 2 are taken, so that no file that is opened later gets one of them
/// and is written over by a message. Writing to one that was closed still fails.
void guard_standard_streams();

/// Throws InputError when it cannot be written, ClosedPipe when the reader went away.
void write_standard_output(std::string_view text);
/// Never fails: there is nowhere left to say so.
void write_standard_error(std::string_view text);

/// A new folder for temporary files, which only this user may look into. Goes again if nothing is put there.
class SpareFolder {
 public:
  /// Throws where there is none to be had.
  SpareFolder();
  ~SpareFolder();
  SpareFolder(const SpareFolder&) = delete;
  SpareFolder& operator=(const SpareFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Hands `write` a sink for the file `path` (atomic, see write_file_atomically), or for standard output where
/// `path` is empty or "-".
void write_result(const std::string& path, const std::function<void(const ByteSink&)>& write);

/// Writes `data` to the file `path`, or to standard output where `path` is empty or "-": then as `format`,
/// CSV if none.
void write_rows(const std::string& path, const Dataset& data, std::optional<DataFormat> format);

/// Tells an error on standard error.
void write_error(std::string_view message);

/// What is written once the work is done. What cannot be written is told, and the rest goes on: a result that
/// took hours is not lost for want of a disk.
class Saves {
 public:
  /// Whether `save` did it.
  bool attempt(const std::function<void()>& save);
  bool failed() const { return failed_; }

 private:
  bool failed_ = false;
};

/// Warnings, told on standard error unless quiet, and kept for the JSON object.
class Messages {
 public:
  explicit Messages(bool quiet) : quiet_(quiet) {}
  void warn(const std::string& text);
  void note(const std::string& text) const;
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  bool quiet_;
  std::vector<std::string> warnings_;
};

using Json = nlohmann::ordered_json;

/// An object or list that the library made (mixbern/json.hpp). Its nulls are numbers that are not finite;
/// they become such numbers again, so that print_json warns of them.
Json parsed(const std::string& text);

/// Prints `object` with the warnings as its last member, one member a line. Numbers that are not finite
/// become null, each with a warning.
void print_json(Json object, Messages& messages);

}  // namespace mixbern::app
