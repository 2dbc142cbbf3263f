// Equal and held cells through the engine: against sums from the definition.
#include <gtest/gtest.h>

#include <cmath>

#include "em/em_run.hpp"
#include "em/m_step.hpp"
#include "every_way.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

using Cell = Constraints::Cell;

// Items of 3, 2, 4 and 2 answers.
constexpr std::size_t kFeatures = 9;

Constraints across_components() {
  return {.equal = {{{0, 0}, {2, 0}}, {{0, 1}, {1, 1}, {2, 1}}, {{1, 3}, {0, 3}}},
          .held = {{{1, 2}, {0.1, 0.2, 0.3, 0.4}}, {{2, 3}, {0.25}}}};
}

Constraints across_items() {
  return {.equal = {{{0, 1}, {1, 3}, {2, 1}}}, .held_weights = {{1, 0.2}}};
}

Constraints of_weights() {
  return {.held_weights = {{1, 0.2}}, .equal_weights = {{2, 0}}};
}

Mixture start_under(const Constraints& constraints, unsigned seed) {
  const Mixture free = reference::random_categorical_mixture(3, seed);
  return constrained(free, Ties(constraints, 3, kFeatures, free.items()));
}

Dataset table(double missing, unsigned seed) {
  return reference::random_categorical({.n_rows = 70, .missing = missing, .weights = true}, seed);
}

// Sums of each cell, then of each parameter, then the quotient.
Mixture em_step(const Mixture& m, const Dataset& data, double smoothing) {
  const std::size_t n_components = m.n_components();
  std::vector<long double> ones(n_components * kFeatures), observed = ones, counts(n_components);
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    const auto posterior = reference::posterior(m, data, i);
    for (std::size_t k = 0; k < n_components; ++k) {
      const long double gamma = data.weight(i) * posterior.responsibilities[k];
      counts[k] += gamma;
      for (std::size_t d = 0; d < kFeatures; ++d) {
        if (!reference::is_missing(data, i, d)) observed[k * kFeatures + d] += gamma;
        if (test(data.ones, i, d)) ones[k * kFeatures + d] += gamma;
      }
    }
  }
  for (std::size_t j = 0; j < ones.size(); ++j) {
    ones[j] += smoothing;
    observed[j] += smoothing * static_cast<double>(m.items().n_answers(j % kFeatures));
  }
  for (const auto& cells : m.ties().equal()) {
    long double all = 0, seen = 0;
    for (const std::size_t j : cells) all += ones[j], seen += observed[j];
    for (const std::size_t j : cells) ones[j] = all, observed[j] = seen;
  }
  std::vector<double> weights, probabilities;
  long double held = 0, free = 0;
  for (std::size_t k = 0; k < n_components; ++k) {
    if (!m.ties().holds_weight(k)) free += counts[k] + smoothing;
  }
  for (const auto& components : m.ties().constraints().equal_weights) {
    long double all = 0;
    for (const std::size_t k : components) all += counts[k];
    for (const std::size_t k : components) counts[k] = all / static_cast<double>(components.size());
  }
  for (const auto& weight : m.ties().held_weights()) held += weight.weight;
  for (std::size_t k = 0; k < n_components; ++k)
    weights.push_back(m.ties().holds_weight(k)
                          ? m.weights()[k]
                          : static_cast<double>((counts[k] + smoothing) / free * (1 - held)));
  for (std::size_t j = 0; j < ones.size(); ++j)
    probabilities.push_back(static_cast<double>(ones[j] / observed[j]));
  for (const auto& cell : m.ties().held()) probabilities[cell.position] = cell.value;
  return {weights, probabilities, m.items()};
}

struct Ends {
  Mixture mixture;
  double objective;
  std::size_t n_iter;
};

