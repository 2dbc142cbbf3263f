// The commands of the program, one file each.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <span>
#include <string_view>

namespace mixbern::app {

/// One command: its options, and what it does once they are parsed. Returns the exit status; throws
/// std::invalid_argument for a wrong call and InputError for what goes wrong while running.
struct Command {
  CLI::App* options;
  std::function<int()> run;
};

Command add_fit_command(CLI::App& program);
Command add_select_command(CLI::App& program);
Command add_invariance_command(CLI::App& program);
Command add_relate_command(CLI::App& program);
Command add_predict_command(CLI::App& program);
Command add_score_command(CLI::App& program);
Command add_sample_command(CLI::App& program);
Command add_impute_command(CLI::App& program);
Command add_report_command(CLI::App& program);
Command add_inspect_command(CLI::App& program);
Command add_convert_command(CLI::App& program);
Command add_kernels_command(CLI::App& program);
Command add_completion_command(CLI::App& program);
/// Hidden: prints the man page, or the manual as Markdown.
Command add_man_command(CLI::App& program);

struct CommandEntry {
  std::string_view name;
  Command (*add)(CLI::App& program);
  bool describes_program = false;  ///< it needs all the others
};

/// Of mixbern.
std::span<const CommandEntry> all_commands();

}  // namespace mixbern::app
