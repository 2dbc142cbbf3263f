#include "data/row_source.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "data/row_facts.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

Dataset example(bool sparse, bool weights) {
  Dataset data =
      reference::random_dataset({.n_rows = 50, .n_features = 70, .missing = 0.2, .weights = weights}, 3);
  if (sparse) data.ones = to_sparse(data.ones);
  for (std::size_t i = 0; i < 50; ++i) data.labels.push_back(static_cast<std::int64_t>(i % 3) - 1);
  return data;
}

TEST(RowsOfDataset, BlocksHoldTheRowsInTheirOrder) {
  for (const bool sparse : {false, true}) {
    const Dataset data = example(sparse, true);
    const RowsOfDataset source(data, Arithmetic::kFixed, true);
    RowBlock block;
    RowBuffer buffer;
    source.load(20, 33, block);
    block.spell();
    ASSERT_EQ(block.begin(), 20U);
    ASSERT_EQ(block.size(), 13U);
    for (std::size_t i = 0; i < 13; ++i) {
      for (std::size_t d = 0; d < 70; ++d) {
        EXPECT_EQ(block.ones().test(i, d), test(data.ones, 20 + i, d));
        EXPECT_EQ(block.missing().test(i, d), test(*data.missing, 20 + i, d));
      }
      EXPECT_EQ(block.weight(i), data.weights[20 + i]);
      EXPECT_TRUE(std::ranges::equal(block.allowed(i), data.class_sets.allowed(data.labels[20 + i])));
      EXPECT_EQ(block.ones().count_ones(i), count_ones(data.ones, 20 + i));
    }
    source.load(0, 5, block);
    EXPECT_TRUE(block.ones().is_same(0, RowsView(data.ones, 0, 50, buffer), 0));
  }
}

// Of the same rows of another source nothing is taken for loaded, even where it stands in the same memory.
TEST(RowsOfDataset, ABlockIsLoadedOnceForEachSource) {
  Dataset data = example(false, true);
  RowBlock block;
  std::optional<RowsOfDataset> source(std::in_place, data);
  source->load(0, 50, block);
  const double* const weights = block.weights().data();
  block.spell();
  source->load(0, 50, block);
  EXPECT_EQ(block.weights().data(), weights);
  source->load(1, 50, block);
  EXPECT_EQ(block.begin(), 1U);
  source->load(0, 50, block);
  EXPECT_EQ(block.begin(), 0U);
  data.weights.assign(50, 7);
  data.weights.shrink_to_fit();
  source.emplace(data, Encodings{}, true);
  source->load(0, 50, block);
  EXPECT_EQ(block.weight(3), 7);
  EXPECT_TRUE(block.holds_labels());
}

TEST(RowsOfDataset, LabelsAreHeldIfThatIsAsked) {
  const Dataset data = example(false, false);
  RowBlock block;
  RowsOfDataset(data).load(0, 50, block);
  EXPECT_FALSE(block.holds_labels());
  EXPECT_TRUE(block.allowed(1).empty());
  EXPECT_EQ(block.weight(1), 1);
}

// Facts of parts, merged, are those of all; weights that are no whole numbers round in another order.
TEST(RowFacts, AreAFold) {
  for (const bool sparse : {false, true}) {
    const Dataset data = example(sparse, false);
    const RowsOfDataset source(data, Arithmetic::kFixed);
    const RowFacts all(source, Arithmetic::kFixed);
    EXPECT_EQ(all.n_rows, 50U);
    EXPECT_EQ(all.total_weight, 50);
    double ones = 0;
    for (const double of_feature : all.ones) ones += of_feature;
    EXPECT_DOUBLE_EQ(ones / 50, all.ones_a_row);
    EXPECT_EQ(ones, static_cast<double>(count_ones(data.ones)));
    EXPECT_EQ(all.codes_a_row > 0, !sparse);
    RowFacts parts[] = {RowFacts::of_none(source, Arithmetic::kFixed),
                        RowFacts::of_none(source, Arithmetic::kFixed)};
    RowBlock block;
    for (const std::size_t begin : {0U, 10U, 20U, 30U, 40U}) {
      source.load(begin, begin + 10, block);
      parts[begin / 10 % 2].add(block);
    }
    parts[1].merge(parts[0]);
    parts[1].finish();
    EXPECT_EQ(parts[1].ones, all.ones);
    EXPECT_EQ(parts[1].missing, all.missing);
    EXPECT_EQ(parts[1].most_ones, all.most_ones);
    EXPECT_EQ(parts[1].codes_a_row, all.codes_a_row);
    EXPECT_EQ(parts[1].n_rows, 50U);
  }
}

TEST(RowFacts, SilentRowsAreNotInformative) {
  Dataset data{.ones = BitMatrix(2, 2, {0b01, 0}), .missing = BitMatrix(2, 2, {0, 0b11}), .weights = {3, 5}};
  const RowFacts facts{RowsOfDataset(data)};
  EXPECT_EQ(facts.total_weight, 8);
  EXPECT_EQ(facts.informative_weight, 3);
  EXPECT_EQ(facts.largest_weight, 5);
}

}  // namespace
}  // namespace mixbern
