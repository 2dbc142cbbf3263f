#include "em/curvature.hpp"

#include <algorithm>
#include <utility>

#include "score/exact_scores.hpp"

namespace mixbern {
namespace {

std::size_t n_coordinates(const Mixture& mixture) {
  return mixture.n_components() - 1 + mixture.probabilities().size();
}

// n of n p (1 − p), from where that is largest.
double total_of(std::span<const double> theta, const double* complete) {
  const auto steepest =
      std::ranges::max_element(theta, {}, [](double x) { return x * (1 - x); }) - theta.begin();
  const double variance =
      theta[static_cast<std::size_t>(steepest)] * (1 - theta[static_cast<std::size_t>(steepest)]);
  return variance > 0 ? complete[steepest] / variance : 0;
}

// What rows give to a Curvature: a fold.
class RowSums {
 public:
  RowSums(const Mixture& mixture, const RowSource& rows)
      : gradient(n_coordinates(mixture)),
        information(n_coordinates(mixture) * n_coordinates(mixture)),
        complete(n_coordinates(mixture)),
        mixture_(mixture),
        scores_(mixture, rows.has_missing(), rows.encodings()),
        n_components_(mixture.n_components()),
        n_features_(mixture.n_features()),
        n_parameters_(n_coordinates(mixture)),
        values_(n_features_),
        observed_(n_features_),
        residuals_(n_components_ * n_features_),
        score_(n_parameters_) {}

  void add(RowBlock& rows) {
    responsibilities_.resize(rows.size() * scores_.stride());
    log_likelihoods_.resize(rows.size());
    scores_.posteriors(rows, responsibilities_.data(), log_likelihoods_.data(), memory_);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      add_row(rows, i, responsibilities_.data() + i * scores_.stride());
    }
  }
  void merge(const RowSums& other) {
    add_sums(gradient, other.gradient);
    add_sums(information, other.information);
    add_sums(complete, other.complete);
    total += other.total;
  }
  void finish() {}

  std::vector<double> gradient, information, complete;
  double total = 0;  // weight

 private:
  static void add_sums(std::vector<double>& sums, const std::vector<double>& more) {
    for (std::size_t j = 0; j < sums.size(); ++j) sums[j] += more[j];
  }

  void add_row(const RowBlock& rows, std::size_t i, const double* responsibilities) {
    const double weight = rows.weight(i);
    if (weight <= 0) return;
    total += weight;
    expand(rows, i);
    for (std::size_t k = 0; k < n_components_; ++k) add_component(k, responsibilities[k], weight);
    add_square(weight);
  }

  std::size_t position(std::size_t k, std::size_t d) const { return n_components_ - 1 + k * n_features_ + d; }
  double& entry(std::size_t row, std::size_t column) { return information[row * n_parameters_ + column]; }

  void expand(const RowBlock& rows, std::size_t i) {
    std::fill(values_.begin(), values_.end(), 0.0);
    std::fill(observed_.begin(), observed_.end(), 1.0);
    rows.ones().for_each_one(i, [&](std::size_t d) { values_[d] = 1; });
    if (rows.has_missing()) rows.missing().for_each_one(i, [&](std::size_t d) { observed_[d] = 0; });
  }

  // E[score], less E[score scoreᵀ]: a component's own block, and its share of the weights.
  void add_component(std::size_t k, double responsibility, double weight) {
    const double share = weight * responsibility;
    double* residual = residuals_.data() + k * n_features_;
    const auto theta = mixture_.probabilities(k);
    for (std::size_t d = 0; d < n_features_; ++d) {
      residual[d] = values_[d] - observed_[d] * theta[d];
      score_[position(k, d)] = responsibility * residual[d];
      gradient[position(k, d)] += share * residual[d];
      complete[position(k, d)] += share * observed_[d] * theta[d] * (1 - theta[d]);
    }
    for (std::size_t d = 0; d < n_features_; ++d) {
      const double factor = share * residual[d];
      double* row = &entry(position(k, d), position(k, 0));
      for (std::size_t e = 0; e <= d; ++e) row[e] -= factor * residual[e];
    }
    if (k == 0) return;
    score_[k - 1] = responsibility;
    gradient[k - 1] += share;
    entry(k - 1, k - 1) -= share;
    for (std::size_t d = 0; d < n_features_; ++d) entry(position(k, d), k - 1) -= share * residual[d];
  }

  // E[score] E[score]ᵀ.
  void add_square(double weight) {
    for (std::size_t a = 0; a < n_parameters_; ++a) {
      const double factor = weight * score_[a];
      double* row = &entry(a, 0);
      for (std::size_t b = 0; b <= a; ++b) row[b] += factor * score_[b];
    }
  }

  const Mixture& mixture_;
  ExactScores scores_;
  std::size_t n_components_, n_features_, n_parameters_;
  std::vector<double> responsibilities_, log_likelihoods_, memory_;  // of a block
  std::vector<double> values_, observed_, residuals_, score_;        // of a row
};

}  // namespace

