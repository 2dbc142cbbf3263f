// Slow and obvious: what the library is held against. Sums in long double, one cell at a time.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/mixture/mixture.hpp"

namespace mixbern::reference {

struct RandomShape {
  std::size_t n_rows = 50;
  std::size_t n_features = 7;
  double density = 0.4;
  double missing = 0;    // share of missing cells
  bool weights = false;  // random weights, some of them 0
};

inline Dataset random_dataset(const RandomShape& shape, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform;
  BitMatrix ones(shape.n_rows, shape.n_features);
  BitMatrix missing(shape.n_rows, shape.n_features);
  Dataset data;
  for (std::size_t i = 0; i < shape.n_rows; ++i) {
    for (std::size_t d = 0; d < shape.n_features; ++d) {
      if (uniform(engine) < shape.missing) {
        missing.set(i, d);
      } else if (uniform(engine) < shape.density) {
        ones.set(i, d);
      }
    }
    if (shape.weights) data.weights.push_back(i % 5 == 3 ? 0.0 : 0.1 + 3 * uniform(engine));
  }
  data.ones = ones;
  if (shape.missing > 0) data.missing = missing;
  return data;
}

inline Mixture random_mixture(std::size_t n_components, std::size_t n_features, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(0.02, 0.98);
  std::vector<double> weights(n_components);
  std::vector<double> probabilities(n_components * n_features);
  for (double& w : weights) w = uniform(engine);
  for (double& p : probabilities) p = uniform(engine);
  return {weights, probabilities};
}

/// Rows of four items of 3, 2, 4 and 2 answers: nine features. `shape.n_features` says nothing.
inline Dataset random_categorical(const RandomShape& shape, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform;
  Dataset data;
  data.categorical = {{"a", 0, {"1", "2", "3"}}, {"c", 4, {"w", "x", "y", "z"}}};
  BitMatrix ones(shape.n_rows, 9), missing(shape.n_rows, 9);
  const Items items(9, data.categorical);
  for (std::size_t i = 0; i < shape.n_rows; ++i) {
    for (const Items::Group& item : items.all(9)) {
      const bool lacks = uniform(engine) < shape.missing;
      for (std::size_t d = item.first; lacks && d < item.end(); ++d) missing.set(i, d);
      if (lacks) continue;
      const double u = uniform(engine) * uniform(engine);
      const auto answer = static_cast<std::size_t>(u * static_cast<double>(item.size));
      if (item.size > 1 || u < shape.density) ones.set(i, item.first + answer);
    }
    if (shape.weights) data.weights.push_back(i % 5 == 3 ? 0.0 : 0.1 + 3 * uniform(engine));
  }
  data.ones = ones;
  if (shape.missing > 0) data.missing = missing;
  return data;
}

inline Mixture random_categorical_mixture(std::size_t n_components, unsigned seed) {
  const Mixture plain = random_mixture(n_components, 9, seed);
  return {{plain.weights().begin(), plain.weights().end()},
          {plain.probabilities().begin(), plain.probabilities().end()},
          random_categorical({.n_rows = 1}, 1).items()};
}

/// Images of a kind: neighbouring features agree, and one in twenty is a one.
inline Dataset runs(std::size_t n_rows, std::size_t n_features, bool weights, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform;
  BitMatrix ones(n_rows, n_features);
  Dataset data;
  for (std::size_t i = 0; i < n_rows; ++i) {
    bool on = false;
    for (std::size_t d = 0; d < n_features; ++d) {
      if (uniform(engine) < 0.2) on = uniform(engine) < 0.2;
      if (on) ones.set(i, d);
    }
    if (weights) data.weights.push_back(0.1 + 5 * uniform(engine));
  }
  data.ones = ones;
  return data;
}

/// Components that are far apart: each has its own cells near 1, the others near 0.
inline Mixture separated(std::size_t n_components, std::size_t n_features, double far, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform;
  std::vector<double> weights, probabilities;
  for (std::size_t k = 0; k < n_components; ++k) {
    weights.push_back(std::exp(-4 * uniform(engine)));
    for (std::size_t d = 0; d < n_features; ++d) {
      const double w = far * (uniform(engine) < 0.2 ? uniform(engine) : -uniform(engine));
      probabilities.push_back(1 / (1 + std::exp(-w)));
    }
  }
  return {weights, probabilities};
}

inline bool is_missing(const Dataset& data, std::size_t i, std::size_t d) {
  return data.missing && test(*data.missing, i, d);
}

/// log π_k + Σ_d over observed cells; −∞ where a probability is 0.
inline long double log_joint(const Mixture& m, const Dataset& data, std::size_t i, std::size_t k) {
  long double sum = std::log(static_cast<long double>(m.weights()[k]));
  for (std::size_t d = 0; d < data.n_features(); ++d) {
    if (is_missing(data, i, d)) continue;
    const long double p = m.probabilities(k)[d];
    const bool one = test(data.ones, i, d);
    if (m.items().is_category(d) && !one) continue;
    sum += std::log(one ? p : 1 - p);
  }
  return sum;
}

/// The lecture notes' formula, Π θ^x (1 − θ)^(1 − x) times the weight: underflows where it must.
inline double product_formula(const Mixture& m, const Dataset& data, std::size_t i, std::size_t k) {
  double product = m.weights()[k];
  for (std::size_t d = 0; d < data.n_features(); ++d) {
    const double p = m.probabilities(k)[d];
    const double x = test(data.ones, i, d) ? 1 : 0;
    product *= std::pow(p, x) * std::pow(1 - p, 1 - x);
  }
  return product;
}

struct RowPosterior {
  long double log_likelihood;
  std::vector<long double> responsibilities;
};

/// Whether component k is among the classes that row i may belong to.
inline bool is_allowed(const Dataset& data, std::size_t i, std::size_t k) {
  const auto allowed = data.class_sets.allowed(data.labels[i]);
  return allowed.empty() || std::ranges::find(allowed, static_cast<std::int64_t>(k)) != allowed.end();
}

/// With `held`, of the classes that the row may belong to.
inline RowPosterior posterior(const Mixture& m, const Dataset& data, std::size_t i, bool held = false) {
  RowPosterior result{0, {}};
  long double largest = -std::numeric_limits<long double>::infinity();
  for (std::size_t k = 0; k < m.n_components(); ++k) {
    const bool possible = !held || is_allowed(data, i, k);
    result.responsibilities.push_back(possible ? log_joint(m, data, i, k)
                                               : -std::numeric_limits<long double>::infinity());
    largest = std::max(largest, result.responsibilities.back());
  }
  long double sum = 0;
  for (long double& value : result.responsibilities) sum += value = std::exp(value - largest);
  for (long double& value : result.responsibilities) value /= sum;
  result.log_likelihood = largest + std::log(sum);
  return result;
}

inline long double log_likelihood(const Mixture& m, const Dataset& data, bool held = false) {
  long double sum = 0;
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    if (data.weight(i) > 0) sum += data.weight(i) * posterior(m, data, i, held).log_likelihood;
  }
  return sum;
}

