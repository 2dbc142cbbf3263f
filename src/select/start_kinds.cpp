#include "select/start_kinds.hpp"

#include <algorithm>

namespace mixbern {

void count_reached(FitResult& result) {
  std::vector<StartKind>& kinds = result.start_kinds;
  kinds.clear();
  result.n_init_at_best = 0;
  const double least = result.log_likelihood - result.optimum_margin;
  for (std::size_t start = 0; start < result.start_inits.size(); ++start) {
    auto kind = std::ranges::find(kinds, result.start_inits[start], &StartKind::init);
    if (kind == kinds.end()) kind = kinds.insert(kind, {.init = result.start_inits[start]});
    const std::size_t reached = result.log_likelihoods[start] >= least ? 1 : 0;
    ++kind->n_init;
    kind->n_init_at_best += reached;
    result.n_init_at_best += reached;
  }
}

}  // namespace mixbern
