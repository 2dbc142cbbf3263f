#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/thread_arena.hpp"
#include "em/pass.hpp"
#include "mixbern/fit/partial_sums.hpp"

namespace mixbern {
namespace {

RowFacts unfinished_facts(const RowSource& rows) {
  constexpr std::size_t kBlockRows = 1024;
  RowFacts facts = RowFacts::of_none(rows, Arithmetic::kFixed);
  for_each_block(rows, kBlockRows, [&facts](const RowBlock& block) { facts.add(block); });
  return facts;
}

}  // namespace

struct Site::State {
  State(const Dataset& data, unsigned threads)
      : rows(data),
        n_threads(threads),
        facts(unfinished_facts(RowsOfDataset(data, encodings_for(data, Arithmetic::kFixed))),
              data.categorical),
        largest_label(largest_class(data)) {}

  const RowSource& source(const Pass::State& pass);
  Reducer& reducer_for(const StatsLayout& layout, Arithmetic arithmetic);
  void check(const Pass::State& pass) const;

  const Dataset& rows;
  unsigned n_threads;
  Facts facts;
  std::int64_t largest_label;  // -1: none
  // Of the last pass, for the next one.
  std::optional<std::pair<Arithmetic, bool>> spelt_for;
  std::optional<RowsOfDataset> spelt;
  std::unique_ptr<Reducer> reducer;
  bool mostly_shared = true;
};

const RowSource& Site::State::source(const Pass::State& pass) {
  const std::pair wanted{pass.facts.arithmetic, pass.semi_supervised};
  if (spelt_for != wanted) spelt.emplace(rows, wanted.first, wanted.second);
  spelt_for = wanted;
  return *spelt;
}

Reducer& Site::State::reducer_for(const StatsLayout& layout, Arithmetic arithmetic) {
  if (!reducer || reducer->layout() != layout)
    reducer = make_thread_reducer(layout, block_rows_for(0, layout.n_components, arithmetic));
  return *reducer;
}

void Site::State::check(const Pass::State& pass) const {
  const RowFacts& all = pass.facts;
  const RowFacts& here = facts.rows();
  if (all.ones.size() != here.ones.size())
    throw std::invalid_argument("the pass is of " + std::to_string(all.ones.size()) +
                                " features, the rows have " + std::to_string(here.ones.size()));
  if (all.items != here.items)
    throw std::invalid_argument("the pass is of other items of more than two answers than the rows have");
  constexpr double kRounding = 1 + 1e-9;
  const bool holds = here.n_rows <= all.n_rows && here.total_weight <= kRounding * all.total_weight &&
                     here.largest_weight <= kRounding * all.largest_weight &&
                     here.most_ones <= all.most_ones && here.most_missing <= all.most_missing &&
                     here.is_weighted <= all.is_weighted;
  if (!holds)
    throw std::invalid_argument(
        "the facts of the pass do not include these rows; merge Site::facts() of all parts");
  if (pass.semi_supervised && largest_label >= static_cast<std::int64_t>(pass.mixture.n_components()))
    throw std::invalid_argument("label " + std::to_string(largest_label) + " needs more than " +
                                std::to_string(pass.mixture.n_components()) + " components");
}

Site::Site(const Dataset& rows, unsigned threads) {
  validate(rows);
  state_ = std::make_unique<State>(rows, threads);
}

Site::Site(Site&&) noexcept = default;
Site::~Site() = default;

const Facts& Site::facts() const {
  return state_->facts;
}

Sums Site::accumulate(const Pass& pass) {
  const Pass::State& request = pass.state();
  state_->check(request);
  ThreadArena arena(state_->n_threads);
  return arena.execute([&] {
    const RowSource& rows = state_->source(request);
    RowFacts facts = request.facts;  // of all rows, but as these are kept
    facts.encodings = rows.encodings();
    facts.is_packed = rows.is_packed();
    const StatsLayout layout = layout_for(facts, request.mixture.n_components());
    Reducer& reducer = state_->reducer_for(layout, facts.arithmetic);
    const EStep step(request.mixture, facts, reducer.scorer(), request.prior(), state_->mostly_shared);
    const SufficientStats& sums =
        reducer.reduce(rows, [&](Accumulator& into) { step.fold(into.work, into.stats); });
    state_->mostly_shared = 2 * sums.n_shared() > rows.n_rows();
    return Sums(pass.id(), rows.n_rows(), step.whole_numbers(sums));
  });
}

}  // namespace mixbern
