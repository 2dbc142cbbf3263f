// Coverage of intervals, size of the bootstrap likelihood ratio test, and how often BIC and that test find
// the number of classes: data sets of 1,000 rows, 8 items, 3 classes with probabilities .85 and .15, a fifth
// of the answers missing at random. Usage: simulation [data sets] [bootstrap data sets] [seed]; the size of
// every test: simulation sizes [data sets] [bootstrap data sets] [seed]; predictors and outcomes of classes:
// simulation relations [data sets] [seed]; tests of items in groups: simulation groups [data sets] [seed]
#include <fmt/format.h>

#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_01.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "groups.hpp"
#include "mixbern/mixbern.hpp"
#include "rate.hpp"
#include "relations.hpp"
#include "sizes.hpp"

namespace {

using namespace mixbern;

constexpr std::size_t kRows = 1000;
constexpr std::size_t kItems = 8;
constexpr std::size_t kMostComponents = 5;

Mixture truth() {
  std::vector<double> theta;
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t d = 0; d < kItems; ++d)
      theta.push_back(k == 0 || (k == 1 && d < kItems / 2) ? .85 : .15);
  }
  return {{.4, .35, .25}, theta};
}

// The first item is always answered; who answers it with yes leaves out 30 % of the others, who answers no 15
// %: at random given what is observed, not completely at random, and a fifth of all cells.
Dataset draw(std::uint64_t seed) {
  Dataset data = sample(truth(), kRows, seed);
  boost::random::mt19937_64 engine(seed ^ 0x9e3779b97f4a7c15ULL);
  boost::random::uniform_01<double> uniform;
  BitMatrix ones(kRows, kItems), missing(kRows, kItems);
  for (std::size_t i = 0; i < kRows; ++i) {
    const double share = test(data.ones, i, 0) ? .30 : .15;
    for (std::size_t d = 0; d < kItems; ++d) {
      if (d > 0 && uniform(engine) < share) {
        missing.set(i, d);
      } else if (test(data.ones, i, d)) {
        ones.set(i, d);
      }
    }
  }
  return {.ones = std::move(ones), .missing = std::move(missing)};
}

std::string text(const Rate& rate) {
  return fmt::format("{:6.2f} % of {} (Monte Carlo error {:.2f})", 100 * rate.share(), rate.n,
                     100 * rate.error());
}

// The fit with its components in the order of the truth's.
Mixture matched(const Mixture& found) {
  const Mixture true_mixture = truth();
  std::vector<double> costs(9, 0.0);
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t b = 0; b < 3; ++b) {
      for (std::size_t d = 0; d < kItems; ++d)
        costs[a * 3 + b] += std::pow(true_mixture.probabilities(a)[d] - found.probabilities(b)[d], 2);
    }
  }
  return permuted(found, least_cost_assignment(costs, 3));
}

void add_coverage(const Mixture& found, const Dataset& data, StandardErrorMethod method, Rate& rate) {
  const Mixture true_mixture = truth(), mixture = matched(found);
  const StandardErrors errors = standard_errors(mixture, data, {.method = method});
  const auto add = [&rate](double target, double estimate, double error) {
    const Interval interval = logit_interval(estimate, error);
    if (!std::isnan(interval.lower)) rate.add(interval.lower <= target && target <= interval.upper);
  };
  for (std::size_t k = 0; k < 3; ++k) add(true_mixture.weights()[k], mixture.weights()[k], errors.weights[k]);
  for (std::size_t j = 0; j < 3 * kItems; ++j)
    add(true_mixture.probabilities()[j], mixture.probabilities()[j], errors.probabilities[j]);
}

// The first number of components that the next one does not improve on at 5 %.
std::size_t by_test(const std::vector<Mixture>& fits, const Dataset& data, std::size_t n_samples,
                    std::uint64_t seed, Rate& three_against_four) {
  for (std::size_t k = 0; k + 1 < fits.size(); ++k) {
    const BootstrapTest test =
        bootstrap_likelihood_ratio_test(fits[k], fits[k + 1], data, {.n_samples = n_samples, .seed = seed});
    if (k == 2) three_against_four.add(test.p_value <= 0.05);
    if (test.p_value > 0.05) return k + 1;
  }
  return fits.size();
}

}  // namespace

int main(int argc, char** argv) {
  const auto number = [&](int at, long fallback) {
    return static_cast<std::size_t>(argc > at ? std::strtol(argv[at], nullptr, 10) : fallback);
  };
  if (argc > 1 && std::string_view(argv[1]) == "sizes") {
    print_sizes(number(2, 300), number(3, 99), number(4, 1));
    return 0;
  }
  if (argc > 1 && std::string_view(argv[1]) == "relations") {
    print_relations(number(2, 300), number(3, 1));
    return 0;
  }
  if (argc > 1 && std::string_view(argv[1]) == "groups") {
    print_groups(number(2, 1000), number(3, 1));
    return 0;
  }
  const std::size_t n_data_sets = number(1, 500), n_samples = number(2, 99), seed = number(3, 1);
  const auto begin = std::chrono::steady_clock::now();
  Rate observed, outer, sandwich, bic, blrt, size;
  for (std::size_t i = 0; i < n_data_sets; ++i) {
    const Dataset data = draw(seed * 1'000'003 + i);
    std::vector<Mixture> fits;
    std::size_t best = 0;
    double least = HUGE_VAL;
    for (std::size_t k = 1; k <= kMostComponents; ++k) {
      const FitResult result = fit(data, {.n_components = k, .n_init = 16, .seed = i});
      fits.push_back(result.mixture);
      if (result.bic() < least) {
        least = result.bic();
        best = k;
      }
    }
    bic.add(best == 3);
    add_coverage(fits[2], data, StandardErrorMethod::kObserved, observed);
    add_coverage(fits[2], data, StandardErrorMethod::kOuterProduct, outer);
    add_coverage(fits[2], data, StandardErrorMethod::kSandwich, sandwich);
    if (n_samples > 0) blrt.add(by_test(fits, data, n_samples, i, size) == 3);
  }
  fmt::print("{} data sets, {} drawn for each test at most, seed {}, {:.1f} s\n", n_data_sets, n_samples,
             seed, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  fmt::print("95 % intervals cover, observed information  {}\n", text(observed));
  fmt::print("                      outer products        {}\n", text(outer));
  fmt::print("                      sandwich              {}\n", text(sandwich));
  fmt::print("BIC finds 3 classes                         {}\n", text(bic));
  if (n_samples == 0) return 0;
  fmt::print("bootstrap test of 3 against 4 rejects at 5 % {}\n", text(size));
  fmt::print("bootstrap test step by step finds 3         {}\n", text(blrt));
}
