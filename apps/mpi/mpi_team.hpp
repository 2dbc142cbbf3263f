// The ranks of an MPI job as a team.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "program.hpp"
#include "team.hpp"

namespace mixbern::app {

/// Rank 0 leads. Before each thing that all do together they agree that nobody has failed, and tell what went
/// wrong otherwise: a rank that fails says so there, and the others need not wait for it for ever.
class MpiTeam : public Team {
 public:
  /// Some rank failed, this one or another; `failure` is the same on all.
  struct Failed {
    Failure failure;
  };

  MpiTeam(int& argc, char**& argv);
  ~MpiTeam() override;
  MpiTeam(const MpiTeam&) = delete;
  MpiTeam& operator=(const MpiTeam&) = delete;

  bool leads() const override { return rank_ == 0; }
  std::pair<std::size_t, std::size_t> share(std::size_t n) const override;
  Facts merged(const Facts& mine) override;
  Sums run(const Pass& pass, Site& mine) override;
  void serve(Site& mine) override;
  void write_in_order(const std::function<void(const ByteSink&)>& write, const ByteSink& sink) override;
  void add_up(std::vector<std::int64_t>& counts) override;

  /// This rank has come to the end of its command.
  void end();
  /// This rank has failed. Throws Failed, unless that is known.
  void fail(const Failure& failure);

 private:
  enum State : int { kGoesOn, kDone, kFails, kFailsByCall };

  bool agree(State mine, const std::string& message = {});
  std::string broadcast(std::string bytes, int from) const;
  std::string at_leader(std::string bytes, int from) const;
  Sums accumulate(const Pass& pass, Site& mine);
  void reduce(std::int64_t* values, std::uint64_t n) const;

  int rank_ = 0;
  int size_ = 1;
  bool ended_ = false;
};

}  // namespace mixbern::app
