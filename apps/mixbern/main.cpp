// The program: parses the call, runs one command, and is the only place where errors are caught.
#include "program.hpp"

int main(int argc, char** argv) {
  using namespace mixbern::app;
  guard_process();
  try {
    return run_program(argc, argv, all_commands());
  } catch (...) {
    return tell(current_failure());
  }
}
