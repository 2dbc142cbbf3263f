#include "mixbern/fit/groups.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "grouped_rows.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kItems = 6;

// Two classes in three groups, of which item `differs` is another in the last.
Dataset drawn(std::size_t differs, double missing, unsigned seed) {
  const auto probability = [differs](bool first, std::size_t group, std::size_t d) {
    if (d == differs && group == 2) return first ? 0.4 : 0.7;
    return first ? 0.85 : 0.2;
  };
  return drawn_rows({.n_rows = 900,
                     .n_items = kItems,
                     .groups = {"a", "b", "c"},
                     .shares = {0.3, 0.5, 0.7},
                     .group = [](std::size_t i) { return i % 3; },
                     .probability = probability},
                    missing, seed);
}

// From the definition: rows of group g under π_g and θ.
double definition(const Dataset& data, const GroupedModel& model) {
  long double sum = 0;
  for (std::size_t i = 0; i < data.n_rows(); ++i)
    sum += reference::posterior(model.mixtures[static_cast<std::size_t>(data.labels[i])], data, i)
               .log_likelihood;
  return static_cast<double>(sum);
}

TEST(Groups, TheirDataSetHasTheGroupAsAnItemAndFreeItemsOneAGroup) {
  const Dataset data = drawn(kItems, 0.1, 1);
  const Dataset joint = by_group(data, {1, 4}, "land");
  EXPECT_EQ(joint.n_features(), 4 + 2 * 3 + 3U);
  ASSERT_EQ(joint.categorical.size(), 1U);
  EXPECT_EQ(joint.categorical[0], (CategoricalItem{"land", 10, {"a", "b", "c"}}));
  EXPECT_NO_THROW(validate(joint));
  EXPECT_TRUE(test(joint.ones, 1, 11));
  EXPECT_TRUE(test(*joint.missing, 1, 1) && test(*joint.missing, 1, 3));
}

TEST(Groups, LikelihoodsAreThoseOfTheDefinition) {
  const Dataset data = drawn(2, 0.1, 2);
  double before = -1e300;
  for (const FreeItems& items : {FreeItems{}, FreeItems{2}, FreeItems{0, 1, 2, 3, 4, 5}}) {
    const GroupedModel model =
        fit_groups(data, items, {.n_components = 2, .estimation = {.smoothing = 1e-8}});
    EXPECT_NEAR(model.log_likelihood, definition(data, model), 1e-9 * std::abs(model.log_likelihood));
    EXPECT_GT(model.log_likelihood, before - 1e-6);
    EXPECT_EQ(model.n_parameters, 3 + 2 * (kItems + 2 * items.size()));
    before = model.log_likelihood;
    for (std::size_t g = 0; g < 3; ++g) {
      for (std::size_t k = 0; k < 2; ++k) {
        const double own = model.mixtures[g].probabilities(k)[3],
                     other = model.mixtures[0].probabilities(k)[3];
        if (items.size() < kItems) {
          EXPECT_EQ(own, other);
        }
      }
    }
  }
}

TEST(Groups, FreeProbabilitiesAreTheFitsOfEachGroupByItself) {
  const Dataset data = drawn(2, 0, 3);
  const FitOptions options{.n_components = 2, .estimation = {.smoothing = 1e-8}};
  const GroupedModel model = fit_groups(data, {0, 1, 2, 3, 4, 5}, options);
  double sum = 0;
  for (std::size_t g = 0; g < 3; ++g) {
    BitMatrix own(0, kItems);
    for (std::size_t i = g; i < 900; i += 3) own.append_row(std::get<BitMatrix>(data.ones).row(i));
    sum += fit({.ones = own}, options).log_likelihood;
  }
  EXPECT_NEAR(model.log_likelihood, sum, 1e-6);
  // Classes of the groups are matched.
  for (std::size_t g = 0; g < 3; ++g)
    EXPECT_NEAR(model.mixtures[g].probabilities(0)[0], model.mixtures[0].probabilities(0)[0], 0.2);
}

