#include "stats/free_parameters.hpp"

#include <algorithm>
#include <numeric>
#include <span>

namespace mixbern {
namespace {

// Rows of its component that lie off the bound, and a share, below which a probability counts as at its
// bound. The share is twice what smoothing leaves to a value that no row has (kUnseenProbability).
constexpr double kBoundaryRows = 0.01;
constexpr double kBoundaryShare = 2e-6;

// Rows of one block: a few megabytes of scores at a thousand parameters.
constexpr std::size_t kBlockRows = 512;

Eigen::Index index(std::size_t i) {
  return static_cast<Eigen::Index>(i);
}

bool at_bound(double theta, double observed) {
  const double off = std::min(theta, 1 - theta);
  return off <= kBoundaryShare || off * observed <= kBoundaryRows;
}

bool is_likeliest(const Mixture& mixture, std::size_t k, std::size_t d) {
  const Items::Group* group = mixture.items().group_of(d);
  if (group == nullptr) return false;
  const auto answers = mixture.probabilities(k).subspan(group->first, group->size);
  return answers.begin() + static_cast<std::ptrdiff_t>(d - group->first) == std::ranges::max_element(answers);
}

void free_weights(const Mixture& mixture, const ComponentSums& sums, FreeParameters& free) {
  const std::size_t n_components = mixture.n_components();
  const Ties& ties = mixture.ties();
  double left = 1;
  for (const auto& held : ties.held_weights()) left -= held.weight;
  free.shares.assign(mixture.weights().begin(), mixture.weights().end());
  for (std::size_t k = 0; k < n_components && !ties.held_weights().empty(); ++k)
    free.shares[k] = ties.holds_weight(k) ? 0 : free.shares[k] / left;
  const std::vector<std::size_t> order = order_by_weight(mixture);
  const auto largest = std::ranges::find_if_not(order, [&](std::size_t k) { return ties.holds_weight(k); });
  free.reference = largest == order.end() ? order.front() : *largest;
  std::vector<double> counts(n_components);  // of equal weights all, by their first component
  for (std::size_t k = 0; k < n_components; ++k) {
    counts[ties.first_of_weight(k)] += sums.counts[k];
    if (sums.counts[k] <= kBoundaryRows) free.empty_components.push_back(k);
  }
  free.weights.assign(n_components, kNotFree);
  std::vector<std::ptrdiff_t> positions(free.weights);
  for (std::size_t k = 0; k < n_components; ++k) {
    const std::size_t first = ties.first_of_weight(k);
    if (counts[first] <= kBoundaryRows || free.is_reference(ties, k) || ties.holds_weight(k)) continue;
    if (positions[first] == kNotFree) positions[first] = static_cast<std::ptrdiff_t>(free.count++);
    free.weights[k] = positions[first];
  }
}

// Which cells stand for a parameter each, and what is observed of it.
struct CellParameters {
  std::vector<std::size_t> first;  // of equal cells the first one
  std::vector<bool> held;
  std::vector<double> observed;
};

CellParameters cell_parameters(const Mixture& mixture, const ComponentSums& sums) {
  CellParameters cells{std::vector<std::size_t>(sums.observed.size()),
                       std::vector<bool>(sums.observed.size(), false), sums.observed};
  std::iota(cells.first.begin(), cells.first.end(), std::size_t{0});
  for (const std::vector<std::size_t>& equal : mixture.ties().equal()) {
    double observed = 0;
    for (const std::size_t j : equal) observed += sums.observed[j];
    for (const std::size_t j : equal) {
      cells.first[j] = equal.front();
      cells.observed[j] = observed;
    }
  }
  for (const auto& held : mixture.ties().held()) cells.held[held.position] = true;
  return cells;
}

void free_probabilities(const Mixture& mixture, const ComponentSums& sums, FreeParameters& free) {
  const std::size_t n_features = mixture.n_features();
  const CellParameters cells = cell_parameters(mixture, sums);
  std::vector<std::ptrdiff_t> positions(sums.observed.size(), kNotFree);  // by first cell
  free.probabilities = positions;
  for (std::size_t j = 0; j < positions.size(); ++j) {
    const std::size_t k = j / n_features, d = j % n_features;
    if (free.is_empty(k) || cells.held[j] || is_likeliest(mixture, k, d)) continue;
    if (at_bound(mixture.probabilities()[j], cells.observed[j])) {
      free.boundary.push_back(j);
      continue;
    }
    std::ptrdiff_t& position = positions[cells.first[j]];
    if (position == kNotFree) position = static_cast<std::ptrdiff_t>(free.count++);
    free.probabilities[j] = position;
  }
}

class Blocks {
 public:
  Blocks(const Mixture& mixture, const Dataset& rows, const FreeParameters& free)
      : mixture_(mixture), rows_(rows), free_(free) {}

