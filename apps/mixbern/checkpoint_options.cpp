#include "checkpoint_options.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "common_options.hpp"
#include "mixbern/io/io.hpp"
#include "parse.hpp"

namespace mixbern::app {

namespace {

double parse_seconds(const std::string& text) {
  const double seconds = parse_real("--checkpoint-every", text);
  if (seconds >= 0) return seconds;
  throw std::invalid_argument(
      fmt::format("--checkpoint-every takes a number of at least 0, not \"{}\"", text));
}

}  // namespace

void add_checkpoint_options(CLI::App& command, CheckpointOptions& options) {
  add_value(
      command, "--checkpoint", [&options](const std::string& text) { options.path = text; }, "OUT",
      "Save in this file on the way where the fit is, for --resume", "Running");
  add_value(
      command, "--checkpoint-every",
      [&options](const std::string& text) { options.seconds = parse_seconds(text); }, "SECONDS",
      "Time between two checkpoints at least [60]", "Running");
  add_value(
      command, "--resume", [&options](const std::string& text) { options.resume = text; }, "FILE",
      "Go on from this checkpoint of the same fit, to the result that it would have had", "Running");
}

void check_checkpoint_options(const CheckpointOptions& options) {
  if (options.seconds && options.path.empty())
    throw std::invalid_argument("--checkpoint-every needs --checkpoint OUT, the file to save in");
  if (options.path == "-" || options.resume == "-")
    throw std::invalid_argument(
        fmt::format("{} needs the name of a file, not -", options.path == "-" ? "--checkpoint" : "--resume"));
}

void add_input(const CheckpointOptions& options, std::vector<std::string>& files) {
  if (options.resume != options.path) files.push_back(options.resume);
}

Checkpointing checkpointing(const CheckpointOptions& options, Progress& progress, Messages& messages) {
  Checkpointing result{.seconds = options.seconds.value_or(Checkpointing{}.seconds)};
  if (!options.resume.empty()) result.resume = read_file(options.resume);
  if (options.path.empty()) return result;
  result.save = [path = options.path, failed = false, &progress, &messages](std::string_view state) mutable {
    try {
      write_file_atomically(path, [state](const ByteSink& sink) { sink(state); });
      failed = false;
    } catch (const InputError& error) {
      if (failed) return;
      failed = true;
      progress.finish();
      messages.warn(fmt::format("there is no new checkpoint, and the fit goes on: {}", error.what()));
    }
  };
  return result;
}

void refuse_checkpoint(const CheckpointOptions& options, const CheckpointError& error) {
  throw InputError({options.resume}, error.what(),
                   "repeat the call that saved it, or leave out --resume to begin again");
}

}  // namespace mixbern::app
