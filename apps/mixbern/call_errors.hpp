// What was wrong with a call, in words.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace mixbern::app {

/// The command that was being parsed: the deepest one named, else the program itself.
const CLI::App& parsed_command(const CLI::App& program);

/// What to say where there is no command of that name.
std::string unknown_command(const CLI::App& program, const std::string& word);

/// One sentence that says what is wrong and what to do, whatever CLI11 complained about first.
std::string explain_call(const CLI::App& program, const CLI::ParseError& error);

}  // namespace mixbern::app