Curvature::Curvature(const RowSource& rows, const Mixture& mixture, const Prior& prior,
                     std::span<const std::size_t> fixed_features) {
  constexpr std::size_t kBlockRows = 64;
  RowSums sums = fold_rows(rows, kBlockRows, RowSums(mixture, rows));
  gradient = std::move(sums.gradient);
  information = std::move(sums.information);
  complete = std::move(sums.complete);
  add_weights(mixture, prior, sums.total);
  add_probabilities(mixture, prior);
  const std::vector<std::size_t> likeliest = tie_answers(mixture);
  tie_cells(mixture, fixed_features);
  hold_bounds(mixture, fixed_features);
  for (const std::size_t row : likeliest) hold(row);
}

void Curvature::add_weights(const Mixture& mixture, const Prior& prior, double n) {
  const std::size_t p = gradient.size();
  const auto pi = mixture.weights();
  const double total = n + prior.strength * static_cast<double>(pi.size());
  for (std::size_t a = 1; a < pi.size(); ++a) {
    gradient[a - 1] += prior.strength - total * pi[a];
    complete[a - 1] = total * pi[a];
    information[(a - 1) * p + a - 1] += total * pi[a];
    for (std::size_t b = 1; b <= a; ++b) information[(a - 1) * p + b - 1] -= total * pi[a] * pi[b];
  }
}

void Curvature::add_probabilities(const Mixture& mixture, const Prior& prior) {
  const std::size_t p = gradient.size();
  const auto theta = mixture.probabilities();
  for (std::size_t j = 0; j < theta.size(); ++j) {
    const std::size_t row = mixture.n_components() - 1 + j, d = j % mixture.n_features();
    const auto n_answers = static_cast<double>(mixture.items().n_answers(d));
    gradient[row] += n_answers * prior.strength * (prior.mean(d, n_answers) - theta[j]);
    complete[row] += n_answers * prior.strength * theta[j] * (1 - theta[j]);
    information[row * p + row] += complete[row];
  }
}

// Answers of one item exclude each other: their complete-data information is n (diag p − p pᵀ), of which
// `complete` has the diagonal. Returns the coordinates of the likeliest answers.
std::vector<std::size_t> Curvature::tie_answers(const Mixture& mixture) {
  const std::size_t p = gradient.size();
  std::vector<std::size_t> likeliest;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    for (const Items::Group& group : mixture.items().groups()) {
      const auto theta = mixture.probabilities(k).subspan(group.first, group.size);
      const std::size_t first = mixture.n_components() - 1 + k * mixture.n_features() + group.first;
      const double n = total_of(theta, complete.data() + first);
      for (std::size_t a = 0; a < theta.size(); ++a) {
        double* row = information.data() + (first + a) * p + first;
        for (std::size_t b = 0; b < a; ++b) row[b] -= n * theta[a] * theta[b];
      }
      likeliest.push_back(first + static_cast<std::size_t>(std::ranges::max_element(theta) - theta.begin()));
    }
  }
  return likeliest;
}

// Equal cells move as one, which is that of their first cell that is not held fixed: derivatives by it are
// sums of theirs.
void Curvature::tie_cells(const Mixture& mixture, std::span<const std::size_t> fixed_features) {
  const std::size_t first = mixture.n_components() - 1;
  const auto is_fixed = [&](std::size_t j) {
    return std::ranges::binary_search(fixed_features, j % mixture.n_features());
  };
  for (const std::vector<std::size_t>& cells : mixture.ties().equal()) {
    const auto found = std::ranges::find_if_not(cells, is_fixed);
    const std::size_t into = found == cells.end() ? cells.front() : *found;
    for (const std::size_t j : cells) {
      if (j != into) merge(first + j, first + into);
    }
  }
  for (const auto& held : mixture.ties().held()) hold(first + held.position);
}

// Adds the derivatives of one coordinate to those of another, and holds it.
void Curvature::merge(std::size_t row, std::size_t into) {
  const std::size_t p = gradient.size();
  const auto entry = [this, p](std::size_t a, std::size_t b) -> double& {
    return information[std::max(a, b) * p + std::min(a, b)];
  };
  gradient[into] += gradient[row];
  complete[into] += complete[row];
  entry(into, into) += entry(row, row) + 2 * entry(row, into);
  for (std::size_t a = 0; a < p; ++a) {
    if (a != into && a != row) entry(into, a) += entry(row, a);
  }
  hold(row);
}

void Curvature::hold_bounds(const Mixture& mixture, std::span<const std::size_t> fixed_features) {
  const auto pi = mixture.weights();
  const std::size_t n_components = pi.size();
  for (std::size_t k = 1; k < n_components; ++k) {
    if (pi[k] <= 0 || pi[0] <= 0) hold(k - 1);
  }
  for (std::size_t j = 0; j < mixture.probabilities().size(); ++j) {
    const bool fixed = std::ranges::binary_search(fixed_features, j % mixture.n_features());
    if (fixed || complete[n_components - 1 + j] <= 0) hold(n_components - 1 + j);
  }
}

void Curvature::hold(std::size_t row) {
  const std::size_t p = gradient.size();
  for (std::size_t b = 0; b < row; ++b) information[row * p + b] = 0;
  for (std::size_t a = row + 1; a < p; ++a) information[a * p + row] = 0;
  information[row * p + row] = 1;
  complete[row] = 1;
  gradient[row] = 0;
}

}  // namespace mixbern
