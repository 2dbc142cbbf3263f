// Where the starts of a fit begin.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

#include "em/em_run.hpp"
#include "init/initialise.hpp"
#include "select/plan.hpp"

namespace mixbern {

/// Starts of a small table that are run before any of them is varied.
inline constexpr std::size_t kFirstBatch = 64;

/// First parameters of each start by its method, fitted to a sample of the rows first where the plan says so,
/// and the options of the EM that goes on from there. Safe to call from several threads.
class FirstParameters {
 public:
  /// What data and plan say; neither is owned. O(N · D), and a copy of the sample's rows.
  FirstParameters(const Dataset& data, const RowFacts& facts, const Plan& plan);

  /// `bases` are what a variation may start from; without any it is a random start. `watch`, which may be
  /// null, can cancel the iterations on the sample. Deterministic for the plan's seed and `start`.
  Mixture of(std::size_t start, std::span<const Mixture> bases, Reducer& reducer, Watch* watch) const;
  /// For a run that has others already.
  Mixture none() const;
  /// In a portfolio every other start is a variation once there is something to vary.
  InitMethod method_of(std::size_t start) const;

  /// On all rows.
  EmOptions em_options(double tol) const { return options_for(items_, tol); }

 private:
  // A sample of the rows, and what the iterations on it need. Mini-batch EM of one batch: a start that is
  // fitted to the sample is near an optimum of the whole for a fraction of the cost (Neal and Hinton 1998 and
  // later stepwise methods go on with further batches; here all rows do).
  struct Sample {
    Sample(const Dataset& data, const Plan& plan);

    Dataset rows;
    RowsOfDataset source;
    RowFacts facts;
    ItemSummary items;
  };

  Mixture initial(const Dataset& data, const ItemSummary& items, std::size_t start,
                  std::span<const Mixture> bases, Reducer& reducer) const;
  Mixture found_by_method(const Dataset& data, const ItemSummary& items, std::size_t start,
                          std::span<const Mixture> bases, Reducer& reducer) const;
  EmOptions options_for(const ItemSummary& items, double tol) const;

  const Dataset& data_;
  const Plan& plan_;
  ItemSummary items_;
  Ties ties_;
  std::optional<Sample> sample_;
};

}  // namespace mixbern
