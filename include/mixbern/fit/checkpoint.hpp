// A fit that can go on after it was ended from outside.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mixbern {

/// What fit() saves of its state on the way, and what it goes on from. A fit that goes on ends with the bits
/// of one that was never interrupted, whatever the number of threads before and after. A search through a
/// small table, which takes seconds, begins again.
struct Checkpointing {
  /// Is handed the whole state, which should replace the one before in one step (write_file_atomically): when
  /// the fit begins, then after iterations, and when it is cancelled. Called by one thread at a time. May be
  /// empty; the fit goes on if it throws, and warns at its end. Memory: the mixtures of all starts once more,
  /// and twice while they are saved.
  std::function<void(std::string_view)> save = {};
  double seconds = 60;      ///< between two calls of save(), at least
  std::string resume = {};  ///< what save() was handed last; empty: from the start
};

/// The state to go on from is damaged, or of a fit of other data or options; what() says which.
struct CheckpointError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace mixbern
