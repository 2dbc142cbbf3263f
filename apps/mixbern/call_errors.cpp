#include "call_errors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "help_pages.hpp"
#include "other_words.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

/// `elsewhere` is what other programs mean by the word, if anything.
std::string did_you_mean(const std::string& word, const std::string& elsewhere,
                         const std::vector<std::string>& known) {
  const bool translated = std::ranges::find(known, elsewhere) != known.end();
  const std::string near = translated ? elsewhere : nearest(word, known);
  return near.empty() ? "" : fmt::format("; did you mean {}?", near);
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto& group : describe(command).groups) {
    for (const auto& option : group.options) {
      if (!option.argument) names.insert(names.end(), option.names.begin(), option.names.end());
    }
  }
  return names;
}

std::string see_help(const CLI::App& program, const CLI::App& command) {
  return &command == &program ? "'mixbern --help' lists the commands"
                              : fmt::format("'mixbern {} --help' lists the options", command.get_name());
}

std::string unknown_option(const CLI::App& program, const CLI::App& command, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  const std::string where = &command == &program ? "mixbern" : command.get_name();
  if (const std::string advice = advice_for(name); !advice.empty() && &command != &program)
    return fmt::format("{} has no option {}: {}", where, name, advice);
  const std::string hint = did_you_mean(name, option_elsewhere(name), option_names(command));
  return fmt::format("{} has no option {}{}", where, name,
                     hint.empty() ? "; " + see_help(program, command) : hint);
}

/// The option that came without its value, if that is what is wrong.
std::string without_value(const CLI::App& command, const CLI::ParseError& error) {
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) == nullptr) return "";
  const std::string what = error.what();
  const CLI::Option* option = command.get_option_no_throw(what.substr(0, what.find(':')));
  if (option == nullptr) return "";
  return fmt::format("{0} needs a value: {0} {1}", option->get_name(), option->get_type_name());
}

/// The shortest name of an option with a dash.
std::string name_of(const CLI::Option& option) {
  return option.get_snames().empty() ? "--" + option.get_lnames().front() : "-" + option.get_snames().front();
}

/// What the call lacks, if that is what is wrong with it.
std::string missing_parts(const CLI::App& command) {
  std::vector<std::string> missing;
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_required() || option->count() > 0) continue;
    missing.push_back(option->get_positional()
                          ? option->get_name(true)
                          : fmt::format("{} {}", name_of(*option), option->get_type_name()));
  }
  if (missing.empty()) return "";
  return fmt::format("{} needs {}: {}", command.get_name(), joined(missing, " and "),
                     describe(command).synopsis);
}

std::string twice_or_empty(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() == 0 || option->get_positional() || option->get_type_size() == 0) continue;
    if (option->count() > 1)
      return fmt::format("{} is given {} times; give it once", option->get_name(), option->count());
  }
  return "";
}

}  // namespace

const CLI::App& parsed_command(const CLI::App& program) {
  const CLI::App* command = &program;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().back();
  return *command;
}

std::string unknown_command(const CLI::App& program, const std::string& word) {
  std::vector<std::string> names;
  for (const auto& page : describe_commands(program)) names.push_back(page.name);
  names.emplace_back("--version");
  const std::string hint = did_you_mean(word, command_elsewhere(word), names);
  return fmt::format("there is no command \"{}\"{}", word,
                     hint.empty() ? "; 'mixbern --help' lists them" : hint);
}

std::string explain_call(const CLI::App& program, const CLI::ParseError& error) {
  const CLI::App& command = parsed_command(program);
  const auto extras = command.remaining();
  if (&command == &program && !extras.empty() && !extras.front().starts_with('-')) {
    return unknown_command(program, extras.front());
  }
  for (const std::string& word : extras) {
    if (word.size() > 1 && word.starts_with('-')) return unknown_option(program, command, word);
  }
  if (&command == &program) return "name a command; 'mixbern --help' lists them";
  if (const std::string missing = missing_parts(command); !missing.empty()) return missing;
  if (const std::string twice = twice_or_empty(command); !twice.empty()) return twice;
  if (const std::string bare = without_value(command, error); !bare.empty()) return bare;
  if (!extras.empty()) {
    return fmt::format("{} does not take \"{}\" as well: {}", command.get_name(), extras.front(),
                       describe(command).synopsis);
  }
  return fmt::format("{}; {}", error.what(), see_help(program, command));
}

}  // namespace mixbern::app
