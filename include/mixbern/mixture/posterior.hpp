// What a given mixture says of given rows: likelihood, posterior, new rows, missing cells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/mixture/mixture.hpp"

namespace mixbern {

/// Posteriors of a run of consecutive rows.
struct PosteriorBlock {
  std::size_t first_row;  ///< index of the first of them
  std::size_t n_rows;
  std::span<const double> responsibilities;  ///< n_rows × K, row-major; each row sums to 1
  std::span<const double> log_likelihoods;   ///< log p(x_i) of each, without its weight
};

struct PosteriorOptions {
  unsigned threads = 0;          ///< 0: all processors
  bool semi_supervised = false;  ///< a row has its known component, or one of its set, for certain
};

/// Calls `visit` with blocks of rows in order, from one thread at a time; posteriors are never held for all
/// rows.
///
/// A row with every cell missing has log-likelihood 0 and the weights as posterior. A row that no component
/// can have produced (θ exactly 0 or 1) has −∞ and the weights as posterior. REQUIRES: data.n_features() ==
/// mixture.n_features(); std::invalid_argument otherwise. Cost: O(ones · K).
void for_each_posterior(const Mixture& mixture, const Dataset& data, const PosteriorOptions& options,
                        const std::function<void(const PosteriorBlock&)>& visit);

/// Σ_i weight_i · log p(x_i) in nats, over observed cells, in double precision, the same for any number of
/// threads.
double log_likelihood(const Mixture& mixture, const Dataset& data, const PosteriorOptions& options = {});

/// `n_rows` rows drawn from the mixture; `labels` holds the component that each came from. Deterministic for
/// a seed.
Dataset sample(const Mixture& mixture, std::size_t n_rows, std::uint64_t seed);

/// How `impute` fills a missing cell: with 1 where P(x = 1 | observed cells of the row) > 1/2, or by a draw
/// of the row's component from its posterior and then of the cell (seeded).
enum class ImputeMethod { kMode, kDraw };

/// `data` with every missing cell filled. Observed cells stay as they are.
Dataset impute(const Mixture& mixture, const Dataset& data, ImputeMethod method = ImputeMethod::kMode,
               std::uint64_t seed = 0);

}  // namespace mixbern
