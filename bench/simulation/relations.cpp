#include "relations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "mixbern/mixbern.hpp"
#include "rate.hpp"

namespace {

using namespace mixbern;

constexpr std::size_t kItems = 6;
constexpr std::size_t kComponents = 3;
// Logits against the third class, of a covariate of 1 … 5 that is as likely for each value.
constexpr std::array<double, 2> kSlopes = {-1.0, 1.0};
constexpr std::array<double, 2> kIntercepts = {2.5, -3.5};
constexpr std::array<double, kComponents> kMeans = {-1.0, 1.0, 0.0};

// The first class says yes to each item with probability `separation`, the second to the first half, the
// third to none.
Mixture truth(double separation) {
  std::vector<double> theta;
  for (std::size_t k = 0; k < kComponents; ++k) {
    for (std::size_t d = 0; d < kItems; ++d)
      theta.push_back(k == 0 || (k == 1 && d < kItems / 2) ? separation : 1 - separation);
  }
  return {std::vector<double>(kComponents, 1.0 / kComponents), theta};
}

struct Study {
  Dataset data;
  Variable covariate{.name = "x"}, outcome{.name = "z"};
};

std::size_t class_given(double x, double u) {
  std::array<double, kComponents> odds{std::exp(kIntercepts[0] + kSlopes[0] * x),
                                       std::exp(kIntercepts[1] + kSlopes[1] * x), 1.0};
  const double sum = odds[0] + odds[1] + odds[2];
  return u < odds[0] / sum ? 0 : u < (odds[0] + odds[1]) / sum ? 1 : 2;
}

Study draw(double separation, std::size_t n_rows, std::uint64_t seed) {
  boost::random::mt19937_64 engine(seed);
  boost::random::uniform_01<double> uniform;
  boost::random::normal_distribution<double> normal;
  const Mixture mixture = truth(separation);
  Study study;
  BitMatrix ones(n_rows, kItems);
  for (std::size_t i = 0; i < n_rows; ++i) {
    const double x = 1 + std::floor(5 * uniform(engine));
    const std::size_t k = class_given(x, uniform(engine));
    for (std::size_t d = 0; d < kItems; ++d) {
      if (uniform(engine) < mixture.probabilities(k)[d]) ones.set(i, d);
    }
    study.covariate.values.push_back(x);
    study.outcome.values.push_back(kMeans[k] + normal(engine));
  }
  study.data.ones = std::move(ones);
  return study;
}

double distance(const Mixture& mixture, std::size_t k, const Mixture& other, std::size_t j) {
  double sum = 0;
  for (std::size_t d = 0; d < kItems; ++d)
    sum += std::pow(mixture.probabilities(k)[d] - other.probabilities(j)[d], 2);
  return sum;
}

// The fit with its components in the order of the true ones.
Mixture matched(const Mixture& fitted, const Mixture& wanted) {
  std::array<std::size_t, kComponents> order{0, 1, 2}, best = order;
  double least = HUGE_VAL;
  do {
    double sum = 0;
    for (std::size_t k = 0; k < kComponents; ++k) sum += distance(fitted, order[k], wanted, k);
    if (sum < least) best = order;
    least = std::min(least, sum);
  } while (std::ranges::next_permutation(order).found);
  return permuted(fitted, best);
}

struct Tally {
  Rate covered, covered_by_last;
  std::vector<double> deviations = {};  // relative

