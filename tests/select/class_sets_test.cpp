// Fits of rows that may belong to some classes only.
#include <gtest/gtest.h>

#include <cmath>

#include "mixbern/mixbern.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

const Mixture& truth() {
  static const Mixture mixture({.5, .3, .2},
                               {.9, .8, .7, .8, .2, .8, .2, .1, .8, .4, .3, .2, .1, .3, .2, .9, .8, .7});
  return mixture;
}

// Three components; `label_of(class, row)` says what is known of a row.
template <class LabelOf>
Dataset rows(const LabelOf& label_of, std::size_t n = 400) {
  Dataset data = sample(truth(), n, 3);
  ClassSets sets;
  std::vector<std::int64_t> labels;
  for (std::size_t i = 0; i < n; ++i) labels.push_back(label_of(data.labels[i], i, sets));
  data.labels = labels;
  data.class_sets = sets;
  return data;
}

// Of two rows in three that they are no case of a class; of every ninth the class.
std::int64_t no_case(std::int64_t k, std::size_t i, ClassSets& sets) {
  if (i % 9 == 0) return k;
  return i % 3 == 2 ? -1 : sets.label_of({k, (k + 1 + static_cast<std::int64_t>(i % 2)) % 3});
}

std::int64_t one_or_none(std::int64_t k, std::size_t i) {
  return i % 4 == 0 ? k : -1;
}

FitOptions held(Precision precision = Precision::kAuto) {
  return {.n_components = 3,
          .init = InitMethod::kRandom,
          .n_init = 4,
          .estimation = {.semi_supervised = true},
          .precision = precision};
}

TEST(ClassSets, ASetOfAllClassesIsNoLabelToTheBit) {
  const Dataset sets = rows([](std::int64_t k, std::size_t i, ClassSets& of) {
    return i % 3 == 0 ? of.label_of({2, 1, 0}) : one_or_none(k, i);
  });
  const Dataset none =
      rows([](std::int64_t k, std::size_t i, ClassSets&) { return i % 3 == 0 ? -1 : one_or_none(k, i); });
  for (const Precision precision : {Precision::kDouble, Precision::kFast}) {
    const FitResult a = fit(sets, held(precision)), b = fit(none, held(precision));
    EXPECT_EQ(a.mixture, b.mixture);
    EXPECT_EQ(a.log_likelihood, b.log_likelihood);
    EXPECT_EQ(a.n_distinct_rows, b.n_distinct_rows);
  }
}

TEST(ClassSets, ASetOfOneIsTheLabelToTheBit) {
  const Dataset sets = rows([](std::int64_t k, std::size_t i, ClassSets& of) {
    return i % 4 == 0 ? of.label_of({k, k}) : -1;
  });
  const Dataset labels = rows([](std::int64_t k, std::size_t i, ClassSets&) { return one_or_none(k, i); });
  EXPECT_EQ(fit(sets, held()).mixture, fit(labels, held()).mixture);
}

TEST(ClassSets, NonCasesFindTheTruthWithLessErrorThanNothing) {
  const Dataset data = rows(&no_case, 4000);
  const FitResult known = fit(data, held());
  EXPECT_LT(reference::largest_difference(known.mixture, truth()), 0.05);
  EXPECT_NEAR(known.log_likelihood, static_cast<double>(reference::log_likelihood(known.mixture, data, true)),
              1e-7);
  const StandardErrors some = standard_errors(known.mixture, data, {.estimation = known.options.estimation});
  const StandardErrors none = standard_errors(known.mixture, data);
  for (std::size_t k = 0; k < 3; ++k) EXPECT_LT(some.weights[k], none.weights[k]);
}

// Three classes of four binary items are not identified by answers alone.
TEST(ClassSets, KnownClassesIdentifyWhatAnswersDoNot) {
  Dataset data = rows(&no_case, 2000);
  const std::vector<std::size_t> four = {0, 1, 2, 3};
  BitMatrix ones(2000, 4);
  for (std::size_t i = 0; i < 2000; ++i) {
    for (const std::size_t d : four) {
      if (test(data.ones, i, d)) ones.set(i, d);
    }
  }
  data.ones = ones;
  const FitResult result = fit(data, held());
  EXPECT_TRUE(standard_errors(result.mixture, data, {.estimation = result.options.estimation}).identified());
  EXPECT_FALSE(standard_errors(result.mixture, data).identified());
  data.labels.assign(2000, -1);
  EXPECT_FALSE(standard_errors(result.mixture, data, {.estimation = result.options.estimation}).identified());
}