Ends run(const Dataset& data, const Mixture& start, double strength, std::size_t most,
         Acceleration how = Acceleration::kNone, Arithmetic arithmetic = Arithmetic::kDouble) {
  const RowsOfDataset rows(data, arithmetic);
  const RowFacts facts(rows, arithmetic);
  const auto reducer = make_serial_reducer(layout_for(facts, start.n_components()), 16);
  EmRun em(
      rows, facts, start,
      {.max_iter = most, .tol = most > 2 ? 1e-13 : 0, .prior = {.strength = strength}, .acceleration = how});
  em.advance(most, *reducer, {});
  return {em.mixture(), em.objective(), em.n_iter()};
}

TEST(Ties, AnEmStepIsThatOfTheDefinition) {
  for (const Constraints& constraints : {across_components(), across_items(), of_weights()}) {
    for (const double missing : {0.0, 0.3}) {
      const Dataset data = table(missing, 3);
      const Mixture start = start_under(constraints, 4);
      for (const double strength : {0.0, 0.7}) {
        const Mixture found = run(data, start, strength, 2).mixture;
        EXPECT_LT(reference::largest_difference(found, em_step(start, data, strength)), 1e-12);
        EXPECT_EQ(found.ties(), start.ties());
      }
    }
  }
}

TEST(Ties, EveryWayGivesTheSameStep) {
  const Dataset data = table(0.3, 5);
  const Mixture start = start_under(across_components(), 6);
  const Mixture expected = em_step(start, data, 0.01);
  for_every_way([&](const std::string& names) {
    const Mixture found = run(data, start, 0.01, 2, Acceleration::kNone, Arithmetic::kFixed).mixture;
    EXPECT_LT(reference::largest_difference(found, expected), 2e-6) << names;
  });
}

TEST(Ties, AcceleratorsEndWherePlainStepsDo) {
  Dataset data = sample(start_under(across_components(), 5), 1000, 7);
  data.labels.clear();
  for (const Constraints& constraints : {across_components(), across_items(), of_weights()}) {
    const Mixture start = start_under(constraints, 5);
    const Ends plain = run(data, start, 0.1, 20000);
    for (const Acceleration how : {Acceleration::kAnderson, Acceleration::kNewton}) {
      if (how == Acceleration::kNewton && !constraints.held_weights.empty()) continue;
      const Ends ends = run(data, start, 0.1, 20000, how);
      EXPECT_NEAR(ends.objective, plain.objective, 1e-6);
      EXPECT_LT(reference::largest_difference(ends.mixture, plain.mixture), 1e-3);
      if (how == Acceleration::kNewton) {
        EXPECT_LT(ends.n_iter, 200U);
      }
      // To the bit.
      const auto theta = ends.mixture.probabilities();
      for (const auto& cells : ends.mixture.ties().equal()) {
        for (const std::size_t j : cells) EXPECT_EQ(theta[j], theta[cells.front()]);
      }
      for (const auto& cell : ends.mixture.ties().held()) EXPECT_EQ(theta[cell.position], cell.value);
      for (const auto& held : constraints.held_weights)
        EXPECT_EQ(ends.mixture.weights()[held.component], held.weight);
      for (const auto& components : constraints.equal_weights) {
        for (const std::size_t k : components)
          EXPECT_EQ(ends.mixture.weights()[k], ends.mixture.weights()[components.front()]);
      }
    }
  }
}

TEST(Ties, AHeldBoundLeavesTheObjectiveFinite) {
  const Dataset data = reference::random_dataset({.n_rows = 60, .n_features = 4}, 8);
  const Mixture free = reference::random_mixture(2, 4, 9);
  const Mixture start =
      constrained(free, Ties({.held = {{{0, 1}, {0.0}}, {{1, 1}, {1.0}}}}, 2, 4, free.items()));
  for (const Acceleration how : {Acceleration::kNone, Acceleration::kAnderson, Acceleration::kNewton}) {
    const Ends ends = run(data, start, 1e-3, 5000, how);
    EXPECT_TRUE(std::isfinite(ends.objective));
    EXPECT_LT(ends.n_iter, 5000U);
    EXPECT_EQ(ends.mixture.probabilities(0)[1], 0);
    EXPECT_EQ(ends.mixture.probabilities(1)[1], 1);
    double ones = 0;
    for (std::size_t i = 0; i < 60; ++i) ones += test(data.ones, i, 1) ? 1 : 0;
    EXPECT_NEAR(ends.mixture.weights()[1], ones / 60, 1e-4);  // the item tells the class
  }
}

