// The ways in which rows are scored and added up, for tests and measurements.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mixbern {

struct WayInfo {
  std::string name;         ///< "candidates", "gathered", …
  std::string kind;         ///< "score", "share" or "sole": what it is a way to do
  std::string description;  ///< one line
  bool forced;              ///< use_ways() or MIXBERN_WAYS asks for it
};

/// All ways, by kind. An iteration takes one of each kind, by cost; whichever it is, it finds the same to the
/// bit, except that "doubles" are more exact than the other ways to score.
std::vector<WayInfo> ways();

/// From now on, in all threads, the ways of these names, separated by commas, are taken wherever they can be:
/// of a kind that is not named those that cost least, as at first. The environment variable MIXBERN_WAYS does
/// the same. Throws std::invalid_argument, listing the names, if there is none of that name. Not to be called
/// while a fit runs.
void use_ways(std::string_view names);

}  // namespace mixbern
