// A fit that saves on the way where it is, and goes on from there.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "mixbern/fit/checkpoint.hpp"
#include "output.hpp"
#include "progress.hpp"

namespace mixbern::app {

struct CheckpointOptions {
  std::string path;               ///< empty: none is saved
  std::optional<double> seconds;  ///< between two of them
  std::string resume;             ///< empty: from the start
};
/// --checkpoint, --checkpoint-every, --resume.
void add_checkpoint_options(CLI::App& command, CheckpointOptions& options);

/// Throws std::invalid_argument where options do not go together.
void check_checkpoint_options(const CheckpointOptions& options);

/// Adds the checkpoint to go on from to the files that are read, unless the new one takes its place.
void add_input(const CheckpointOptions& options, std::vector<std::string>& files);

/// What the fit is told. A checkpoint that cannot be saved is warned of, once, and the fit goes on; progress
/// and messages must outlive it. Throws InputError where the one to go on from cannot be read.
Checkpointing checkpointing(const CheckpointOptions& options, Progress& progress, Messages& messages);

/// Says, in the place of a CheckpointError, which file cannot be gone on from.
[[noreturn]] void refuse_checkpoint(const CheckpointOptions& options, const CheckpointError& error);

}  // namespace mixbern::app
