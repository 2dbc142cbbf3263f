// The one exception for bad input: it knows the file and the place in it.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace mixbern {

/// Where in an input something was found. Lines and columns count from 1; 0 means unknown or without meaning.
struct Place {
  std::string file;
  std::size_t line = 0;
  std::size_t column = 0;
};

/// Bad input data: a file that cannot be read or written, or whose contents do not make sense.
///
/// `what()` is one line, "file:line:column: reason; remedy", with the parts that are known. Control
/// characters in it are escaped. Misuse of the library (an option out of range, K = 0) is
/// std::invalid_argument instead.
class InputError : public std::runtime_error {
 public:
  InputError(Place place, std::string reason, std::string remedy = {});

  const Place& place() const { return place_; }
  const std::string& reason() const { return reason_; }
  const std::string& remedy() const { return remedy_; }

 private:
  Place place_;
  std::string reason_;
  std::string remedy_;
};

/// The system refused to open, read or write a file.
class FileError : public InputError {
 public:
  /// `code` is an errno, whose words follow `what`: "cannot open: No such file or directory".
  FileError(Place place, const std::string& what, int code, std::string remedy = {});

  int code() const { return code_; }

 private:
  int code_;
};

}  // namespace mixbern
