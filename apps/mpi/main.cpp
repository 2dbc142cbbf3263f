// mixbern-mpi: commands of mixbern, whose passes over the rows all ranks of an MPI job do together.
#include <signal.h>

#include <cstdio>

#include "mpi_team.hpp"

namespace mixbern::app {

namespace {

constexpr CommandEntry kShared[] = {
    {"fit", add_fit_command}, {"score", add_score_command}, {"predict", add_predict_command}};

// Rank 0 speaks, and hears signals: the others end when it does.
void be_silent() {
  for (std::FILE* stream : {stdout, stderr}) {
    if (std::freopen("/dev/null", "w", stream) == nullptr) std::fclose(stream);
  }
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) signal(number, SIG_IGN);
}

int run_together(int argc, char** argv, MpiTeam& team) {
  try {
    try {
      const int status = run_program(argc, argv, kShared);
      team.end();
      return status;
    } catch (const MpiTeam::Failed&) {
      throw;
    } catch (...) {
      const Failure failure = current_failure();
      team.fail(failure);
      return tell(failure);
    }
  } catch (const MpiTeam::Failed& failed) {
    return tell(failed.failure);
  }
}

}  // namespace

}  // namespace mixbern::app

int main(int argc, char** argv) {
  using namespace mixbern::app;
  guard_process();
  MpiTeam team(argc, argv);
  if (!team.leads()) be_silent();
  join(team);
  return run_together(argc, argv, team);
}
