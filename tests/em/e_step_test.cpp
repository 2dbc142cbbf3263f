#include "em/e_step.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "em/reducer.hpp"
#include "kernels/emulated_kernel.hpp"
#include "mixbern/kernels.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

struct Outcome {
  double log_likelihood;
  std::vector<double> counts, ones, missing;
};

Outcome evaluate(const Mixture& mixture, const Dataset& data, Arithmetic arithmetic, bool hold_labels = false,
                 std::size_t block_rows = 37) {
  const RowFacts facts(data, arithmetic);
  const std::size_t n_components = mixture.n_components();
  const auto reducer = make_serial_reducer(layout_for(facts, n_components), block_rows);
  const EStep step(mixture, data, facts, hold_labels, reducer->tables());
  const SufficientStats& stats = reducer->reduce(
      data.n_rows(),
      [&](std::size_t begin, std::size_t end, Accumulator& into) { step.fold(begin, end, into); });
  Outcome outcome{step.log_likelihood(stats), {}, {}, {}};
  for (std::size_t k = 0; k < n_components; ++k) {
    outcome.counts.push_back(stats.count(k));
    for (std::size_t d = 0; d < data.n_features(); ++d) {
      outcome.ones.push_back(stats.ones(k, d));
      outcome.missing.push_back(stats.missing(k, d));
    }
  }
  return outcome;
}