TEST(Groups, TheItemThatDiffersIsFound) {
  const Invariance found = test_invariance(drawn(2, 0.1, 4), {.n_components = 2});
  EXPECT_EQ(found.differing, (FreeItems{2}));
  ASSERT_EQ(found.models.size(), 3U);
  EXPECT_EQ(found.models[1].name, "partial");
  EXPECT_EQ(found.items.size(), kItems);
  EXPECT_LT(found.tests[1].likelihood_ratio.p_value, 0.001);  // equal against partial
  EXPECT_GT(found.tests[2].likelihood_ratio.p_value, 0.01);   // partial against free
  EXPECT_TRUE(test_invariance(drawn(kItems, 0, 5), {.n_components = 2}).differing.empty());
}

TEST(Groups, ScoreTestsOfOneComponentArePearsonsOfGroupsByAnswers) {
  const Dataset data = drawn(2, 0.1, 4);
  const Invariance found = test_invariance(data, {.n_components = 1}, {.level = 1e-300});
  for (const InvarianceTest& test : found.items) {
    double n[3] = {}, ones[3] = {}, statistic = 0;
    for (std::size_t i = 0; i < data.n_rows(); ++i) {
      if (reference::is_missing(data, i, *test.item)) continue;
      n[data.labels[i]] += 1;
      ones[data.labels[i]] += mixbern::test(data.ones, i, *test.item) ? 1 : 0;
    }
    const double p = (ones[0] + ones[1] + ones[2]) / (n[0] + n[1] + n[2]);
    for (std::size_t g = 0; g < 3; ++g)
      statistic += (ones[g] - n[g] * p) * (ones[g] - n[g] * p) / (n[g] * p * (1 - p));
    EXPECT_NEAR(test.score->statistic, statistic, 1e-4 * statistic);
    EXPECT_EQ(test.score_degrees_of_freedom, 2);
  }
}

TEST(Groups, ScoreTestsAgreeWithLikelihoodRatiosWhereRowsAreMany) {
  const Invariance found = test_invariance(drawn(2, 0.1, 4), {.n_components = 2});
  for (const InvarianceTest& test : found.items) {
    EXPECT_NEAR(test.score->statistic, test.likelihood_ratio.statistic,
                0.2 * test.likelihood_ratio.statistic + 0.1);
    EXPECT_EQ(test.score_degrees_of_freedom, test.degrees_of_freedom);
    EXPECT_EQ(test.adjusted_score_p_value <= 0.05, *test.item == 2);
  }
}

TEST(Groups, DrawnRatiosTellWhatDiffersForAnyNumberOfThreads) {
  const InvarianceOptions how{.n_samples = 130};
  Invariance found = test_invariance(drawn(2, 0.1, 4), {.n_components = 2, .threads = 1}, how);
  EXPECT_EQ(found.differing, (FreeItems{2}));
  EXPECT_TRUE(found.warnings.empty());
  ASSERT_TRUE(found.tests[0].bootstrap);
  EXPECT_EQ(found.tests[0].bootstrap->p_value, 1 / 131.0);
  EXPECT_GT(found.tests[2].p_value(), 0.01);
  const Invariance again = test_invariance(drawn(2, 0.1, 4), {.n_components = 2, .threads = 3}, how);
  for (std::size_t j = 0; j < found.items.size(); ++j)
    EXPECT_EQ(found.items[j].p_value(), again.items[j].p_value());
  EXPECT_FALSE(test_invariance(drawn(2, 0, 4), {.n_components = 1}, {.n_samples = 20}).warnings.empty());
}

TEST(Groups, RowsWithoutAGroupOrAnAnswerAreLeftOut) {
  Dataset data = drawn(kItems, 0.1, 6);
  const GroupedModel whole = fit_groups(data, {}, {.n_components = 2});
  for (std::size_t i = 0; i < 30; ++i) data.labels[i] = -1;
  BitMatrix ones = std::get<BitMatrix>(data.ones), holes = std::get<BitMatrix>(*data.missing);
  ones.mutable_row(40)[0] = 0;
  holes.mutable_row(40)[0] = 0x3f;
  data.ones = ones;
  data.missing = holes;
  const GroupedModel fewer = fit_groups(data, {}, {.n_components = 2});
  EXPECT_EQ(fewer.group_sizes[0] + fewer.group_sizes[1] + fewer.group_sizes[2], 869);
  EXPECT_EQ(whole.group_sizes[0], 300);
  data.labels.assign(900, 0);
  EXPECT_THROW(fit_groups(data, {}, {.n_components = 2}), std::invalid_argument);
  data.labels.clear();
  EXPECT_THROW(by_group(data, {}), std::invalid_argument);
}

}  // namespace
}  // namespace mixbern
