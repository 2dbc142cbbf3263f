// What the option tree says of itself, collected once: help text, man page, Markdown and shell completion are
// all printed from it, so none of them can go stale.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace mixbern::app {

struct OptionPage {
  std::vector<std::string> names;  ///< "-o", "--output"; for an argument its one name
  std::string value;               ///< what help shows for the value; empty for a switch
  std::string description;
  std::vector<std::string> choices;  ///< the values that it may have, where they can be listed
  bool argument = false;
  bool required = false;
};

struct GroupPage {
  std::string title;
  std::vector<OptionPage> options;
};

struct CommandPage {
  std::string name;
  std::string summary;   ///< half a sentence
  std::string details;   ///< more sentences; may be empty
  std::string synopsis;  ///< "mixbern fit DATA -k K [options]"
  std::vector<GroupPage> groups;
  std::string examples;  ///< shell lines, each under a comment that says what it is for
};

/// A chapter of the manual that belongs to no single command.
struct Chapter {
  std::string title;
  std::vector<std::string> paragraphs;
};

CommandPage describe(const CLI::App& command);
/// All commands that are not hidden, in the order in which they were added.
std::vector<CommandPage> describe_commands(const CLI::App& program);
const std::vector<Chapter>& manual_chapters();

/// "-o, --output OUT".
std::string left_side(const OptionPage& option);

/// Text in at most `width` columns, of which there are 40 at least; examples are as long as they are.
std::string help_text(const CommandPage& page, std::size_t width);
/// What `mixbern` prints alone and for --help.
std::string overview_text(const CLI::App& program, std::size_t width);

std::string man_page(const CLI::App& program);
std::string markdown_page(const CLI::App& program);

std::string bash_completion(const CLI::App& program);
std::string zsh_completion(const CLI::App& program);
std::string fish_completion(const CLI::App& program);

}  // namespace mixbern::app