TEST(Ties, CountTheParametersThatAreLeft) {
  const Mixture free = reference::random_categorical_mixture(3, 1);
  EXPECT_EQ(free.n_parameters(), 2U + 3 * 7);
  EXPECT_EQ(start_under(across_components(), 1).n_parameters(), 2U + 3 * 7 - (2 + 2 + 1) - (3 + 1));
  EXPECT_EQ(start_under(across_items(), 1).n_parameters(), 2U + 3 * 7 - 2 - 1);
  const std::vector<Constraints::HeldWeight> all = {{0, 0.5}, {1, 0.25}, {2, 0.25}};
  EXPECT_EQ(start_under({.held_weights = all}, 1).n_parameters(), 3U * 7);
  EXPECT_EQ(start_under({.equal_weights = {{0, 2}}}, 1).n_parameters(), 1U + 3 * 7);
  EXPECT_EQ(start_under({.equal_weights = {{1, 0, 2}}}, 1).n_parameters(), 3U * 7);
  EXPECT_EQ(start_under(of_weights(), 1).n_parameters(), 3U * 7);
}

TEST(Ties, PermutedComponentsTakeTheirConstraintsAlong) {
  const Mixture before = start_under(across_components(), 2);
  const std::vector<std::size_t> order = {2, 0, 1};
  const Mixture after = permuted(before, order);
  EXPECT_EQ(after.n_parameters(), before.n_parameters());
  EXPECT_EQ(after.ties().constraints().held[0].cell, (Cell{2, 2}));
  EXPECT_EQ(after.probabilities(2)[4], 0.1);
  const Mixture weights = permuted(start_under(of_weights(), 2), order);
  EXPECT_EQ(weights.ties().constraints().equal_weights, (std::vector<std::vector<std::size_t>>{{0, 1}}));
  EXPECT_EQ(weights.weights()[2], 0.2);
}

TEST(Ties, RefuseWhatIsNotThereOrSaidTwice) {
  const Items items = reference::random_categorical_mixture(1, 1).items();
  const std::vector<Constraints> wrong = {
      {.equal = {{{0, 0}}}},                                     // one cell
      {.equal = {{{0, 0}, {3, 0}}}},                             // component
      {.equal = {{{0, 0}, {1, 4}}}},                             // item
      {.equal = {{{0, 0}, {1, 1}}}},                             // three answers and two
      {.equal = {{{0, 1}, {1, 1}}, {{1, 1}, {2, 1}}}},           // twice
      {.held = {{{0, 1}, {1.5}}}},                               // no probability
      {.held = {{{0, 0}, {0.5, 0.2, 0.2}}}},                     // sum
      {.held = {{{0, 0}, {0.5, 0.5}}}},                          // answers
      {.held_weights = {{0, 0.5}, {1, 0.5}}},                    // nothing left
      {.held_weights = {{0, 0.5}, {0, 0.2}}},                    // twice
      {.held_weights = {{0, 0.5}, {1, 0.2}, {2, 0.2}}},          // sum
      {.equal = {{{0, 1}, {1, 1}}}, .held = {{{1, 1}, {0.5}}}},  // both
      {.equal_weights = {{0}}},                                  // one weight
      {.equal_weights = {{0, 3}}},                               // component
      {.equal_weights = {{0, 1}, {1, 2}}},                       // twice
      {.held_weights = {{0, 0.5}}, .equal_weights = {{0, 1}}}    // both
  };
  for (const Constraints& constraints : wrong)
    EXPECT_THROW(Ties(constraints, 3, kFeatures, items), std::invalid_argument);
}

}  // namespace
}  // namespace mixbern
