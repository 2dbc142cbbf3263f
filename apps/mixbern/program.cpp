#include "program.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <exception>
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

void set_up(CLI::App& program) {
  program.set_version_flag("--version", fmt::format("mixbern {}", mixbern::version()));
  program.require_subcommand(1);
  program.get_help_ptr()->description("Print this help");
  program.footer(
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

}  // namespace

void guard_process() {
  end_without_memory();
  refuse_memory_beyond_the_machine();
  guard_standard_streams();
  signal(SIGPIPE, SIG_IGN);  // a reader that goes away shows as a failed write
  signal(SIGXFSZ, SIG_IGN);  // and so does a file that may not grow further
}

int run_program(int argc, char** argv, const std::function<std::vector<Command>(CLI::App&)>& add_commands) {
  CLI::App program(
      "Mixtures of multivariate Bernoulli distributions: latent classes of rows of zeros and ones.",
      "mixbern");
  set_up(program);
  const auto commands = add_commands(program);
  for (const Command& command : commands) command.options->get_help_ptr()->description("Print this help");
  if (argc < 2) {
    write_standard_error(overview_text(program, help_width(STDERR_FILENO)));
    return kWrongCall;
  }
  if (std::string_view(argv[1]) == "help" && argc < 4) {
    write_standard_output(argc == 2 ? overview_text(program, help_width(STDOUT_FILENO))
                                    : help_of(program, argv[2]));
    return 0;
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::CallForVersion& version) {
    write_standard_output(std::string(version.what()) + "\n");
    return 0;
  } catch (const CLI::CallForHelp&) {
    const CLI::App& command = parsed_command(program);
    const std::size_t width = help_width(STDOUT_FILENO);
    write_standard_output(&command == &program ? overview_text(program, width)
                                               : help_text(describe(command), width));
    return 0;
  } catch (const CLI::ParseError& error) {
    return tell({explain_call(program, error), kWrongCall});
  }
  for (const Command& command : commands) {
    if (command.options->parsed()) return command.run();
  }
  return kWrongCall;
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