// Images of a kind: neighbouring features agree, and one in twenty is a one.
Dataset runs(std::size_t n_rows, std::size_t n_features, bool weights, unsigned seed) {
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

void expect_close(const std::vector<double>& found, const std::vector<double>& expected, double margin) {
  ASSERT_EQ(found.size(), expected.size());
  double largest = 0;
  for (std::size_t j = 0; j < found.size(); ++j)
    largest = std::max(largest, std::abs(found[j] - expected[j]));
  EXPECT_LT(largest, margin);
}

TEST(EStep, FixedPointAgreesWithDoubles) {
  for (const std::size_t n_components : {1U, 3U, 10U, 16U, 17U, 40U}) {
    for (const bool sparse : {false, true}) {
      for (const bool weights : {false, true}) {
        Dataset data = runs(200, 300, weights, 4);
        if (sparse) data.ones = to_sparse(data.ones);
        const Mixture mixture = reference::random_mixture(n_components, 300, 5);
        const Outcome exact = evaluate(mixture, data, Arithmetic::kDouble);
        const Outcome fixed = evaluate(mixture, data, Arithmetic::kFixed);
        EXPECT_NEAR(fixed.log_likelihood, exact.log_likelihood, 1e-11 * std::abs(exact.log_likelihood));
        EXPECT_NEAR(exact.log_likelihood, static_cast<double>(reference::log_likelihood(mixture, data)),
                    1e-12 * std::abs(exact.log_likelihood));
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

// Components that are far apart: each has its own cells near 1, the others near 0.
Mixture separated(std::size_t n_components, std::size_t n_features, double far, unsigned seed) {
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

// All that lies within reach of the largest is among the candidates, with the same value to the bit.
TEST(EStep, ScreeningLosesNothing) {
  if (kernel::active().add_bytes == nullptr) GTEST_SKIP() << active_kernel() << " does not screen";
  const kernel::KernelTable& before = kernel::active();
  static kernel::KernelTable by_codes;
  by_codes = before;
  by_codes.add_dense = nullptr;
  kernel::use(by_codes);
  int n_screened[4] = {};
  int n_sole = 0, n_shared = 0;
  for (const std::size_t n_components : {48U, 130U, 333U}) {
    for (const double far : {0.01, 1.0, 6.0, 30.0}) {
      for (const int kind : {0, 1, 2, 3}) {  // images, sparse rows, missing cells, few features
        Dataset data = kind == 2
                           ? reference::random_dataset({.n_rows = 90, .n_features = 400, .missing = 0.05}, 8)
                       : kind == 3 ? reference::random_dataset({.n_rows = 90, .n_features = 9}, 8)
                                   : runs(90, 784, false, 6);
        if (kind == 1) data.ones = to_sparse(data.ones);
        const RowFacts facts(data, Arithmetic::kFixed);
        const Mixture mixture = separated(n_components, data.n_features(), far, 3);
        FixedLogJoint joint;
        ASSERT_TRUE(joint.assign(mixture, facts));
        RowBlock rows;
        rows.load(data, facts, 0, 90, false);
        BlockLanes screened, all;
        all.unscreened_blocks = 1;
        joint.log_joints(rows, true, screened);
        joint.log_joints(rows, true, all);
        ASSERT_FALSE(all.is_screened);
        if (!screened.is_screened) continue;  // it would not pay
        ++n_screened[kind];
        const double reach = kernel::kNegligible / joint.unit();
        const Candidates& candidates = screened.candidates;
        std::size_t j = 0, sole = 0;
        for (std::size_t i = 0; i < 90; ++i) {
          const std::int32_t* values = all.values.data() + i * all.stride;
          const double largest = *std::max_element(values, values + n_components);
          std::vector<bool> is_near(n_components);
          if (candidates.sole[i] != kernel::kNone) {
            is_near[candidates.sole[i]] = true;
            ASSERT_EQ(screened.sole_rows[sole], i);
            ASSERT_EQ(screened.sole_values[sole++], values[candidates.sole[i]]);
            ++n_sole;
          } else {
            ASSERT_EQ(candidates.rows[j], i);
            for (std::uint32_t place = candidates.begins[j]; place < candidates.begins[j + 1]; ++place) {
              const std::uint32_t k = candidates.components[place];
              if (k != kernel::kNone) is_near[k] = true;
              ASSERT_EQ(screened.values[place],
                        k == kernel::kNone ? std::numeric_limits<std::int32_t>::min() : values[k]);
            }
            ++j;
            ++n_shared;
          }
          for (std::size_t k = 0; k < n_components; ++k) {
            ASSERT_TRUE(is_near[k] || values[k] <= largest - reach)
                << n_components << ' ' << far << ' ' << kind;
          }
        }
        ASSERT_EQ(sole, screened.sole_rows.size());
        ASSERT_EQ(j, candidates.rows.size());
        joint.log_joints(rows, false, screened);
        ASSERT_TRUE(screened.sole_rows.empty());
      }
    }
  }
  kernel::use(before);
  for (const int kind : {0, 1, 2}) EXPECT_GE(n_screened[kind], 1) << kind;  // few features never pay
  EXPECT_GT(n_sole, 100);
  EXPECT_GT(n_shared, 100);
}

TEST(EStep, ManyComponentsGiveWhatDoublesGive) {
  for (const int kind : {0, 1, 2}) {
    Dataset data = kind == 2
                       ? reference::random_dataset({.n_rows = 300, .n_features = 150, .missing = 0.3}, 8)
                       : runs(300, 200, kind == 1, 6);
    if (kind == 1) data.ones = to_sparse(data.ones);
    const Mixture mixture = separated(100, data.n_features(), 6, 3);
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
    Dataset data = runs(300, kFeatures, weights, 6);
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

// After a block of rows that components share, all responsibilities are formed, and after one of rows that
// have one component each, those that matter. Of all rows in one block, the latter.
TEST(EStep, BlocksOfSharedRowsChangeNoBit) {
  constexpr std::size_t kRows = 444, kFeatures = 43;
  const std::string before = active_kernel();
  for (const std::size_t n_components : {2U, 5U, 9U, 16U}) {
    // Features 0 ... 15 tell components apart, the others hardly.
    std::mt19937_64 engine(n_components);
    std::uniform_real_distribution<double> uniform;
    std::vector<double> probabilities;
    for (std::size_t k = 0; k < n_components; ++k) {
      for (std::size_t d = 0; d < kFeatures; ++d)
        probabilities.push_back(d >= 16 ? 0.4 + 0.2 * uniform(engine) : d == k ? 0.5 : 1e-12);
    }
    const Mixture mixture(std::vector<double>(n_components, 1), probabilities);
    for (const bool sparse : {false, true}) {
      for (const bool more : {false, true}) {
        Dataset data = reference::random_dataset(
            {.n_rows = kRows, .n_features = kFeatures, .missing = more ? 0.1 : 0, .weights = more}, 3);
        BitMatrix ones(kRows, kFeatures);
        std::size_t n_clear = 0;
        for (std::size_t i = 0; i < kRows; ++i) {
          for (std::size_t d = 16; d < kFeatures; ++d) {
            if (std::get<BitMatrix>(data.ones).test(i, d)) ones.set(i, d);
          }
          const bool is_clear = i / 74 % 2 == 1;  // two blocks of each kind
          if (is_clear && !more) ones.set(i, i % n_components);
          n_clear += is_clear ? 1 : 0;
        }
        ASSERT_EQ(n_clear, kRows / 2);
        data.ones = ones;
        if (sparse) data.ones = to_sparse(data.ones);
        use_kernel("scalar");
        const Outcome expected = evaluate(mixture, data, Arithmetic::kFixed, false, kRows);
        const Outcome exact = evaluate(mixture, data, Arithmetic::kDouble);
        EXPECT_NEAR(expected.log_likelihood, exact.log_likelihood, 1e-10 * std::abs(exact.log_likelihood));
        expect_close(expected.ones, exact.ones, 1e-3);
        for (const KernelInfo& info : kernels()) {
          if (!use_kernel_or_emulate(info)) continue;
          for (const std::size_t block_rows : {37U, 64U, 111U}) {
            const Outcome found = evaluate(mixture, data, Arithmetic::kFixed, false, block_rows);
            EXPECT_EQ(found.log_likelihood, expected.log_likelihood) << info.name;
            EXPECT_EQ(found.counts, expected.counts) << info.name;
            EXPECT_EQ(found.ones, expected.ones) << info.name;
            EXPECT_EQ(found.missing, expected.missing) << info.name;
          }
        }
      }
    }
  }
  use_kernel(before);
}

TEST(EStep, FallsBackToDoublesWhereFixedPointCannotHoldTheModel) {
  const Dataset data = reference::random_dataset({.n_rows = 60, .n_features = 5}, 2);
  const RowFacts facts(data);
  const Mixture certain({1, 1}, {1, 0, 0.5, 0.25, 0.125, 0.5, 0.5, 0.5, 0.5, 0.5});
  const Mixture extreme({1, 1}, {1e-300, 0.1, 0.5, 0.25, 0.125, 0.5, 0.5, 0.5, 0.5, 0.5});
  EXPECT_FALSE(FixedLogJoint().assign(certain, facts));
  EXPECT_TRUE(FixedLogJoint().assign(extreme, facts));
  EXPECT_FALSE(FixedLogJoint().assign({{1, 0}, std::vector<double>(10, 0.5)}, facts));
  EXPECT_NEAR(evaluate(certain, data, Arithmetic::kFixed).log_likelihood,
              evaluate(certain, data, Arithmetic::kDouble).log_likelihood, 1e-9);

  RowFacts wide(data);
  wide.most_ones = 1'000'000;  // rows so long that 32 bits leave no room below the point
  wide.ones.assign(1'000'000, 0);
  const Mixture large({1, 1}, std::vector<double>(2'000'000, 1e-9));
  EXPECT_TRUE(FixedLogJoint().assign(large, wide));  // components agree: nothing to add up
  std::vector<double> different(2'000'000, 1e-9);
  std::fill_n(different.begin(), 1'000'000, 0.5);
  EXPECT_FALSE(FixedLogJoint().assign({{1, 1}, different}, wide));
}

// Of many components, which kernels but the scalar one screen.
TEST(EStep, KernelsChangeNoBit) {
  const std::string before = active_kernel();
  for (const int kind : {0, 1, 2}) {  // rows that count one, weighted ones, sparse ones
    Dataset data = runs(300, 784, kind == 1, 6);
    if (kind == 2) data.ones = to_sparse(data.ones);
    for (const Mixture& mixture :
         {reference::random_mixture(12, 784, 7), separated(150, 784, 20, 7), separated(70, 784, 2, 7),
          separated(30, 784, 5, 7), separated(50, 784, 1, 7)}) {
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

int n_dense = 0;

// Rows with many ones, by tiles of bytes.
TEST(EStep, TilesChangeNoBit) {
  const std::string name = active_kernel();
  static const kernel::KernelTable* tiles = nullptr;
  for (const KernelInfo& info : kernels()) {
    if (info.name == "amx" && use_kernel_or_emulate(info)) tiles = &kernel::active();
  }
  use_kernel(name);
  if (tiles == nullptr) GTEST_SKIP() << "there are no tiles, nor can they be emulated";
  kernel::KernelTable counting = *tiles;
  counting.add_dense = [](auto... arguments) {
    ++n_dense;
    tiles->add_dense(arguments...);
  };
  const kernel::KernelTable& before = kernel::active();
  for (const std::size_t n_features : {61U, 128U, 200U}) {
    for (const std::size_t n_components : {3U, 16U, 21U, 31U, 64U}) {
      for (const bool has_more : {false, true}) {
        Dataset data = reference::random_dataset(
            {.n_rows = 75, .n_features = n_features, .density = 0.7, .weights = has_more}, 8);
        if (has_more) {
          for (std::size_t i = 0; i < 75; ++i) data.labels.push_back(static_cast<std::int64_t>(i % 7) - 4);
        }
        const Mixture mixture = reference::random_mixture(n_components, n_features, 9);
        kernel::use(kernel::kScalarKernel);
        const Outcome expected = evaluate(mixture, data, Arithmetic::kFixed, has_more);
        kernel::use(counting);
        n_dense = 0;
        const Outcome found = evaluate(mixture, data, Arithmetic::kFixed, has_more);
        EXPECT_GT(n_dense, 0) << n_features << " features, " << n_components << " components";
        EXPECT_EQ(found.log_likelihood, expected.log_likelihood) << n_features << ' ' << n_components;
        EXPECT_EQ(found.counts, expected.counts);
        EXPECT_EQ(found.ones, expected.ones);
        EXPECT_EQ(found.missing, expected.missing);
      }
    }
  }
  n_dense = 0;
  const Dataset few = reference::random_dataset({.n_rows = 75, .n_features = 2000, .density = 0.01}, 8);
  evaluate(reference::random_mixture(12, 2000, 9), few, Arithmetic::kFixed);
  EXPECT_EQ(n_dense, 0) << "codes are faster where ones are few";
  const Dataset gaps =
      reference::random_dataset({.n_rows = 75, .n_features = 200, .density = 0.7, .missing = 0.2}, 8);
  const Mixture mixture = reference::random_mixture(21, 200, 9);
  const Outcome found = evaluate(mixture, gaps, Arithmetic::kFixed);
  EXPECT_EQ(n_dense, 0) << "digits stand for ones alone";
  kernel::use(kernel::kScalarKernel);
  const Outcome expected = evaluate(mixture, gaps, Arithmetic::kFixed);
  EXPECT_EQ(found.log_likelihood, expected.log_likelihood);
  EXPECT_EQ(found.missing, expected.missing);
  kernel::use(before);
}

}  // namespace
}  // namespace mixbern
