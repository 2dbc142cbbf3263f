// k-means on bits: ‖x − μ‖² = ‖x‖² − 2 x·μ + ‖μ‖², and x·x = x·1 for bits, so that the distance over observed
// cells is Σ μ² − Σ_missing μ² + Σ_ones (1 − 2μ): the same product as in the E-step.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "base/aligned.hpp"
#include "data/select_rows.hpp"
#include "em/m_step.hpp"
#include "init/initialise.hpp"
#include "init/shared.hpp"
#include "score/exact_scores.hpp"

namespace mixbern {
namespace {

// Seeding looks at this many rows a component, drawn at random: enough to meet every cluster of a share above
// 1 / (20 K), and the K passes stay cheap however many rows there are.
constexpr std::size_t kSeedRowsPerComponent = 20;
constexpr std::size_t kSeedRows = 1000;

// Number of cells, observed in both rows, in which they differ.
std::size_t distance(const BitMatrix& ones, const BitMatrix* missing, std::size_t i, std::size_t j) {
  const auto a = ones.row(i);
  const auto b = ones.row(j);
  std::size_t count = 0;
  for (std::size_t w = 0; w < a.size(); ++w) {
    std::uint64_t differ = a[w] ^ b[w];
    if (missing != nullptr) differ &= ~(missing->row(i)[w] | missing->row(j)[w]);
    count += static_cast<std::size_t>(std::popcount(differ));
  }
  return count;
}

// Rows that seeds are chosen among, as packed bits with weights.
Dataset candidates(const Dataset& data, std::size_t n_components, Engine& engine) {
  const std::size_t wanted = std::max(kSeedRows, kSeedRowsPerComponent * n_components);
  const std::vector<std::size_t> chosen = draw_subset(data.n_rows(), wanted, engine);
  Dataset subset = select_rows(data, chosen);
  subset.ones = to_packed(subset.ones);
  if (subset.missing) subset.missing = to_packed(*subset.missing);
  subset.weights.clear();
  for (const std::size_t i : chosen) subset.weights.push_back(data.weight(i));
  return subset;
}

// θ of one seed row: its cells, missing ones at the item mean.
void append_seed(const Dataset& rows, std::size_t i, std::span<const double> means, std::vector<double>& to) {
  for (std::size_t d = 0; d < rows.n_features(); ++d) {
    const bool missing = rows.missing && test(*rows.missing, i, d);
    to.push_back(missing ? means[d] : static_cast<double>(test(rows.ones, i, d)));
  }
}

Mixture seeds(const Dataset& data, const InitRequest& request, Engine& engine) {
  const Dataset rows = candidates(data, request.n_components, engine);
  const auto& ones = std::get<BitMatrix>(rows.ones);
  const BitMatrix* missing = rows.missing ? &std::get<BitMatrix>(*rows.missing) : nullptr;
  std::vector<double> nearest(rows.n_rows(), std::numeric_limits<double>::infinity());
  std::vector<double> chance = rows.weights;
  std::vector<double> centres;
  for (std::size_t k = 0; k < request.n_components; ++k) {
    const std::size_t seed = draw_index(chance, engine);
    append_seed(rows, seed, request.item_means, centres);
    for (std::size_t i = 0; i < rows.n_rows(); ++i) {
      nearest[i] = std::min(nearest[i], static_cast<double>(distance(ones, missing, i, seed)));
      chance[i] = rows.weights[i] * nearest[i];
    }
  }
  return {std::vector<double>(request.n_components, 1.0), std::move(centres), request.items};
}

// Tables of the distance to every centre, as the products want them.
struct DistanceTables {
  DistanceTables(const Mixture& centres, const StatsLayout& layout) : base(layout.stride()) {
    const std::size_t stride = layout.stride();
    AlignedVector<double> of_ones(centres.n_features() * stride);
    AlignedVector<double> of_missing(of_ones.size());
    for (std::size_t k = 0; k < centres.n_components(); ++k) {
      const auto mu = centres.probabilities(k);
      for (std::size_t d = 0; d < mu.size(); ++d) {
        base[k] += mu[d] * mu[d];
        of_ones[d * stride + k] = 1 - 2 * mu[d];
        of_missing[d * stride + k] = -mu[d] * mu[d];
      }
    }
    ones = encoded(std::move(of_ones), stride, layout.encodings.ones);
    if (layout.has_missing) missing = encoded(std::move(of_missing), stride, layout.encodings.missing);
  }
  std::vector<double> base;
  AlignedVector<double> ones, missing;
};

// One pass: every row to its nearest centre (ties to the first); the clusters' sums.
const SufficientStats& assign(const RowSource& rows, const Mixture& centres, Reducer& reducer,
                              std::vector<std::uint32_t>& assignment) {
  const StatsLayout& layout = reducer.layout();
  const std::size_t stride = layout.stride();
  const DistanceTables tables(centres, layout);
  const double scale = std::ldexp(1.0, layout.fraction_bits);
  return reducer.reduce(rows, [&](Accumulator& into) {
    RowBlock& block = into.work.rows;
    const std::size_t n = block.size();
    block.spell();
    std::vector<double> distances(n * stride);
    add_rows(block.codes(), n, tables.ones, stride, distances.data());
    if (block.has_missing()) add_rows(block.missing_codes(), n, tables.missing, stride, distances.data());
    for (std::size_t i = 0; i < n; ++i) {
      const double* values = distances.data() + i * stride;
      std::uint32_t best = 0;
      for (std::uint32_t k = 1; k < centres.n_components(); ++k) {
        if (values[k] + tables.base[k] < values[best] + tables.base[best]) best = k;
      }
      assignment[block.begin() + i] = best;
      into.stats.add_row(block, i, best, std::llrint(block.weight(i) * scale));
    }
  });
}

}  // namespace

Mixture kmeans_start(const Dataset& data, const InitRequest& request, std::size_t lloyd_iterations,
                     Reducer& reducer) {
  Engine engine = engine_for(request);
  Mixture centres = seeds(data, request, engine);
  const RowsOfDataset rows(data, reducer.layout().encodings);
  std::vector<std::uint32_t> assignment(data.n_rows());
  std::vector<std::uint32_t> previous;
  for (std::size_t iteration = 0;; ++iteration) {
    const SufficientStats& stats = assign(rows, centres, reducer, assignment);
    if (iteration == lloyd_iterations || assignment == previous) break;
    previous = assignment;
    centres = maximise(stats, centres, {});
  }
  return class_means(data, assignment, request, reducer);
}

}  // namespace mixbern