/// One EM step, straight from the definition; probabilities are shrunk toward `means`, 1/2 if empty.
inline Mixture em_step(const Mixture& m, const Dataset& data, double smoothing,
                       const std::vector<double>& means = {}, bool held = false) {
  const std::size_t n_features = data.n_features();
  std::vector<double> weights;
  std::vector<double> probabilities;
  for (std::size_t k = 0; k < m.n_components(); ++k) {
    long double count = 0;
    std::vector<long double> ones(n_features);
    std::vector<long double> observed(n_features);
    for (std::size_t i = 0; i < data.n_rows(); ++i) {
      const long double gamma = data.weight(i) * posterior(m, data, i, held).responsibilities[k];
      count += gamma;
      for (std::size_t d = 0; d < n_features; ++d) {
        if (!is_missing(data, i, d)) observed[d] += gamma;
        if (test(data.ones, i, d)) ones[d] += gamma;
      }
    }
    weights.push_back(static_cast<double>(count + smoothing));
    for (std::size_t d = 0; d < n_features; ++d) {
      const auto n_answers = static_cast<double>(m.items().n_answers(d));
      const double mean = means.empty() ? 1 / n_answers : means[d];
      probabilities.push_back(static_cast<double>((ones[d] + n_answers * smoothing * mean) /
                                                  (observed[d] + n_answers * smoothing)));
    }
  }
  return {weights, probabilities, m.items()};
}

inline double largest_difference(const Mixture& a, const Mixture& b) {
  double largest = 0;
  for (std::size_t k = 0; k < a.n_components(); ++k)
    largest = std::max(largest, std::abs(a.weights()[k] - b.weights()[k]));
  for (std::size_t j = 0; j < a.probabilities().size(); ++j) {
    largest = std::max(largest, std::abs(a.probabilities()[j] - b.probabilities()[j]));
  }
  return largest;
}

}  // namespace mixbern::reference
