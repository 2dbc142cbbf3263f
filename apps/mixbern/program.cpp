#include "program.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string_view>

#include "call_errors.hpp"
#include "help_pages.hpp"
#include "mixbern/io/error.hpp"
#include "mixbern/kernels/version.hpp"
#include "out_of_memory.hpp"
#include "output.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

constexpr int kWrongCall = 2;

// The options of some commands.
struct Program {
  explicit Program(std::span<const CommandEntry> entries) {
    set_up();
    for (const CommandEntry& entry : entries) {
      commands.push_back(entry.add(options));
      commands.back().options->get_help_ptr()->description("Print this help");
    }
  }
  void set_up();

  CLI::App options{
      "Mixtures of multivariate Bernoulli distributions: latent classes of rows of zeros and ones.",
      "mixbern"};
  std::vector<Command> commands;
};

void Program::set_up() {
  options.set_version_flag("--version", fmt::format("mixbern {}", mixbern::version()));
  options.require_subcommand(1);
  options.get_help_ptr()->description("Print this help");
  options.footer(
      "# what is in the file? It ends with the call that fits\n"
      "mixbern inspect survey.csv\n"
      "# how many classes?\n"
      "mixbern select survey.csv -k 1:6 --id respondent\n"
      "# three of them: the model, a page to look at, a table for the paper\n"
      "mixbern fit survey.csv -k 3 --id respondent --model m.model --report m.html --table m.tex\n"
      "# who is in which class?\n"
      "mixbern predict m.model survey.csv --id respondent -o classes.csv");
}

/// "help fit" is "fit --help".
std::string help_of(const CLI::App& program, const std::string& name) {
  for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == name) return help_text(describe(*command), help_width(STDOUT_FILENO));
  }
  throw std::invalid_argument(unknown_command(program, name));
}

// A call that is right needs only the options of the command that its first word names, which are there
// sooner than those of all. Null: all are wanted, for help or for what to say of a wrong call.
std::unique_ptr<Program> parsed_alone(int argc, char** argv, std::span<const CommandEntry> entries) {
  const std::string_view name = argc > 1 ? argv[1] : "";
  const auto entry = std::ranges::find(entries, name, &CommandEntry::name);
  if (entry == entries.end() || entry->describes_program) return nullptr;
  auto program = std::make_unique<Program>(std::span(entry, 1));
  try {
    program->options.parse(argc, argv);
  } catch (const CLI::Error&) {
    return nullptr;
  }
  return program;
}

int run_among(int argc, char** argv, std::span<const CommandEntry> entries) {
  Program program(entries);
  const CLI::App& options = program.options;
  if (argc < 2) {
    write_standard_error(overview_text(options, help_width(STDERR_FILENO)));
    return kWrongCall;
  }
  if (std::string_view(argv[1]) == "help" && argc < 4) {
    write_standard_output(argc == 2 ? overview_text(options, help_width(STDOUT_FILENO))
                                    : help_of(options, argv[2]));
    return 0;
  }
  try {
    program.options.parse(argc, argv);
  } catch (const CLI::CallForVersion& version) {
    write_standard_output(std::string(version.what()) + "\n");
    return 0;
  } catch (const CLI::CallForHelp&) {
    const CLI::App& command = parsed_command(options);
    const std::size_t width = help_width(STDOUT_FILENO);
    write_standard_output(&command == &options ? overview_text(options, width)
                                               : help_text(describe(command), width));
    return 0;
  } catch (const CLI::ParseError& error) {
    return tell({explain_call(options, error), kWrongCall});
  }
  for (const Command& command : program.commands) {
    if (command.options->parsed()) return command.run();
  }
  return kWrongCall;
}

}  // namespace

void guard_process() {
  end_without_memory();
  refuse_memory_beyond_the_machine();
  guard_standard_streams();
  signal(SIGPIPE, SIG_IGN);  // a reader that goes away shows as a failed write
  signal(SIGXFSZ, SIG_IGN);  // and so does a file that may not grow further
}

int run_program(int argc, char** argv, std::span<const CommandEntry> commands) {
  const bool asks_version = argc == 2 && std::string_view(argv[1]) == "--version";
  if (asks_version) return run_among(argc, argv, {});
  if (const auto program = parsed_alone(argc, argv, commands)) return program->commands.front().run();
  return run_among(argc, argv, commands);
}

Failure current_failure() {
  try {
    throw;
  } catch (const ClosedPipe&) {
    return {"", kFailed};
  } catch (const InputError& error) {
    return {error.what(), kFailed};
  } catch (const std::invalid_argument& error) {
    return {error.what(), kWrongCall};
  } catch (const std::bad_alloc&) {
    return {std::string(kOutOfMemory), kFailed};
  } catch (const std::exception& error) {
    return {error.what(), kFailed};
  }
}

int tell(const Failure& failure) {
  if (!failure.message.empty()) write_error(failure.message);
  return failure.status;
}

}  // namespace mixbern::app
