#include "tables.hpp"

#include <algorithm>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_01.hpp>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace parity {
namespace {

using namespace mixbern;

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  double uniform() { return boost::random::uniform_01<double>()(engine_); }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(uniform() * static_cast<double>(n)); }

 private:
  boost::random::mt19937_64 engine_;
};

struct Shape {
  std::size_t n_rows, n_features, n_classes;
  double density;   // of ones
  double clear;     // share of features in which a class differs from the others
  std::size_t run;  // neighbouring features that agree
};

// Rows of classes: a class draws its features anew with chance `clear`, the others are those of all.
Dataset draw(const Shape& shape, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> common(shape.n_features);
  for (double& p : common) p = 2 * shape.density * random.uniform();
  std::vector<std::vector<double>> classes(shape.n_classes, common);
  for (auto& of_class : classes) {
    for (double& p : of_class) {
      if (random.uniform() < shape.clear) p = random.uniform() < shape.density ? 0.95 : 0.01;
    }
  }
  BitMatrix ones(shape.n_rows, shape.n_features);
  Dataset data;
  for (std::size_t i = 0; i < shape.n_rows; ++i) {
    const std::size_t label = random.below(shape.n_classes);
    data.labels.push_back(static_cast<std::int64_t>(label));
    for (std::size_t d = 0; d < shape.n_features; d += shape.run) {
      if (random.uniform() >= classes[label][d]) continue;
      for (std::size_t e = d; e < std::min(d + shape.run, shape.n_features); ++e) ones.set(i, e);
    }
  }
  data.ones = std::move(ones);
  return data;
}

Dataset without_labels(Dataset data) {
  data.labels.clear();
  return data;
}

Dataset sparse(Dataset data) {
  data.ones = to_sparse(data.ones);
  if (data.missing) data.missing = to_sparse(*data.missing);
  return data;
}

// Some rows are missing as a whole.
Dataset with_missing(Dataset data, double share, std::uint64_t seed) {
  Random random(seed);
  const auto& before = std::get<BitMatrix>(data.ones);
  BitMatrix ones(data.n_rows(), data.n_features());
  BitMatrix missing(data.n_rows(), data.n_features());
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    const bool is_silent = random.uniform() < 0.01;
    for (std::size_t d = 0; d < data.n_features(); ++d) {
      if (is_silent || random.uniform() < share) {
        missing.set(i, d);
      } else if (before.test(i, d)) {
        ones.set(i, d);
      }
    }
  }
  data.ones = std::move(ones);
  data.missing = std::move(missing);
  return data;
}

Dataset with_weights(Dataset data, bool whole, std::uint64_t seed) {
  Random random(seed);
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    data.weights.push_back(whole ? static_cast<double>(random.below(5)) : 0.1 + 4 * random.uniform());
  }
  return data;
}

// Two labels in three are known.
Dataset with_some_labels(Dataset data) {
  for (std::size_t i = 0; i < data.n_rows(); i += 3) data.labels[i] = -1;
  return data;
}

}  // namespace

std::vector<Table> tables() {
  const Shape images{700, 784, 8, 0.13, 0.5, 7}, items{1500, 12, 3, 0.4, 0.7, 1};
  const Shape hundreds{900, 204, 6, 0.2, 0.3, 1}, long_rows{300, 3000, 5, 0.02, 0.1, 1};
  const Shape baskets{800, 1500, 6, 0.01, 0.2, 1};
  const auto plain = [](const Shape& shape, std::uint64_t seed) { return without_labels(draw(shape, seed)); };
  return {
      {"images", plain(images, 1)},
      {"images-weighted", with_weights(plain(images, 2), false, 20)},
      {"images-missing", with_missing(plain(images, 3), 0.05, 30)},
      {"images-labelled", with_some_labels(draw({700, 784, 2, 0.13, 0.2, 7}, 4)), true},
      {"items", plain({3000, 30, 4, 0.4, 0.5, 1}, 5)},
      {"items-collapsed", plain(items, 6)},
      {"items-missing-weighted", with_weights(with_missing(plain(items, 7), 0.2, 70), true, 71)},
      {"hundreds", plain(hundreds, 8)},
      {"hundreds-counted", with_weights(plain(hundreds, 9), true, 90)},
      {"long-rows", plain(long_rows, 10)},
      {"sparse", sparse(plain(baskets, 11))},
      {"sparse-short", sparse(plain(hundreds, 12))},
      {"sparse-missing", sparse(with_missing(plain(hundreds, 13), 0.1, 130))},
      {"sparse-weighted", sparse(with_weights(plain(baskets, 14), false, 140))},
      {"sparse-labelled", sparse(with_some_labels(draw({800, 300, 2, 0.05, 0.2, 1}, 15))), true},
  };
}

}  // namespace parity
