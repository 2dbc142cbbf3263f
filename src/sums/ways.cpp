#include "sums/ways.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "data/names.hpp"
#include "kernels/registry.hpp"
#include "mixbern/kernels/ways.hpp"
#include "score/by_candidates.hpp"
#include "score/by_codes.hpp"
#include "score/by_tiles.hpp"

namespace mixbern {
namespace {

constexpr Names<ScoreBy, 4> kScoreNames{{{ScoreBy::kTiles, "tiles"},
                                         {ScoreBy::kCandidates, "candidates"},
                                         {ScoreBy::kCodes, "codes"},
                                         {ScoreBy::kDoubles, "doubles"}}};
constexpr Names<ShareBy, 2> kShareNames{{{ShareBy::kGathered, "gathered"}, {ShareBy::kAll, "all"}}};
constexpr Names<SoleBy, 3> kSoleNames{
    {{SoleBy::kBits, "bits"}, {SoleBy::kColumns, "columns"}, {SoleBy::kAmounts, "amounts"}}};

// Name, kind and description of each.
constexpr std::array<std::array<const char*, 3>, 9> kAll{{
    {"tiles", "score", "bits of packed rows times digits of bytes, where a processor has tiles of them"},
    {"candidates", "score", "sums of bytes first, then the components that can have a part in a row"},
    {"codes", "score", "one row of a table for each code of a row, all components"},
    {"doubles", "score", "the same in double precision"},
    {"gathered", "share", "rows that components share, gathered by component"},
    {"all", "share", "all components of every row at once, by its codes; 16 at most"},
    {"bits", "sole", "packed rows that one component has all of, many at a time"},
    {"columns", "sole", "sparse rows that one component has all of, in counters of a byte"},
    {"amounts", "sole", "rows that one component has all of, like shared ones"},
}};

// What is forced, of each kind of way.
struct Forced {
  std::optional<ScoreBy> score;
  std::optional<ShareBy> share;
  std::optional<SoleBy> sole;
};

std::string all_names() {
  std::string names;
  for (const auto& way : kAll) names += (names.empty() ? "" : ", ") + std::string(way[0]);
  return names;
}

Forced parsed(std::string_view names) {
  Forced forced;
  while (!names.empty()) {
    const std::size_t length = std::min(names.find(','), names.size());
    const std::string_view name = names.substr(0, length);
    names.remove_prefix(std::min(length + 1, names.size()));
    const auto score = value_named(kScoreNames, name);
    const auto share = value_named(kShareNames, name);
    const auto sole = value_named(kSoleNames, name);
    if (score) forced.score = score;
    if (share) forced.share = share;
    if (sole) forced.sole = sole;
    if (score || share || sole) continue;
    throw std::invalid_argument("there is no way '" + std::string(name) + "'; there are: " + all_names());
  }
  return forced;
}

Forced from_environment() {
  const char* names = std::getenv("MIXBERN_WAYS");
  return names == nullptr ? Forced{} : parsed(names);
}

Forced& forced() {
  static Forced ways = from_environment();
  return ways;
}

// Candidates stand for codes where there are many components: block by block they go back to them where that
// costs less.
ScoreBy cheapest_score(const ScoreShape& shape) {
  const auto candidates = cost_by_candidates(shape);
  const auto tiles = cost_by_tiles(shape);
  const double others = candidates ? *candidates : cost_by_codes(shape);
  if (tiles && *tiles < others) return ScoreBy::kTiles;
  return candidates ? ScoreBy::kCandidates : ScoreBy::kCodes;
}

ScoreBy choose_score(const ScoreShape& shape, std::optional<ScoreBy> wanted) {
  if (!wanted) return cheapest_score(shape);
  const bool can = *wanted == ScoreBy::kTiles        ? cost_by_tiles(shape).has_value()
                   : *wanted == ScoreBy::kCandidates ? can_find_candidates()
                                                     : true;
  return can ? *wanted : cheapest_score(shape);
}

// All amounts of a row where components mostly share it, are few, and the sums stay in the cache: then it
// would cost more to sort out which ones a row has.
ShareBy choose_share(const WaysRequest& request, ScoreBy score, std::optional<ShareBy> wanted) {
  if (score == ScoreBy::kDoubles) return ShareBy::kAll;
  const bool can = score != ScoreBy::kCandidates && request.shape.n_components <= kernel::kSlots;
  if (!can) return ShareBy::kGathered;
  if (wanted) return *wanted;
  return request.mostly_shared && sums_by_code_stay_cached(request.shape.n_features, request.stride)
             ? ShareBy::kAll
             : ShareBy::kGathered;
}

SoleBy choose_sole(const WaysRequest& request, std::optional<SoleBy> wanted) {
  if (request.is_weighted || wanted == SoleBy::kAmounts) return SoleBy::kAmounts;
  if (request.is_packed) return SoleBy::kBits;
  // Counters of a byte stay in the cache where sums of 64 bits don't, but all D of them are emptied every 255
  // rows.
  constexpr double kMostFeaturesPerOne = 1024;
  const auto n_features = static_cast<double>(request.shape.n_features);
  const bool pays = n_features <= kMostFeaturesPerOne * request.ones_a_row;
  return pays || wanted == SoleBy::kColumns ? SoleBy::kColumns : SoleBy::kAmounts;
}

}  // namespace

std::string to_string(const Ways& ways) {
  std::string names(name_of(kScoreNames, ways.score));
  names += "," + std::string(name_of(kShareNames, ways.share));
  if (ways.share == ShareBy::kGathered) names += "," + std::string(name_of(kSoleNames, ways.sole));
  return names;
}

Ways choose_ways(const WaysRequest& request) {
  const Forced& wanted = forced();
  const ScoreBy score = choose_score(request.shape, wanted.score);
  return {score, choose_share(request, score, wanted.share), choose_sole(request, wanted.sole)};
}

Ways ways_in_doubles() {
  forced();
  return {};
}

std::vector<WayInfo> ways() {
  std::vector<WayInfo> infos;
  for (const auto& [name, kind, description] : kAll) {
    const Forced& taken = forced();
    const bool is_forced = (taken.score && name_of(kScoreNames, *taken.score) == name) ||
                           (taken.share && name_of(kShareNames, *taken.share) == name) ||
                           (taken.sole && name_of(kSoleNames, *taken.sole) == name);
    infos.push_back({name, kind, description, is_forced});
  }
  return infos;
}

void use_ways(std::string_view names) {
  forced() = parsed(names);
}

}  // namespace mixbern
