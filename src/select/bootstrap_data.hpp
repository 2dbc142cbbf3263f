// Data sets for the bootstrap.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/random.hpp"
#include "mixbern/dataset/dataset.hpp"
#include "mixbern/fit/estimation.hpp"
#include "mixbern/fit/watch.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "stats/patterns.hpp"

namespace mixbern {

/// Seed of data set `index` of a stream that belongs to `seed` and `purpose`.
std::uint64_t bootstrap_seed(std::uint64_t seed, std::uint64_t purpose, std::uint64_t index);

/// Throws std::invalid_argument for sampling weights: data sets are drawn with equal chances.
void refuse_sampling_weights(const Estimation& estimation);
/// Throws std::invalid_argument if rows have sets of classes that are held: data sets cannot be drawn so.
void refuse_class_sets(const Dataset& data, const Estimation& estimation);

/// Parametric: as many rows as were seen with each set of answered items (fractions of weights are rounded),
/// drawn from the mixture. Where the table has labels, as many of them as had one show the component they
/// were drawn from. draw() may be called from several threads.
class ParametricSource {
 public:
  ParametricSource(const Mixture& mixture, const PatternTable& table);
  /// Distinct rows with weights. Once `watch` cancels the rows that are left stay without a one: nothing
  /// should be made of them.
  Dataset draw(std::uint64_t seed, Watch* watch = nullptr) const;

 private:
  Dataset draw_cells(Engine& engine) const;
  Dataset draw_rows(Engine& engine, Watch* watch) const;

  const Mixture& mixture_;
  const PatternTable& table_;
  AnsweredSets sets_;
  std::vector<double> labelled_;  // weight of each set's rows that have a label
  BitMatrix patterns_{};          // all of them, and their probabilities, where they are few against rows,
  std::vector<double> cells_;     // probabilities of all patterns where they are few against rows, else empty
};

/// Non-parametric: as many rows as there are, drawn with replacement from the rows. The table's weights are
/// taken as numbers of rows.
Dataset resampled(const PatternTable& table, std::uint64_t seed);

}  // namespace mixbern