  void add(double estimate, double wanted, const StepErrors& errors) {
    constexpr double kZ = 1.959964;
    covered.add(std::abs(estimate - wanted) <= kZ * errors.standard_error);
    covered_by_last.add(std::abs(estimate - wanted) <= kZ * errors.step3_standard_error);
    deviations.push_back((estimate - wanted) / wanted);
  }
  // Mean and median bias, coverage of all steps and of the last, in %. A mean of more than tenfold errors is
  // of slopes without a finite value.
  std::string text() const {
    std::vector<double> sorted = deviations;
    std::ranges::sort(sorted);
    const double mean = std::reduce(sorted.begin(), sorted.end()) / static_cast<double>(sorted.size());
    const std::string bias = std::abs(mean) > 10 ? "diverges" : fmt::format("{:+.1f}", 100 * mean);
    return fmt::format("{} ({:+.1f}), {:.1f}, {:.1f}", bias, 100 * sorted[sorted.size() / 2],
                       100 * covered.share(), 100 * covered_by_last.share());
  }
};

struct Way {
  const char* name;
  RelateMethod method;
  std::optional<Assignment> assignment = {};
  std::optional<StandardErrorMethod> errors = {};
};

constexpr std::array kWays = {
    Way{"default", RelateMethod::kAuto},
    Way{"`ml`", RelateMethod::kMl, Assignment::kModal},
    Way{"`ml`, proportional", RelateMethod::kMl, Assignment::kProportional},
    Way{"`bch`", RelateMethod::kBch, Assignment::kModal},
    Way{"`bch`, proportional", RelateMethod::kBch, Assignment::kProportional},
    Way{"`two-step`", RelateMethod::kTwoStep},
    Way{"`one-step`, sandwich", RelateMethod::kOneStep, {}, StandardErrorMethod::kSandwich},
    Way{"`one-step`, observed", RelateMethod::kOneStep, {}, StandardErrorMethod::kObserved}};

struct Cell {
  std::array<Tally, kWays.size()> slopes, means;
  std::size_t n_failed = 0;
  Rate one_step = {};  // taken by default
};

// Modal classes as if they were known: their table is regressed on the covariate by a model without error.
double naive_slope(const Mixture& mixture, const Study& study) {
  std::vector<double> theta;
  BitMatrix ones(study.data.n_rows(), 2);
  for_each_posterior(mixture, study.data, {}, [&](const PosteriorBlock& block) {
    for (std::size_t i = 0; i < block.n_rows; ++i) {
      const auto row = block.responsibilities.subspan(i * kComponents, kComponents);
      const auto k = std::ranges::max_element(row) - row.begin();
      if (k < 2) ones.set(block.first_row + i, static_cast<std::size_t>(k));
    }
  });
  const Dataset modal{.ones = std::move(ones)};
  const Mixture known({1, 1, 1}, {1 - 1e-9, 1e-9, 1e-9, 1 - 1e-9, 1e-9, 1e-9});
  const std::vector<Variable> variables = {study.covariate};
  const std::vector<std::string> terms = {"x"};
  const Relation relation =
      relate_covariates(known, modal, design_matrix(variables, terms), {.method = RelateMethod::kTwoStep});
  return coefficients(relation, 2)[3].estimate;
}

struct Found {
  std::vector<Coefficient> slopes;
  OutcomeRelation outcome;
};

Found relate(const Study& study, const Mixture& mixture, const RelateOptions& options) {
  const std::vector<Variable> variables = {study.covariate};
  const std::vector<std::string> terms = {"x"};
  const Relation relation = relate_covariates(mixture, study.data, design_matrix(variables, terms), options);
  return {coefficients(relation, 2),
          relate_outcome(mixture, study.data, study.outcome, OutcomeKind::kContinuous, options)};
}

void add(const Study& study, const Mixture& mixture, const FitResult& fit, Cell& cell) {
  Found automatic;
  for (std::size_t w = 0; w < kWays.size(); ++w) {
    const auto& [name, method, assignment, errors] = kWays[w];
    // What was taken by default is not done again.
    const bool taken = method == automatic.outcome.method && assignment != Assignment::kProportional &&
                       errors == automatic.outcome.one_step_errors;
    RelateOptions options{.method = method, .assignment = assignment, .one_step_errors = errors};
    options.estimation = fit.options.estimation;
    try {
      const Found found = w > 0 && taken ? automatic : relate(study, mixture, options);
      if (w == 0) automatic = found;
      cell.slopes[w].add(found.slopes[1].estimate, kSlopes[0], found.slopes[1].errors);
      cell.slopes[w].add(found.slopes[3].estimate, kSlopes[1], found.slopes[3].errors);
      const auto& classes = found.outcome.classes;
      cell.means[w].add(classes[0].mean, kMeans[0], classes[0].errors);
      cell.means[w].add(classes[1].mean, kMeans[1], classes[1].errors);
    } catch (const std::invalid_argument&) {
      ++cell.n_failed;
    }
  }
  cell.one_step.add(automatic.outcome.method == RelateMethod::kOneStep);
}

}  // namespace

void print_relations(std::size_t n_data_sets, std::uint64_t seed) {
  fmt::print("| separation, rows | method | slopes | means |\n|---|---|---|---|\n");
  for (const double separation : {.9, .8, .7}) {
    for (const std::size_t n_rows : {std::size_t{500}, std::size_t{1000}, std::size_t{2000}}) {
      Cell cell;
      double naive = 0;
      for (std::size_t s = 0; s < n_data_sets; ++s) {
        const Study study = draw(separation, n_rows, seed * 1'000'003 + s * 7 + n_rows);
        const FitResult result = fit(study.data, {.n_components = kComponents, .seed = s});
        const Mixture mixture = matched(result.mixture, truth(separation));
        add(study, mixture, result, cell);
        naive += naive_slope(mixture, study) - kSlopes[1];
      }
      for (std::size_t w = 0; w < kWays.size(); ++w)
        fmt::print("| {}, {} | {} | {} | {} |\n", separation, n_rows, kWays[w].name, cell.slopes[w].text(),
                   cell.means[w].text());
      fmt::print("| {}, {} | naive | {:+.1f} | |\n", separation, n_rows,
                 100 * naive / static_cast<double>(n_data_sets));
      fmt::print("(the default was one-step in {:.0f} %)\n", 100 * cell.one_step.share());
      if (cell.n_failed > 0) fmt::print("({} relations were refused)\n", cell.n_failed);
      std::fflush(stdout);
    }
  }
}
