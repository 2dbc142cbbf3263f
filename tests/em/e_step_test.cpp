#include "em/e_step.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "em/reducer.hpp"
#include "every_way.hpp"
#include "kernels/emulated_kernel.hpp"
#include "mixbern/kernels/kernels.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

struct Outcome {
  double log_likelihood;
  std::string ways;
  std::vector<double> counts, ones, missing;
};

Outcome evaluate(const Mixture& mixture, const Dataset& data, Arithmetic arithmetic,
                 bool semi_supervised = false, std::size_t block_rows = 37) {
  const RowsOfDataset rows(data, arithmetic, semi_supervised);
  const RowFacts facts(rows, arithmetic);
  const std::size_t n_components = mixture.n_components();
  const auto reducer = make_serial_reducer(layout_for(facts, n_components), block_rows);
  const EStep step(mixture, facts, reducer->scorer());
  const SufficientStats& stats =
      reducer->reduce(rows, [&](Accumulator& into) { step.fold(into.work, into.stats); });
  Outcome outcome{step.log_likelihood(stats), to_string(step.ways()), {}, {}, {}};
  for (std::size_t k = 0; k < n_components; ++k) {
    outcome.counts.push_back(stats.count(k));
    for (std::size_t d = 0; d < data.n_features(); ++d) {
      outcome.ones.push_back(stats.ones(k, d));
      outcome.missing.push_back(stats.missing(k, d));
    }
  }
  return outcome;
}

void expect_close(const std::vector<double>& found, const std::vector<double>& expected, double margin) {
  ASSERT_EQ(found.size(), expected.size());
  double largest = 0;
  for (std::size_t j = 0; j < found.size(); ++j)
    largest = std::max(largest, std::abs(found[j] - expected[j]));
  EXPECT_LT(largest, margin);
}

TEST(EStep, FixedPointAgreesWithDoubles) {
  for (const std::size_t n_components : {1U, 3U, 10U, 16U, 17U, 40U}) {
    for (const bool weights : {false, true}) {
      Dataset data = reference::runs(200, 300, weights, 4);
      const Mixture mixture = reference::random_mixture(n_components, 300, 5);
      const auto expected = static_cast<double>(reference::log_likelihood(mixture, data));
      for (const bool sparse : {false, true}) {
        if (sparse) data.ones = to_sparse(data.ones);
        const Outcome exact = evaluate(mixture, data, Arithmetic::kDouble);
        const Outcome fixed = evaluate(mixture, data, Arithmetic::kFixed);
        EXPECT_NEAR(fixed.log_likelihood, exact.log_likelihood, 1e-11 * std::abs(exact.log_likelihood));
        EXPECT_NEAR(exact.log_likelihood, expected, 1e-12 * std::abs(exact.log_likelihood));
        // A row's share moves by the rounding of its log joint, some 300 terms of 2^-19 at most.
        expect_close(fixed.counts, exact.counts, 0.01);
        expect_close(fixed.ones, exact.ones, 0.01);
      }
    }
  }
}

TEST(EStep, FixedPointKnowsMissingCellsAndLabels) {
  Dataset data = reference::random_dataset({.n_rows = 500, .n_features = 40, .missing = 0.3}, 8);
  for (std::size_t i = 0; i < 500; ++i) data.labels.push_back(static_cast<std::int64_t>(i % 7) - 2);
  const Mixture mixture = reference::random_mixture(5, 40, 9);
  for (const bool hold : {false, true}) {
    const Outcome exact = evaluate(mixture, data, Arithmetic::kDouble, hold);
    const Outcome fixed = evaluate(mixture, data, Arithmetic::kFixed, hold);
    EXPECT_NEAR(fixed.log_likelihood, exact.log_likelihood, 1e-10 * std::abs(exact.log_likelihood));
    expect_close(fixed.counts, exact.counts, 1e-3);
    expect_close(fixed.ones, exact.ones, 1e-3);
    expect_close(fixed.missing, exact.missing, 1e-3);
  }
}

TEST(EStep, ManyComponentsGiveWhatDoublesGive) {
  for (const int kind : {0, 1, 2}) {
    Dataset data = kind == 2
                       ? reference::random_dataset({.n_rows = 300, .n_features = 150, .missing = 0.3}, 8)
                       : reference::runs(300, 200, kind == 1, 6);
    if (kind == 1) data.ones = to_sparse(data.ones);
    const Mixture mixture = reference::separated(100, data.n_features(), 6, 3);
    const Outcome exact = evaluate(mixture, data, Arithmetic::kDouble);
    const Outcome fixed = evaluate(mixture, data, Arithmetic::kFixed);
    EXPECT_NEAR(fixed.log_likelihood, exact.log_likelihood, 1e-10 * std::abs(exact.log_likelihood));
    expect_close(fixed.counts, exact.counts, 0.01);
    expect_close(fixed.ones, exact.ones, 0.01);
    expect_close(fixed.missing, exact.missing, 0.01);
  }
}

