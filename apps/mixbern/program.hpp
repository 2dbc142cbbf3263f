// The program around its commands.
#pragma once

#include <CLI/CLI.hpp>
#include <span>
#include <string>

#include "commands.hpp"

namespace mixbern::app {

/// Before anything else: memory that runs out, closed streams and pipes become errors like any other.
void guard_process();

/// Parses the call and runs one of the commands; the exit status.
int run_program(int argc, char** argv, std::span<const CommandEntry> commands);

/// What went wrong, for people, and the exit status. An empty message: nobody is left to be told.
struct Failure {
  std::string message;
  int status;
};
/// Of the exception that is being handled.
Failure current_failure();
/// Tells it on standard error; returns the status.
int tell(const Failure& failure);

}  // namespace mixbern::app
