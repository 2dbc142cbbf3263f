// Every way to score and to add up, forced.
#pragma once

#include <string>

#include "mixbern/kernels/ways.hpp"
#include "sums/ways.hpp"

namespace mixbern {

/// Calls visit(names) with the ways of these names in use, for all that have one of each kind; of those to
/// add sole rows, the one that data asks for and the one that all data can have. Afterwards they are chosen
/// as before.
template <class Visit>
void for_every_way(const Visit& visit) {
  for (const char* score : {"tiles", "candidates", "codes", "doubles"}) {
    for (const char* share : {"gathered", "all"}) {
      for (const char* sole : {"", ",amounts", ",columns"}) {
        const std::string names = std::string(score) + "," + share + sole;
        use_ways(names);
        visit(names);
      }
    }
  }
  use_ways("");
}

}  // namespace mixbern
