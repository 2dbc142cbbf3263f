// The states of fits that are made one after the other, as the state of one.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mixbern/fit/checkpoint.hpp"

namespace mixbern {

/// Keeps the last state of each fit. A fit that was done goes on from its last state to the same end.
class GroupStates {
 public:
  /// Throws CheckpointError where the state to go on from is of something else.
  GroupStates(const Checkpointing& options, std::size_t n_fits);

  /// What fit number `at` is told. This must outlive it.
  Checkpointing of(std::size_t at);

 private:
  const Checkpointing& options_;
  std::vector<std::string> states_;
};

}  // namespace mixbern
