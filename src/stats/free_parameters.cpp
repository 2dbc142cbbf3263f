#include "stats/free_parameters.hpp"

#include <algorithm>
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
    for (std::size_t k = 0; k < mixture_.n_components(); ++k) {
      const auto gamma = responsibilities_.col(index(k)).array();
      if (free_.weights[k] != kNotFree)
        scores_.col(free_.weights[k]) = (gamma - mixture_.weights()[k]).matrix();
      for (std::size_t d = 0; d < n_features; ++d) {
        const std::ptrdiff_t column = free_.probabilities[k * n_features + d];
        if (column == kNotFree) continue;
        const double theta = mixture_.probabilities(k)[d];
        scores_.col(column) =
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
  const std::size_t n_components = mixture.n_components(), n_features = mixture.n_features();
  FreeParameters free;
  free.reference = order_by_weight(mixture).front();
  free.weights.assign(n_components, kNotFree);
  free.probabilities.assign(n_components * n_features, kNotFree);
  for (std::size_t k = 0; k < n_components; ++k) {
    if (sums.counts[k] <= kBoundaryRows) {
      free.empty_components.push_back(k);
    } else if (k != free.reference) {
      free.weights[k] = static_cast<std::ptrdiff_t>(free.count++);
    }
  }
  for (std::size_t k = 0; k < n_components; ++k) {
    if (sums.counts[k] <= kBoundaryRows) continue;
    for (std::size_t d = 0; d < n_features; ++d) {
      const std::size_t j = k * n_features + d;
      if (is_likeliest(mixture, k, d)) continue;
      if (at_bound(mixture.probabilities(k)[d], sums.observed[j])) {
        free.boundary.push_back(j);
      } else {
        free.probabilities[j] = static_cast<std::ptrdiff_t>(free.count++);
      }
    }
  }
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
