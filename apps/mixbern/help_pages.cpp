#include "help_pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "text.hpp"

namespace mixbern::app {

namespace {

constexpr std::size_t kLeftWidth = 26;
constexpr std::size_t kNarrowLeft = 8;  // of descriptions, where a column of their own leaves no room

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

void print_paragraph(std::string& out, const std::string& text, std::size_t width) {
  for (const auto& line : wrapped(text, width)) out += line + "\n";
}

/// Calls stay on a line each, to be copied.
void print_examples(std::string& out, const std::string& text, std::size_t width) {
  for (const std::string& line : split(text, '\n')) {
    if (!line.starts_with("# ")) {
      out += line.empty() ? "\n" : "  " + line + "\n";
      continue;
    }
    for (const std::string& part : wrapped(line.substr(2), width - 4)) out += "  # " + part + "\n";
  }
}

/// A word and what it means, in two columns where these have room.
void print_entry(std::string& out, const std::string& word, const std::string& text, std::size_t left,
                 std::size_t width) {
  const std::size_t indent = width >= 2 * kLeftWidth ? left : kNarrowLeft;
  const auto lines = wrapped(text, width - indent);
  std::size_t first = 0;
  if (display_width(word) + 2 <= indent) {
    out += fitted(word, indent) + lines[0] + "\n";
    first = 1;
  } else {
    out += word + "\n";
  }
  for (std::size_t i = first; i < lines.size(); ++i) out += std::string(indent, ' ') + lines[i] + "\n";
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

std::string help_text(const CommandPage& page, std::size_t width) {
  std::string out;
  print_paragraph(out, fmt::format("mixbern {}: {}.", page.name, page.summary), width);
  if (!page.details.empty()) {
    out += "\n";
    print_paragraph(out, page.details, width);
  }
  out += fmt::format("\nUsage: {}\n", page.synopsis);
  for (const auto& group : page.groups) {
    out += fmt::format("\n{}:\n", group.title);
    for (const auto& option : group.options)
      print_entry(out, "  " + left_side(option), option.description, kLeftWidth, width);
  }
  if (!page.examples.empty()) {
    out += "\nExamples:\n";
    print_examples(out, page.examples, width);
  }
  return out;
}

std::string overview_text(const CLI::App& program, std::size_t width) {
  std::string out;
  print_paragraph(out, program.get_description(), width);
  out += "\nFrom a survey to the table in the paper:\n";
  print_examples(out, program.get_footer(), width);
  out += "\nUsage: mixbern COMMAND [arguments] [options]\n\nCommands:\n";
  for (const auto& page : describe_commands(program)) {
    print_entry(out, "  " + page.name, page.summary, 14, width);
  }
  out += "\n'mixbern help COMMAND' explains a command; 'mixbern --version' prints the version.\n";
  return out;
}

}  // namespace mixbern::app
