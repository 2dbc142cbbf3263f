// What may be said of a mixture's parameters beforehand: equal to each other, or held.
#pragma once

#include <compare>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "mixbern/dataset/items.hpp"

namespace mixbern {

/// Restrictions of a mixture (Goodman, Biometrika 61 (1974) 215-231, section 4; Langeheine and Rost, Latent
/// Trait and Latent Class Models (1988), chapter 4). Components count from 0, items too, in the order of
/// Items::all().
///
/// Cells that are equal are one parameter: its M-step adds up their ones and observed counts, and their
/// pseudo-counts, and divides then. A held probability or weight stays what it is; weights that are not held
/// share what those leave over. Equal weights are the mean of theirs. Restricted components keep their
/// numbers, whatever their weights.
struct Constraints {
  /// An item in a component: its probability, or those of all answers of a categorical item.
  struct Cell {
    std::size_t component = 0;
    std::size_t item = 0;
    auto operator<=>(const Cell&) const = default;
  };
  struct HeldCell {
    Cell cell = {};
    /// Of a 1; for a categorical item one an answer, with the sum 1.
    std::vector<double> probabilities = {};
    bool operator==(const HeldCell&) const = default;
  };
  struct HeldWeight {
    std::size_t component = 0;
    double weight = 0;  ///< in (0, 1)
    bool operator==(const HeldWeight&) const = default;
  };

  std::vector<std::vector<Cell>> equal = {};  ///< the cells of one parameter each, two or more
  std::vector<HeldCell> held = {};
  std::vector<HeldWeight> held_weights = {};
  std::vector<std::vector<std::size_t>> equal_weights = {};  ///< components of one weight, two or more

  bool none() const { return equal.empty() && held.empty() && held_weights.empty() && equal_weights.empty(); }
  bool operator==(const Constraints&) const = default;
};

/// Constraints of mixtures of one shape, by the positions of their K × D probabilities. A copy is as cheap as
/// a pointer.
class Ties {
 public:
  struct HeldProbability {
    std::size_t position;
    double value;
  };

  /// Nothing is equal or held.
  Ties() = default;
  /// Throws std::invalid_argument for components or items that are not there, for a cell or a weight that is
  /// named twice, cells of items with different numbers of answers, and held values that are no
  /// probabilities.
  Ties(const Constraints& constraints, std::size_t n_components, std::size_t n_features, const Items& items);

  bool none() const { return map_ == nullptr; }
  /// As they were given.
  const Constraints& constraints() const;
  /// Positions of equal probabilities, a list a parameter; of a categorical item a list an answer.
  std::span<const std::vector<std::size_t>> equal() const;
  std::span<const HeldProbability> held() const;
  std::span<const Constraints::HeldWeight> held_weights() const { return constraints().held_weights; }
  bool holds_weight(std::size_t component) const;
  /// The first component that has the weight of this one; itself where none shares it.
  std::size_t first_of_weight(std::size_t component) const;
  /// Some weights are equal or held.
  bool restricts_weights() const;
  /// The constraints leave no weight to be estimated.
  bool fixes_all_weights() const;
  /// Free parameters that the constraints take away.
  std::size_t n_saved() const;

  /// Makes them hold: held values are put in, equal weights become their mean, and equal cells theirs by the
  /// weights of their components. Changes nothing where they hold already. REQUIRES: vectors of the shape,
  /// that of weights with the sum 1.
  void impose(std::vector<double>& weights, std::vector<double>& probabilities) const;

  struct Map;  ///< constraints by position

  bool operator==(const Ties& other) const { return constraints() == other.constraints(); }

 private:
  std::shared_ptr<const Map> map_;  // null: none
};

/// The same constraints where component j is what was order[j]. REQUIRES: a permutation.
Constraints permuted(Constraints constraints, std::span<const std::size_t> order);

}  // namespace mixbern