  ScoreBlock fill(std::size_t first, std::size_t n, const double* responsibilities) {
    resize(n);
    std::vector<double> value(rows_.n_features()), seen(rows_.n_features());
    for (std::size_t i = 0; i < n; ++i) {
      expand_row(rows_, first + i, value.data(), seen.data());
      for (std::size_t d = 0; d < value.size(); ++d) {
        values_(index(i), index(d)) = value[d];
        observed_(index(i), index(d)) = seen[d];
      }
      for (std::size_t k = 0; k < mixture_.n_components(); ++k)
        responsibilities_(index(i), index(k)) = responsibilities[i * mixture_.n_components() + k];
    }
    fill_scores();
    return {first, scores_, values_, observed_, responsibilities_};
  }

 private:
  void resize(std::size_t n) {
    scores_.resize(index(n), index(free_.count));
    values_.resize(index(n), index(mixture_.n_features()));
    observed_.resize(index(n), index(mixture_.n_features()));
    responsibilities_.resize(index(n), index(mixture_.n_components()));
  }

  void fill_scores() {
    const std::size_t n_features = mixture_.n_features();
    scores_.setZero();
    // Of components whose weight is not held.
    Eigen::ArrayXd unheld = Eigen::ArrayXd::Ones(scores_.rows());
    for (const auto& held : mixture_.ties().held_weights())
      unheld -= responsibilities_.col(index(held.component)).array();
    for (std::size_t k = 0; k < mixture_.n_components(); ++k) {
      const auto gamma = responsibilities_.col(index(k)).array();
      if (free_.weights[k] != kNotFree)
        scores_.col(free_.weights[k]) += (gamma - free_.shares[k] * unheld).matrix();
      for (std::size_t d = 0; d < n_features; ++d) {
        const std::ptrdiff_t column = free_.probabilities[k * n_features + d];
        if (column == kNotFree) continue;
        const double theta = mixture_.probabilities(k)[d];
        scores_.col(column) +=
            (gamma * (values_.col(index(d)).array() - theta * observed_.col(index(d)).array())).matrix();
      }
    }
  }

  const Mixture& mixture_;
  const Dataset& rows_;
  const FreeParameters& free_;
  Eigen::MatrixXd scores_, values_, observed_, responsibilities_;
};

}  // namespace

ComponentSums component_sums(const Mixture& mixture, const PatternTable& table,
                             const PosteriorOptions& options) {
  const std::size_t n_components = mixture.n_components(), n_features = mixture.n_features();
  ComponentSums sums{std::vector<double>(n_components), std::vector<double>(n_components * n_features)};
  std::vector<double> missing(n_components * n_features), value(n_features), seen(n_features);
  for_each_posterior(mixture, table.rows, options, [&](const PosteriorBlock& block) {
    for (std::size_t i = 0; i < block.n_rows; ++i) {
      const double weight = table.rows.weights[block.first_row + i];
      const auto gamma = block.responsibilities.subspan(i * n_components, n_components);
      for (std::size_t k = 0; k < n_components; ++k) sums.counts[k] += weight * gamma[k];
      if (!table.rows.missing) continue;
      expand_row(table.rows, block.first_row + i, value.data(), seen.data());
      for (std::size_t d = 0; d < n_features; ++d) {
        if (seen[d] > 0) continue;
        for (std::size_t k = 0; k < n_components; ++k) missing[k * n_features + d] += weight * gamma[k];
      }
    }
  });
  for (std::size_t j = 0; j < missing.size(); ++j)
    sums.observed[j] = std::max(sums.counts[j / n_features] - missing[j], 0.0);
  return sums;
}

FreeParameters free_parameters(const Mixture& mixture, const ComponentSums& sums) {
  FreeParameters free;
  free_weights(mixture, sums, free);
  free_probabilities(mixture, sums, free);
  return free;
}

void for_each_score_block(const Mixture& mixture, const Dataset& rows, const FreeParameters& free,
                          const PosteriorOptions& options,
                          const std::function<void(const ScoreBlock&)>& visit) {
  Blocks blocks(mixture, rows, free);
  for_each_posterior(mixture, rows, options, [&](const PosteriorBlock& block) {
    for (std::size_t first = 0; first < block.n_rows; first += kBlockRows) {
      const std::size_t n = std::min(kBlockRows, block.n_rows - first);
      visit(blocks.fill(block.first_row + first, n,
                        block.responsibilities.data() + first * mixture.n_components()));
    }
  });
}

}  // namespace mixbern