// The first rows have one candidate, those of later blocks all but that one: too many for screening to pay.
TEST(EStep, RowsCountOnceWhereScreeningIsGivenUp) {
  constexpr std::size_t kComponents = 64, kFeatures = 200;
  std::vector<double> probabilities(kFeatures, 0.9);
  const Mixture alike = reference::random_mixture(kComponents - 1, kFeatures, 5);
  for (const double p : alike.probabilities()) probabilities.push_back(0.1 + 0.01 * p);
  const Mixture mixture(std::vector<double>(kComponents, 1), probabilities);
  for (const bool weights : {false, true}) {
    Dataset data = reference::runs(300, kFeatures, weights, 6);
    auto& ones = std::get<BitMatrix>(data.ones);
    for (std::size_t i = 0; i < 120; ++i) {
      for (std::size_t d = 0; d < kFeatures; ++d) ones.set(i, d);
    }
    const Outcome exact = evaluate(mixture, data, Arithmetic::kDouble);
    const Outcome fixed = evaluate(mixture, data, Arithmetic::kFixed);
    EXPECT_NEAR(fixed.log_likelihood, exact.log_likelihood, 1e-10 * std::abs(exact.log_likelihood));
    expect_close(fixed.ones, exact.ones, 0.01);
  }
}

TEST(EStep, FallsBackToDoublesWhereFixedPointCannotHoldTheModel) {
  const Dataset data = reference::random_dataset({.n_rows = 60, .n_features = 5}, 2);
  const Mixture certain({1, 1}, {1, 0, 0.5, 0.25, 0.125, 0.5, 0.5, 0.5, 0.5, 0.5});
  const Mixture extreme({1, 1}, {1e-300, 0.1, 0.5, 0.25, 0.125, 0.5, 0.5, 0.5, 0.5, 0.5});
  const Outcome found = evaluate(certain, data, Arithmetic::kFixed);
  EXPECT_EQ(found.ways, "doubles,all");
  EXPECT_EQ(found.log_likelihood, evaluate(certain, data, Arithmetic::kDouble).log_likelihood);
  EXPECT_NE(evaluate(extreme, data, Arithmetic::kFixed).ways, "doubles,all");
}

// Rows of every kind that is worked on in a way of its own, some of them clear, others shared by many.
std::vector<Dataset> rows_of_every_kind() {
  std::vector<Dataset> all;
  for (const bool sparse : {false, true}) {
    for (const bool missing : {false, true}) {
      for (const bool weights : {false, true}) {
        Dataset data = reference::random_dataset({.n_rows = 150,
                                                  .n_features = 90,
                                                  .density = 0.3,
                                                  .missing = missing ? 0.1 : 0,
                                                  .weights = weights},
                                                 3);
        if (sparse) data.ones = to_sparse(data.ones);
        const std::int64_t labels[] = {data.class_sets.label_of({1, 4}), -1, -1, 0};
        for (std::size_t i = 0; i < 150; ++i) data.labels.push_back(labels[i % 4]);
        all.push_back(std::move(data));
      }
    }
  }
  all.push_back(reference::runs(200, 300, false, 6));
  all.back().labels.assign(200, -1);
  return all;
}

