#include "select/first_parameters.hpp"

#include <algorithm>
#include <utility>

#include "base/random.hpp"
#include "data/select_rows.hpp"
#include "em/quiet_watch.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kLloydIterations = 10;
constexpr std::size_t kSampleIterations = 48;
// Pseudo-count where there is to be none at last. Without any, rows that first parameters rule out of a
// component, if by odds of 1e-200, stay out of it, and EM ends wherever that leads: on images a thousand nats
// lower.
constexpr double kVanishing = 1e-9;
constexpr double kSampleTolerance = 1e-4;  // nats a row: the sample's optimum is not that of all rows

Dataset drawn_rows(const Dataset& data, const Plan& plan) {
  Engine engine(plan.options.seed);
  return select_rows(data, draw_subset(data.n_rows(), plan.sample_rows, engine));
}

}  // namespace

FirstParameters::Sample::Sample(const Dataset& data, const Plan& plan)
    : rows(drawn_rows(data, plan)),
      source(rows, plan.arithmetic, plan.options.estimation.semi_supervised),
      facts(source, plan.arithmetic),
      items(summarise_items(facts)) {}

FirstParameters::FirstParameters(const Dataset& data, const RowFacts& facts, const Plan& plan)
    : data_(data),
      plan_(plan),
      items_(summarise_items(facts)),
      ties_(plan.options.constraints, plan.options.n_components, data.n_features(), items_.items) {
  if (plan.sample_rows > 0) sample_.emplace(data, plan);
}

InitMethod FirstParameters::method_of(std::size_t start) const {
  const FitOptions& options = plan_.options;
  if (plan_.varies && start >= options.n_init) return InitMethod::kVariation;
  const bool varies = options.init == InitMethod::kPortfolio && plan_.small && start >= kFirstBatch;
  if (varies && start % 2 == 1) return InitMethod::kVariation;
  return method_of_start(options.init, varies ? start / 2 : start);
}

Mixture FirstParameters::none() const {
  const std::size_t n = plan_.options.n_components;
  return {std::vector<double>(n, 1.0), std::vector<double>(n * data_.n_features(), 0.5), items_.items, ties_};
}

Mixture FirstParameters::of(std::size_t start, std::span<const Mixture> bases, Reducer& reducer,
                            Watch* watch) const {
  if (!sample_) return initial(data_, items_, start, bases, reducer);
  const FitOptions& options = plan_.options;
  const auto sample_reducer =
      make_thread_reducer(layout_for(sample_->facts, options.n_components),
                          block_rows_for(options.block_rows, options.n_components, plan_.arithmetic));
  Mixture mixture = initial(sample_->rows, sample_->items, start, bases, *sample_reducer);
  QuietWatch quiet(watch);
  EmRun run(sample_->source, sample_->facts, std::move(mixture),
            options_for(sample_->items, kSampleTolerance));
  run.advance(std::min(kSampleIterations, options.max_iter), *sample_reducer, &quiet);
  return run.mixture();
}

Mixture FirstParameters::initial(const Dataset& data, const ItemSummary& items, std::size_t start,
                                 std::span<const Mixture> bases, Reducer& reducer) const {
  Mixture found = found_by_method(data, items, start, bases, reducer);
  return found.ties() == ties_ ? found : constrained(found, ties_);
}

Mixture FirstParameters::found_by_method(const Dataset& data, const ItemSummary& items, std::size_t start,
                                         std::span<const Mixture> bases, Reducer& reducer) const {
  const FitOptions& options = plan_.options;
  const InitRequest request{options.n_components, options.seed, start, items.means, items.items};
  switch (method_of(start)) {
    case InitMethod::kVariation:
      if (!bases.empty()) return varied_start(bases[start / 2 % bases.size()], request);
      break;
    case InitMethod::kWide:
      return wide_start(data, request);
    case InitMethod::kRows:
      return rows_start(data, request);
    case InitMethod::kKMeans:
      return kmeans_start(data, request, kLloydIterations, reducer);
    case InitMethod::kKMeansPlusPlus:
      return kmeans_start(data, request, 0, reducer);
    case InitMethod::kLabels:
      return labels_start(data, request, reducer);
    case InitMethod::kModel:
      return *options.init_model;
    case InitMethod::kRandom:
    case InitMethod::kPortfolio:
      break;
  }
  return random_start(data, request);
}

EmOptions FirstParameters::options_for(const ItemSummary& items, double tol) const {
  const FitOptions& options = plan_.options;
  Prior prior = prior_of(options.estimation, items);
  if (plan_.vanishing_prior) prior.strength = kVanishing;
  return {.max_iter = options.max_iter,
          .tol = tol,
          .prior = prior,
          .acceleration = options.acceleration,
          .constant_features = items.constant};
}

}  // namespace mixbern
