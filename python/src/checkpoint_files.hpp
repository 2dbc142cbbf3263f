// Checkpoints as Python names them: by their files.
#pragma once

#include <string>
#include <string_view>

#include "mixbern/mixbern.hpp"

namespace mixbern::python {

/// Empty names stand for none. Throws InputError for files that cannot be read or written.
inline Checkpointing checkpoint_files(const std::string& path, double seconds, const std::string& resume) {
  Checkpointing result{.seconds = seconds};
  if (!resume.empty()) result.resume = read_file(resume);
  if (path.empty()) return result;
  check_writable(path);
  result.save = [path](std::string_view state) {
    write_file_atomically(path, [state](const ByteSink& sink) { sink(state); });
  };
  return result;
}

/// What `fit` returns; a CheckpointError names the file.
template <class Fit>
auto with_checkpoint(const std::string& resume, const Fit& fit) {
  try {
    return fit();
  } catch (const CheckpointError& error) {
    throw InputError({resume}, error.what(),
                     "give the data and the parameters that it is of, or resume=None");
  }
}

}  // namespace mixbern::python
