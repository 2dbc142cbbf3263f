// A file that takes its name only when it is whole.
#pragma once

#include <sys/types.h>

#include <string>

#include "mixbern/io/error.hpp"

namespace mixbern::io {

/// What went wrong with a file that is written; `code` is an errno.
FileError write_error(const std::string& path, const char* what, int code);

/// Of a file that was not there: less the umask.
inline constexpr ::mode_t kNewFileMode = 0666;

/// The name beside `target` that one of several files has while it is written.
std::string hidden_name(const std::string& target, int slot);

/// Has no name until commit() where the file system can do that (O_TMPFILE), else a hidden one beside the
/// target; only its owner may read it meanwhile. Without commit() nothing stays, and what a process that was
/// killed left behind goes when the next file of the same target is made: the hidden name follows from the
/// target's, and a lock tells whether somebody still writes.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string target);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  int descriptor() const { return descriptor_; }

  /// Puts the file in the target's place, on the disk too, with the rights of a file that was there; its
  /// owner and group are kept as far as the system lets us.
  void commit();

 private:
  void remove_left_over() const;
  void open_without_name();
  void open_hidden();
  void keep_rights() const;
  bool link_target();
  void link_hidden();
  void sync_folder() const;

  std::string target_;
  int descriptor_ = -1;
  std::string name_ = {};  // empty: it has none
  ::mode_t mode_ = 0;
};

}  // namespace mixbern::io