// Sums over all kernels and ways are those of the scalar kernel's simplest ones, and doubles agree.
TEST(EStep, EveryWayOfEveryKernelGivesTheSameBits) {
  const std::string before = active_kernel();
  std::map<std::string, std::set<std::string>> taken;
  for (const Dataset& data : rows_of_every_kind()) {
    for (const std::size_t n_components : {1U, 5U, 16U, 21U, 70U}) {
      const bool semi_supervised = n_components == 5;
      const Mixture mixture =
          reference::separated(n_components, data.n_features(), n_components % 2 == 0 ? 1 : 6, 7);
      use_kernel("scalar");
      use_ways("codes,gathered,amounts");
      const Outcome expected = evaluate(mixture, data, Arithmetic::kFixed, semi_supervised);
      for (const KernelInfo& info : kernels()) {
        if (!use_kernel_or_emulate(info)) continue;
        for_every_way([&](const std::string& names) {
          const Outcome found = evaluate(mixture, data, Arithmetic::kFixed, semi_supervised);
          const std::string where = info.name + ' ' + names + ' ' + std::to_string(n_components);
          taken[info.name].insert(found.ways);
          if (found.ways == "doubles,all") {
            EXPECT_NEAR(found.log_likelihood, expected.log_likelihood,
                        1e-9 * std::abs(expected.log_likelihood));
            return expect_close(found.ones, expected.ones, 0.01);
          }
          EXPECT_EQ(found.log_likelihood, expected.log_likelihood) << where;
          EXPECT_EQ(found.counts, expected.counts) << where;
          EXPECT_EQ(found.ones, expected.ones) << where;
          EXPECT_EQ(found.missing, expected.missing) << where;
        });
      }
    }
  }
  use_kernel(before);
  const std::set<std::string> of_all{"codes,gathered,bits", "codes,gathered,columns",
                                     "codes,gathered,amounts", "codes,all", "doubles,all"};
  const std::set<std::string> of_candidates{"candidates,gathered,bits", "candidates,gathered,columns",
                                            "candidates,gathered,amounts"};
  const std::set<std::string> of_tiles{"tiles,gathered,bits", "tiles,gathered,amounts", "tiles,all"};
  for (const auto& [name, found] : taken) {
    EXPECT_TRUE(std::ranges::includes(found, of_all)) << name;
    EXPECT_EQ(std::ranges::includes(found, of_candidates), name != "scalar") << name;
    EXPECT_EQ(std::ranges::includes(found, of_tiles), name == "amx") << name;
  }
}

// Blocks of other lengths are other parts.
TEST(EStep, BlocksChangeNoBit) {
  const Dataset data = reference::runs(300, 200, false, 6);
  const Mixture mixture = reference::separated(70, 200, 2, 7);
  const Outcome expected = evaluate(mixture, data, Arithmetic::kFixed, false, 300);
  for (const std::size_t block_rows : {1U, 37U, 64U, 111U}) {
    const Outcome found = evaluate(mixture, data, Arithmetic::kFixed, false, block_rows);
    EXPECT_EQ(found.log_likelihood, expected.log_likelihood);
    EXPECT_EQ(found.ones, expected.ones);
  }
}

// Of long rows by their runs, and with components by the hundred.
TEST(EStep, KernelsChangeNoBit) {
  const std::string before = active_kernel();
  for (const int kind : {0, 1, 2}) {  // rows that count one, weighted ones, sparse ones
    Dataset data = reference::runs(300, 784, kind == 1, 6);
    if (kind == 2) data.ones = to_sparse(data.ones);
    for (const Mixture& mixture :
         {reference::random_mixture(12, 784, 7), reference::separated(150, 784, 20, 7),
          reference::separated(70, 784, 2, 7), reference::separated(30, 784, 5, 7)}) {
      for (const Arithmetic arithmetic : {Arithmetic::kDouble, Arithmetic::kFixed}) {
        use_kernel("scalar");
        const Outcome expected = evaluate(mixture, data, arithmetic);
        for (const KernelInfo& info : kernels()) {
          if (!use_kernel_or_emulate(info)) continue;
          const Outcome found = evaluate(mixture, data, arithmetic);
          EXPECT_EQ(found.log_likelihood, expected.log_likelihood) << info.name;
          EXPECT_EQ(found.counts, expected.counts) << info.name;
          EXPECT_EQ(found.ones, expected.ones) << info.name;
        }
      }
    }
  }
  use_kernel(before);
}

TEST(EStep, TilesAreChosenWhereTheyCostLess) {
  const std::string before = active_kernel();
  for (const KernelInfo& info : kernels()) {
    if (info.name != "amx" || !use_kernel_or_emulate(info)) continue;
    const auto ways = [](const reference::RandomShape& shape, std::size_t n_components) {
      const Dataset data = reference::random_dataset(shape, 8);
      return evaluate(reference::random_mixture(n_components, shape.n_features, 9), data, Arithmetic::kFixed)
          .ways;
    };
    EXPECT_EQ(ways({.n_rows = 75, .n_features = 200, .density = 0.7}, 21), "tiles,gathered,bits");
    EXPECT_EQ(ways({.n_rows = 75, .n_features = 2000, .density = 0.01}, 12), "codes,gathered,bits");
    EXPECT_EQ(ways({.n_rows = 75, .n_features = 200, .density = 0.7, .missing = 0.2}, 21),
              "codes,gathered,bits");
  }
  use_kernel(before);
}

}  // namespace
}  // namespace mixbern
