// The commands about the program itself: kernels, completion, man.
#include <fmt/format.h>

#include <memory>
#include <stdexcept>

#include "commands.hpp"
#include "common_options.hpp"
#include "help_pages.hpp"
#include "mixbern/kernels/kernels.hpp"
#include "mixbern/kernels/ways.hpp"
#include "output.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

int run_kernels(bool json) {
  const std::string active = active_kernel();
  if (json) {
    Json list = Json::array();
    for (const KernelInfo& kernel : kernels()) {
      list.push_back({{"name", kernel.name},
                      {"description", kernel.description},
                      {"supported", kernel.supported},
                      {"active", kernel.active}});
    }
    Json way_list = Json::array();
    for (const WayInfo& way : ways()) {
      way_list.push_back(
          {{"name", way.name}, {"kind", way.kind}, {"description", way.description}, {"forced", way.forced}});
    }
    Messages messages(true);
    print_json({{"kernels", list}, {"active", active}, {"ways", way_list}}, messages);
    return 0;
  }
  std::string text;
  for (const KernelInfo& kernel : kernels()) {
    text += fmt::format("{} {}{}{}\n", kernel.active ? "*" : " ", fitted(kernel.name, 12), kernel.description,
                        kernel.supported ? "" : " (this processor cannot run it)");
  }
  text += "\n* in use; --kernel NAME or MIXBERN_KERNEL=NAME chooses another\n\n";
  for (const WayInfo& way : ways()) {
    text += fmt::format("{} {}{}{}\n", way.forced ? "*" : " ", fitted(way.name, 12), fitted(way.kind, 7),
                        way.description);
  }
  write_standard_output(text +
                        "\nThe ways of an iteration to score and to add up rows, one of each kind by cost; "
                        "MIXBERN_WAYS=NAME,…\nforces some (*) wherever they can be\n");
  return 0;
}

int run_completion(const CLI::App& program, const std::string& shell) {
  if (shell == "bash") {
    write_standard_output(bash_completion(program));
  } else if (shell == "zsh") {
    write_standard_output(zsh_completion(program));
  } else if (shell == "fish") {
    write_standard_output(fish_completion(program));
  } else {
    throw std::invalid_argument(fmt::format("completion takes bash, zsh or fish, not \"{}\"", shell));
  }
  return 0;
}

}  // namespace

Command add_kernels_command(CLI::App& program) {
  CLI::App& command = *program.add_subcommand(
      "kernels",
      "which inner loops this processor can run, and which is in use\nBest first. All give the same model to "
      "within rounding; the fastest is chosen when the program starts.");
  const auto json = std::make_shared<bool>(false);
  add_switch(command, "--json", *json, "Print one JSON object instead of text", "Output");
  command.footer(
      "# what is there\nmixbern kernels\n# compare with the portable one\nmixbern fit carcinoma.csv -k 2 "
      "--kernel scalar");
  return {&command, [json] { return run_kernels(*json); }};
}

Command add_completion_command(CLI::App& program) {
  CLI::App& command =
      *program.add_subcommand("completion", "a script that teaches a shell to complete commands");
  const auto shell = std::make_shared<std::string>();
  add_argument(command, "SHELL", *shell, "bash, zsh or fish");
  command.footer(
      "# for this shell only\n"
      "source <(mixbern completion bash)\n"
      "# for good\n"
      "mixbern completion bash > ~/.local/share/bash-completion/completions/mixbern\n"
      "mixbern completion zsh > ~/.zfunc/_mixbern\n"
      "mixbern completion fish > ~/.config/fish/completions/mixbern.fish");
  return {&command, [shell, &program] { return run_completion(program, *shell); }};
}

Command add_man_command(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("man", "print the man page");
  command.group("");
  const auto as_markdown = std::make_shared<bool>(false);
  add_switch(command, "--markdown", *as_markdown, "Print the manual as Markdown", "Output");
  return {&command, [as_markdown, &program] {
            write_standard_output(*as_markdown ? markdown_page(program) : man_page(program));
            return 0;
          }};
}

std::span<const CommandEntry> all_commands() {
  static constexpr CommandEntry kAll[] = {
      {"fit", add_fit_command},
      {"select", add_select_command},
      {"invariance", add_invariance_command},
      {"relate", add_relate_command},
      {"predict", add_predict_command},
      {"score", add_score_command},
      {"sample", add_sample_command},
      {"impute", add_impute_command},
      {"report", add_report_command},
      {"inspect", add_inspect_command},
      {"convert", add_convert_command},
      {"kernels", add_kernels_command},
      {"completion", add_completion_command, true},
      {"man", add_man_command, true},
  };
  return kAll;
}

}  // namespace mixbern::app
