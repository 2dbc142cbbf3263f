// Parts of a data set that take turns at being held out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern {

/// Rows in folds of the same size (give or take one), dealt in an order drawn from the seed. Row weights that
/// are whole numbers are that many rows, each dealt by itself; a row with another weight stays in one piece.
class Folds {
 public:
  /// How many rows there are to deal.
  static std::size_t n_rows(const Dataset& data);
  /// REQUIRES: 2 <= n_folds <= n_rows(data); std::invalid_argument otherwise.
  Folds(const Dataset& data, std::size_t n_folds, std::uint64_t seed);

  std::size_t size() const { return held_out_.size(); }
  /// Distinct rows with their weights: those of one fold, without labels, and those of all others.
  Dataset held_out(std::size_t fold) const;
  Dataset training(std::size_t fold) const;

 private:
  Dataset rows_;                               // distinct
  std::vector<std::vector<double>> held_out_;  // weight of each in each fold
};

}  // namespace mixbern