// By one probability and one weight: the others are held in their maximum by constraints, so that the
// information is a number.
TEST(ClassSets, StandardErrorsAreThoseOfNumericalSecondDerivatives) {
  const Dataset data = rows(&no_case);
  FitOptions options = held(Precision::kDouble);
  options.estimation.smoothing = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t d = 0; d < 6; ++d) {
      if (k + d > 0) options.constraints.held.push_back({{k, d}, {truth().probabilities(k)[d]}});
    }
    options.constraints.held_weights.push_back({k, truth().weights()[k]});
  }
  options.n_init = 1;
  options.tol = 1e-13;
  const FitResult result = fit(data, options);
  const auto at = [&](double logit) {
    std::vector<double> theta(result.mixture.probabilities().begin(), result.mixture.probabilities().end());
    theta[0] = 1 / (1 + std::exp(-logit));
    const Mixture moved({truth().weights().begin(), truth().weights().end()}, theta);
    return reference::log_likelihood(moved, data, true);
  };
  const double theta = result.mixture.probabilities()[0], logit = std::log(theta / (1 - theta)), h = 1e-3;
  const auto second = static_cast<double>((at(logit + h) - 2 * at(logit) + at(logit - h)) / (h * h));
  const StandardErrors errors = standard_errors(result.mixture, data, {.estimation = options.estimation});
  EXPECT_NEAR(errors.probabilities[0], theta * (1 - theta) / std::sqrt(-second), 1e-6);
}

TEST(ClassSets, EqualRowsAreOneWhereTheirSetsAreEqual) {
  Dataset data{.ones = BitMatrix(5, 1, {1, 1, 1, 1, 1})};
  ClassSets& sets = data.class_sets;
  data.labels = {sets.label_of({0, 1}), sets.label_of({0, 2}), sets.label_of({1, 0}), 1, -1};
  const CollapsedRows collapsed = collapse(data);
  EXPECT_EQ(collapsed.distinct_of_row, (std::vector<std::size_t>{0, 1, 0, 2, 3}));
  EXPECT_EQ(collapsed.data.class_sets, sets);
  EXPECT_EQ(collapsed.data.weights, (std::vector<double>{2, 1, 1, 1}));
}

TEST(ClassSets, SitesTakeThemAndRefuseUnknownClasses) {
  const Dataset data = rows(&no_case);
  Site site(data, 1);
  const Facts facts = site.facts();
  const FitResult result = fit(facts, held(), [&site](const Pass& pass) { return site.accumulate(pass); });
  EXPECT_NEAR(result.log_likelihood, fit(data, held()).log_likelihood, 1e-3);
  FitOptions few = held();
  few.n_components = 2;
  EXPECT_THROW(fit(data, few), std::invalid_argument);
  EXPECT_THROW(fit(facts, few, [&site](const Pass& pass) { return site.accumulate(pass); }),
               std::invalid_argument);
}

TEST(ClassSets, ACheckpointIsOfTheSameSets) {
  Dataset data = rows(&no_case);
  FitOptions options = held();
  options.max_iter = 5;
  std::string state;
  const Checkpointing saving{.save = [&state](std::string_view bytes) { state = bytes; }, .seconds = 0};
  const FitResult whole = fit(data, options, saving);
  EXPECT_EQ(fit(data, options, {.resume = state}).mixture, whole.mixture);
  ClassSets others;  // under the same numbers
  others.label_of({0, 2});
  others.label_of({0, 1});
  others.label_of({1, 2});
  ASSERT_EQ(others.size(), data.class_sets.size());
  data.class_sets = others;
  EXPECT_THROW(fit(data, options, {.resume = state}), CheckpointError);
}

TEST(ClassSets, RowsAreDrawnAgainWithThemAndDataSetsAreNot) {
  const Dataset data = rows(&no_case);
  const FitResult result = fit(data, held());
  const BootstrapOptions how{.n_samples = 50, .estimation = result.options.estimation};
  const BootstrapFit drawn = bootstrap_fit(result.mixture, data, BootstrapKind::kResampling, how);
  const StandardErrors errors = standard_errors(result.mixture, data, {.estimation = how.estimation});
  for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(drawn.weights[k] / errors.weights[k], 1, 0.5);
  EXPECT_THROW(bootstrap_fit(result.mixture, data, BootstrapKind::kParametric, how), std::invalid_argument);
  EXPECT_TRUE(std::isfinite(cross_validated_log_likelihood(result.mixture, data, 4, {})));
}

}  // namespace
}  // namespace mixbern
