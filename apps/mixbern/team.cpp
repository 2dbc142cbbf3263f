#include "team.hpp"

namespace mixbern::app {

namespace {

Team* joined = nullptr;

Dataset share_of(const Dataset& data, const Team& team) {
  const auto [begin, end] = team.share(data.n_rows());
  return slice(data, begin, end);
}

}  // namespace

Team* team() {
  return joined;
}

void join(Team& team) {
  joined = &team;
}

bool speaks() {
  return joined == nullptr || joined->leads();
}

std::unique_ptr<SharedRows> shared_rows(const Dataset& data, unsigned threads) {
  return joined == nullptr ? nullptr : std::make_unique<SharedRows>(data, *joined, threads);
}

SharedRows::SharedRows(const Dataset& data, Team& team, unsigned threads)
    : team_(team),
      mine_(share_of(data, team)),
      site_(mine_, threads),
      helpers_{team.merged(site_.facts()), [this](const Pass& pass) { return team_.run(pass, site_); }} {}

}  // namespace mixbern::app
