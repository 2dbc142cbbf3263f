#include "mixbern/mixture/posterior.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/fixed_sum.hpp"
#include "base/random.hpp"
#include "base/thread_arena.hpp"
#include "data/for_each_one.hpp"
#include "data/row_source.hpp"
#include "score/draw.hpp"
#include "score/exact_scores.hpp"

namespace mixbern {
namespace {

// Rows of one task, and of one call of `visit`: the first fits a cache, the second keeps several threads
// busy.
constexpr std::size_t kTaskRows = 128;
constexpr std::size_t kVisitRows = 4096;
// Posteriors held at a time: 8 MB, whatever K is.
constexpr std::size_t kMaxValues = std::size_t{1} << 20;

void check(const Mixture& mixture, const Dataset& data, bool semi_supervised) {
  if (data.n_features() != mixture.n_features()) {
    throw std::invalid_argument("the model has " + std::to_string(mixture.n_features()) +
                                " features, the data has " + std::to_string(data.n_features()));
  }
  if (!semi_supervised) return;
  const std::int64_t largest = largest_class(data);
  if (largest >= static_cast<std::int64_t>(mixture.n_components())) {
    throw std::invalid_argument("label " + std::to_string(largest) + " needs more than " +
                                std::to_string(mixture.n_components()) + " components");
  }
}

// Removes the padding: n × stride to n × K, in place.
void compact(std::vector<double>& values, std::size_t n, std::size_t stride, std::size_t n_components) {
  if (stride == n_components) return;
  for (std::size_t i = 1; i < n; ++i) {
    std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(i * stride), n_components,
                values.begin() + static_cast<std::ptrdiff_t>(i * n_components));
  }
}

double probability_of_one(const Mixture& mixture, std::span<const double> responsibilities, std::size_t d) {
  double sum = 0;
  for (std::size_t k = 0; k < responsibilities.size(); ++k)
    sum += responsibilities[k] * mixture.probabilities(k)[d];
  return sum;
}

// Sets the likeliest answers of items that `wanted` asks for; ties to the first, or to 0.
template <class Wanted>
void set_likeliest(const Mixture& mixture, std::span<const double> responsibilities, const Wanted& wanted,
                   BitMatrix& rows, std::size_t row) {
  const auto probability = [&](std::size_t d) { return probability_of_one(mixture, responsibilities, d); };
  mixture.items().for_each_stretch(
      mixture.n_features(),
      [&](std::size_t begin, std::size_t end) {
        for (std::size_t d = begin; d < end; ++d) {
          if (wanted(d) && probability(d) > 0.5) rows.set(row, d);
        }
      },
      [&](const Items::Group& group) {
        if (!wanted(group.first)) return;
        std::size_t best = group.first;
        for (std::size_t d = group.first + 1; d < group.end(); ++d) {
          if (probability(d) > probability(best)) best = d;
        }
        rows.set(row, best);
      });
}

}  // namespace

void for_each_posterior(const Mixture& mixture, const Dataset& data, const PosteriorOptions& options,
                        const std::function<void(const PosteriorBlock&)>& visit) {
  check(mixture, data, options.semi_supervised);
  const RowsOfDataset source(data, Encodings{}, options.semi_supervised);
  const ExactScores joint(mixture, source.has_missing(), source.encodings());
  const std::size_t n_rows = data.n_rows();
  const std::size_t stride = joint.stride();
  const std::size_t chunk = std::min(std::clamp<std::size_t>(kMaxValues / stride, 1, kVisitRows), n_rows);
  std::vector<double> values(chunk * stride);
  std::vector<double> log_likelihoods(chunk);
  ThreadArena arena(options.threads);
  for (std::size_t first = 0; first < n_rows; first += chunk) {
    const std::size_t n = std::min(chunk, n_rows - first);
    arena.execute([&] {
      tbb::parallel_for(std::size_t{0}, (n + kTaskRows - 1) / kTaskRows, [&](std::size_t task) {
        const std::size_t begin = task * kTaskRows;
        const std::size_t end = std::min(begin + kTaskRows, n);
        RowBlock rows;
        source.load(first + begin, first + end, rows);
        std::vector<double> sums;
        joint.posteriors(rows, values.data() + begin * stride, log_likelihoods.data() + begin, sums);
      });
    });
    compact(values, n, stride, mixture.n_components());
    visit({first, n, {values.data(), n * mixture.n_components()}, {log_likelihoods.data(), n}});
  }
}

double log_likelihood(const Mixture& mixture, const Dataset& data, const PosteriorOptions& options) {
  FixedSum sum(total_weight(data));
  for_each_posterior(mixture, data, options, [&](const PosteriorBlock& block) {
    for (std::size_t i = 0; i < block.n_rows; ++i) {
      const double weight = data.weight(block.first_row + i);
      if (weight > 0) sum.add(weight, block.log_likelihoods[i]);
    }
  });
  return sum.value();
}

Dataset sample(const Mixture& mixture, std::size_t n_rows, std::uint64_t seed) {
  Engine engine(seed);
  BitMatrix rows(n_rows, mixture.n_features());
  Dataset data;
  data.labels.reserve(n_rows);
  for (std::size_t i = 0; i < n_rows; ++i) {
    const std::size_t k = index_at(mixture.weights(), uniform(engine));
    draw_answers(
        mixture, k, [](std::size_t) { return true; }, engine, rows, i);
    data.labels.push_back(static_cast<std::int64_t>(k));
  }
  data.ones = std::move(rows);
  return data;
}

Dataset impute(const Mixture& mixture, const Dataset& data, ImputeMethod method, std::uint64_t seed) {
  Dataset filled = data;
  if (!data.missing) return filled;
  Engine engine(seed);
  BitMatrix ones = to_packed(data.ones);
  for_each_posterior(mixture, data, {}, [&](const PosteriorBlock& block) {
    const std::size_t n_components = mixture.n_components();
    for (std::size_t i = 0; i < block.n_rows; ++i) {
      const std::size_t row = block.first_row + i;
      const auto posterior = block.responsibilities.subspan(i * n_components, n_components);
      const auto wanted = [&](std::size_t d) { return test(*data.missing, row, d); };
      if (method == ImputeMethod::kDraw) {
        const std::size_t drawn = index_at(posterior, uniform(engine));
        draw_answers(mixture, drawn, wanted, engine, ones, row);
      } else {
        set_likeliest(mixture, posterior, wanted, ones, row);
      }
    }
  });
  filled.missing.reset();
  if (std::holds_alternative<SparseRows>(data.ones)) {
    filled.ones = to_sparse(ones);
  } else {
    filled.ones = std::move(ones);
  }
  return filled;
}

}  // namespace mixbern
