// Completion scripts for three shells.
#include <fmt/format.h>

#include "help_pages.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

/// Options with a dash, of all groups.
std::vector<OptionPage> dashed(const CommandPage& page) {
  std::vector<OptionPage> result;
  for (const auto& group : page.groups) {
    for (const auto& option : group.options) {
      if (!option.argument) result.push_back(option);
    }
  }
  return result;
}

std::string all_names(const CommandPage& page) {
  std::string names;
  for (const auto& option : dashed(page)) names += (names.empty() ? "" : " ") + joined(option.names, " ");
  return names;
}

/// The words that may stand where the first argument does, where it is no file.
std::vector<std::string> argument_words(const CommandPage& page) {
  return page.name == "completion" ? std::vector<std::string>{"bash", "zsh", "fish"}
                                   : std::vector<std::string>{};
}

bool names_a_file(const OptionPage& option) {
  return option.value.find("FILE") != std::string::npos || option.value == "OUT";
}

std::string in_single_quotes(std::string_view text, std::string_view quote) {
  std::string out = "'";
  for (const char c : text) c == '\'' ? out += quote : out += c;
  return out + "'";
}

std::string zsh_description(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

void zsh_option(std::string& out, const OptionPage& option) {
  for (const auto& name : option.names) {
    std::string spec = fmt::format("{}[{}]", name, zsh_description(option.description));
    if (!option.value.empty()) {
      const std::string action = !option.choices.empty() ? "(" + joined(option.choices, " ") + ")"
                                 : names_a_file(option)  ? "_files"
                                                         : " ";
      spec += fmt::format(":{}:{}", zsh_description(option.choices.empty() ? option.value : "value"), action);
    }
    out += " \\\n        " + in_single_quotes(spec, "'\\''");
  }
}

}  // namespace

std::string bash_completion(const CLI::App& program) {
  std::string names, cases;
  for (const auto& page : describe_commands(program)) {
    names += (names.empty() ? "" : " ") + page.name;
    std::string values;
    for (const auto& option : dashed(page)) {
      if (option.choices.empty()) continue;
      values +=
          fmt::format("        {}) words='{}' ;;\n", joined(option.names, "|"), joined(option.choices, " "));
    }
    cases += fmt::format("    {})\n      options='{}'\n      arguments='{}'\n", page.name, all_names(page),
                         joined(argument_words(page), " "));
    if (!values.empty()) cases += fmt::format("      case $previous in\n{}      esac\n", values);
    cases += "      ;;\n";
  }
  return fmt::format(
      R"(# bash completion for mixbern; load it with: source <(mixbern completion bash)
_mixbern() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
  local options='' arguments='' words=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '{} --help --version' -- "$current"))
    return
  fi
  case ${{COMP_WORDS[1]}} in
{}  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  elif [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [ -n "$arguments" ]; then
    COMPREPLY=($(compgen -W "$arguments" -- "$current"))
  else
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}}
complete -F _mixbern mixbern
)",
      names, cases);
}

std::string zsh_completion(const CLI::App& program) {
  std::string commands, cases;
  for (const auto& page : describe_commands(program)) {
    commands += "    " + in_single_quotes(page.name + ":" + zsh_description(page.summary), "'\\''") + "\n";
    cases += fmt::format("    {})\n      _arguments", page.name);
    for (const auto& option : dashed(page)) zsh_option(cases, option);
    const auto words = argument_words(page);
    cases += fmt::format(" \\\n        '*:argument:{}'\n      ;;\n",
                         words.empty() ? "_files" : "(" + joined(words, " ") + ")");
  }
  return fmt::format(
      R"(#compdef mixbern
# zsh completion for mixbern; put it as _mixbern into a folder of $fpath
_mixbern() {{
  local -a commands
  commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
{}  esac
}}
if [ "$funcstack[1]" = _mixbern ]; then
  _mixbern "$@"
else
  compdef _mixbern mixbern
fi
)",
      commands, cases);
}

std::string fish_completion(const CLI::App& program) {
  std::string out = "# fish completion for mixbern; load it with: mixbern completion fish | source\n";
  for (const auto& page : describe_commands(program)) {
    out += fmt::format("complete -c mixbern -n __fish_use_subcommand -f -a {} -d {}\n", page.name,
                       in_single_quotes(page.summary, "\\'"));
    const std::string here =
        fmt::format("complete -c mixbern -n '__fish_seen_subcommand_from {}'", page.name);
    const auto words = argument_words(page);
    if (!words.empty()) out += fmt::format("{} -f -a '{}'\n", here, joined(words, " "));
    for (const auto& option : dashed(page)) {
      out += here;
      for (const auto& name : option.names) {
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      if (!option.value.empty()) out += names_a_file(option) ? " -r -F" : " -x";
      if (!option.choices.empty()) out += fmt::format(" -a '{}'", joined(option.choices, " "));
      out += fmt::format(" -d {}\n", in_single_quotes(option.description, "\\'"));
    }
  }
  return out;
}

}  // namespace mixbern::app
