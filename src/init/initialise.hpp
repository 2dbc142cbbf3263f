// First parameters of a start.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/row_facts.hpp"
#include "em/reducer.hpp"
#include "mixbern/dataset/dataset.hpp"
#include "mixbern/fit/em.hpp"
#include "mixbern/fit/estimation.hpp"
#include "mixbern/fit/init.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "model/prior.hpp"

namespace mixbern {

struct InitRequest {
  std::size_t n_components;
  std::uint64_t seed;
  std::uint64_t start;                 ///< each start of a fit has a stream of random numbers of its own
  std::span<const double> item_means;  ///< [D], of the same data
  Items items = {};                    ///< of the same data
};

/// What all rows say of each feature by itself. O(D).
struct ItemSummary {
  /// P(x_d = 1) over observed cells with row weights and a count added that is shared by the answers of its
  /// item, so that it lies strictly between 0 and 1: [D].
  std::vector<double> means;
  /// Features of which no row, or every row that has it observed, is 1. Rows of weight 0 do not count.
  std::vector<std::size_t> constant;
  Items items = {};
};
ItemSummary summarise_items(const RowFacts& facts);
/// The prior that smoothing means for this data. `items` is not owned.
Prior prior_of(const Estimation& estimation, const ItemSummary& items);

/// The kinds of start that a portfolio takes in turn. Of no kind is it known beforehand that it meets the
/// best optimum: each misses it on tables where another finds it often (bench/optima).
inline constexpr std::array kPortfolio{InitMethod::kRandom, InitMethod::kWide, InitMethod::kRows,
                                       InitMethod::kKMeansPlusPlus};
/// What start number `start` of a fit with `method` is: `method` itself, or its kind within the portfolio.
InitMethod method_of_start(InitMethod method, std::size_t start);

/// Each takes rows with weights as they are (collapsed or not) and gives K components with probabilities
/// strictly between 0 and 1. Deterministic for (seed, start).
///
/// random: log-odds of the item means plus standard normal noise. O(K · D).
Mixture random_start(const Dataset& data, const InitRequest& request);
/// wide: probabilities uniform in (0, 1), so that classes far from the item means are met too. O(K · D).
Mixture wide_start(const Dataset& data, const InitRequest& request);
/// variation: `base` with one component, drawn at random, replaced by one of probabilities uniform in (0, 1)
/// and weight 1 / K; the others are kept off 0 and 1 so that EM can move them. What separates a good optimum
/// from the best one is often one component only. O(K · D).
Mixture varied_start(const Mixture& base, const InitRequest& request);
/// rows: K different rows drawn by weight; θ half way between the row and the item means. More components
/// than different rows: the others start at random. O(N + K · D).
Mixture rows_start(const Dataset& data, const InitRequest& request);
/// kmeans++: seeds by Arthur and Vassilvitskii, SODA 2007, among a random subset of rows; every row to its
/// nearest seed; class means. `lloyd_iterations` more passes of Lloyd's algorithm make it kmeans.
Mixture kmeans_start(const Dataset& data, const InitRequest& request, std::size_t lloyd_iterations,
                     Reducer& reducer);
/// labels: class means of Dataset::labels, rows without label left out; a component without rows starts at
/// random. REQUIRES: labels are present and below K; std::invalid_argument otherwise.
Mixture labels_start(const Dataset& data, const InitRequest& request, Reducer& reducer);

}  // namespace mixbern
