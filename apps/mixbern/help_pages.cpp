#include "help_pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "text.hpp"

namespace mixbern::app {

namespace {

constexpr std::size_t kWidth = 96;
constexpr std::size_t kLeftWidth = 26;

/// "yes|no|auto" lists values; "COLUMN|FILE" only says what kinds there are.
std::vector<std::string> choices_in(const std::string& value) {
  const bool listed =
      value.find('|') != std::string::npos &&
      std::none_of(value.begin(), value.end(), [](unsigned char c) { return std::isupper(c) != 0; });
  return listed ? split(value, '|') : std::vector<std::string>{};
}

OptionPage describe_option(const CLI::Option& option) {
  OptionPage page;
  page.argument = option.get_positional();
  page.required = option.get_required();
  page.description = option.get_description();
  if (page.argument) {
    page.names = {option.get_name(true) + (option.get_expected_max() > 1 ? "..." : "")};
    return page;
  }
  for (const auto& name : option.get_snames()) page.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) page.names.push_back("--" + name);
  if (option.get_type_size() != 0) page.value = option.get_type_name();
  page.choices = choices_in(page.value);
  return page;
}

std::string synopsis_of(const CLI::App& command, const std::vector<GroupPage>& groups) {
  std::string arguments, needed;
  bool others = false;
  for (const auto& group : groups) {
    for (const auto& option : group.options) {
      if (option.argument) {
        arguments += option.required ? " " + option.names.front() : " [" + option.names.front() + "]";
      } else if (option.required) {
        needed += fmt::format(" {} {}", option.names.front(), option.value);
      } else {
        others = others || option.names.back() != "--help";
      }
    }
  }
  return fmt::format("mixbern {}{}{}{}", command.get_name(), arguments, needed, others ? " [options]" : "");
}

void print_paragraphs(std::string& out, const std::string& text, const std::string& indent) {
  for (const auto& line : wrapped(text, kWidth - indent.size())) out += indent + line + "\n";
}

void print_option(std::string& out, const OptionPage& option) {
  const std::string left = "  " + left_side(option);
  const auto lines = wrapped(option.description, kWidth - kLeftWidth);
  std::size_t first = 0;
  if (display_width(left) + 2 <= kLeftWidth) {
    out += fitted(left, kLeftWidth) + lines[0] + "\n";
    first = 1;
  } else {
    out += left + "\n";
  }
  for (std::size_t i = first; i < lines.size(); ++i) out += std::string(kLeftWidth, ' ') + lines[i] + "\n";
}

}  // namespace

CommandPage describe(const CLI::App& command) {
  CommandPage page;
  page.name = command.get_name();
  const std::string text = command.get_description();
  const std::size_t end = text.find('\n');
  page.summary = text.substr(0, end);
  if (end != std::string::npos) page.details = text.substr(end + 1);
  page.examples = command.get_footer();
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    auto group = std::find_if(page.groups.begin(), page.groups.end(), [option](const GroupPage& known) {
      return known.title == option->get_group();
    });
    if (group == page.groups.end()) group = page.groups.insert(page.groups.end(), {option->get_group(), {}});
    group->options.push_back(describe_option(*option));
  }
  // What hardly anybody needs comes last; CLI11 adds --help before anything else.
  std::stable_partition(page.groups.begin(), page.groups.end(), [](const GroupPage& group) {
    return group.title != "Expert" && group.title != "Options";
  });
  std::stable_partition(page.groups.begin(), page.groups.end(),
                        [](const GroupPage& group) { return group.title != "Options"; });
  page.synopsis = synopsis_of(command, page.groups);
  return page;
}

std::vector<CommandPage> describe_commands(const CLI::App& program) {
  std::vector<CommandPage> pages;
  for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
    if (!command->get_group().empty()) pages.push_back(describe(*command));
  }
  return pages;
}

std::string left_side(const OptionPage& option) {
  std::string left = joined(option.names, ", ");
  if (!option.argument && option.names.front().starts_with("--")) left = "    " + left;
  if (!option.value.empty()) left += " " + option.value;
  return left;
}

std::string help_text(const CommandPage& page) {
  std::string out;
  print_paragraphs(out, fmt::format("mixbern {}: {}.", page.name, page.summary), "");
  if (!page.details.empty()) {
    out += "\n";
    print_paragraphs(out, page.details, "");
  }
  out += fmt::format("\nUsage: {}\n", page.synopsis);
  for (const auto& group : page.groups) {
    out += fmt::format("\n{}:\n", group.title);
    for (const auto& option : group.options) print_option(out, option);
  }
  if (!page.examples.empty()) {
    out += "\nExamples:\n";
    for (const auto& line : split(page.examples, '\n')) out += line.empty() ? "\n" : "  " + line + "\n";
  }
  return out;
}

std::string overview_text(const CLI::App& program) {
  std::string out = program.get_description() + "\n\nFrom a survey to the table in the paper:\n";
  for (const auto& line : split(program.get_footer(), '\n')) out += line.empty() ? "\n" : "  " + line + "\n";
  out += "\nUsage: mixbern COMMAND [arguments] [options]\n\nCommands:\n";
  for (const auto& page : describe_commands(program)) {
    out += fmt::format("  {}{}\n", fitted(page.name, 12), page.summary);
  }
  out += "\n'mixbern help COMMAND' explains a command; 'mixbern --version' prints the version.\n";
  return out;
}

}  // namespace mixbern::app
