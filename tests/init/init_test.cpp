#include "mixbern/fit/init.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "init/initialise.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

using Strategy = Mixture (*)(const Dataset&, const InitRequest&);

template <std::size_t kIterations>
Mixture kmeans(const Dataset& data, const InitRequest& request) {
  return kmeans_start(data, request, kIterations,
                      *make_serial_reducer(layout_for(RowFacts(data), request.n_components), 64));
}

Mixture labels(const Dataset& data, const InitRequest& request) {
  return labels_start(data, request,
                      *make_serial_reducer(layout_for(RowFacts(data), request.n_components), 64));
}

struct Named {
  const char* name;
  Strategy strategy;
};
const Named kStrategies[] = {{"wide", wide_start},
                             {"random", random_start},
                             {"rows", rows_start},
                             {"kmeans", kmeans<10>},
                             {"kmeanspp", kmeans<0>}};

class EveryStrategy : public testing::TestWithParam<Named> {};
INSTANTIATE_TEST_SUITE_P(All, EveryStrategy, testing::ValuesIn(kStrategies),
                         [](const auto& param) { return std::string(param.param.name); });

TEST_P(EveryStrategy, GivesUsableParametersEvenForOddData) {
  for (const std::size_t n_components : {1U, 3U, 30U}) {
    for (const double missing : {0.0, 0.3, 1.0}) {
      for (const double density : {0.0, 0.4, 1.0}) {
        const Dataset data = reference::random_dataset(
            {.n_rows = 12, .n_features = 5, .density = density, .missing = missing}, 3);
        const ItemSummary items = summarise_items(RowFacts(data));
        const Mixture mixture = GetParam().strategy(data, {n_components, 1, 0, items.means});
        ASSERT_EQ(mixture.n_components(), n_components);
        for (const double p : mixture.probabilities()) {
          EXPECT_GT(p, 0);
          EXPECT_LT(p, 1);
        }
        for (const double w : mixture.weights()) EXPECT_GT(w, 0);
      }
    }
  }
}

TEST_P(EveryStrategy, DependsOnSeedAndStartOnly) {
  const Dataset data = reference::random_dataset({.n_rows = 300, .n_features = 20, .missing = 0.1}, 4);
  const ItemSummary items = summarise_items(RowFacts(data));
  const auto start = [&](std::uint64_t seed, std::uint64_t index) {
    return GetParam().strategy(data, {4, seed, index, items.means});
  };
  EXPECT_EQ(start(1, 2), start(1, 2));
  EXPECT_NE(start(1, 2), start(1, 3));
  EXPECT_NE(start(1, 2), start(2, 2));
  EXPECT_NE(start(1, 2), start(2, 1));
}

TEST(KMeans, FindsSeparatedClusters) {
  // Three blocks of ten features, one cluster a block.
  BitMatrix ones(90, 30);
  for (std::size_t i = 0; i < 90; ++i) {
    for (std::size_t d = 0; d < 10; ++d) {
      if ((i + d) % 7 != 0) ones.set(i, i / 30 * 10 + d);
    }
  }
  Dataset data;
  data.ones = ones;
  const ItemSummary items = summarise_items(RowFacts(data));
  const Mixture mixture = kmeans<10>(data, {3, 5, 0, items.means});
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(mixture.weights()[k], 1.0 / 3, 1e-9);
    double sum = 0;
    for (const double p : mixture.probabilities(k)) sum += p;
    EXPECT_NEAR(sum, 10 * 6.0 / 7, 0.5);
  }
}

TEST(KMeans, IsTheSameForAnyBlocks) {
  const Dataset data = reference::random_dataset({.n_rows = 500, .n_features = 30, .missing = 0.1}, 4);
  const ItemSummary items = summarise_items(RowFacts(data));
  const InitRequest request{6, 1, 0, items.means};
  const Mixture expected = kmeans<10>(data, request);
  for (const std::size_t block_rows : {1U, 33U, 1000U}) {
    EXPECT_EQ(
        kmeans_start(data, request, 10, *make_thread_reducer(layout_for(RowFacts(data), 6), block_rows)),
        expected);
  }
}

TEST(Labels, StartAtClassMeans) {
  Dataset data;
  data.ones = BitMatrix(5, 2, {0b01, 0b01, 0b10, 0b11, 0b11});
  data.labels = {1, 1, 0, 0, -1};
  const ItemSummary items = summarise_items(RowFacts(data));
  const Mixture mixture = labels(data, {2, 0, 0, items.means});
  EXPECT_DOUBLE_EQ(mixture.weights()[0], 0.5);
  const double mean = items.means[0];
  EXPECT_NEAR(mixture.probabilities(0)[0], (1 + mean) / 3, 1e-12);
  EXPECT_NEAR(mixture.probabilities(1)[0], (2 + mean) / 3, 1e-12);
  data.labels[0] = 2;
  EXPECT_THROW(labels(data, {2, 0, 0, items.means}), std::invalid_argument);
  data.labels.clear();
  EXPECT_THROW(labels(data, {2, 0, 0, items.means}), std::invalid_argument);
}

TEST(Items, SummaryKnowsMeansAndConstants) {
  Dataset data;
  data.ones = BitMatrix(4, 4, {0b0011, 0b0001, 0b0101, 0b0001});
  data.missing = BitMatrix(4, 4, {0b0000, 0b0100, 0b0000, 0b0000});
  EXPECT_EQ(summarise_items(RowFacts(data)).constant, (std::vector<std::size_t>{0, 3}));
  EXPECT_DOUBLE_EQ(summarise_items(RowFacts(data)).means[2], 1.5 / 4);
  data.weights = {0, 1, 1, 1};
  EXPECT_EQ(summarise_items(RowFacts(data)).constant, (std::vector<std::size_t>{0, 1, 3}));
}

TEST(InitMethod, NamesGoBothWays) {
  for (const char* name : {"random", "rows", "kmeans", "kmeans++", "labels", "model"}) {
    ASSERT_TRUE(init_method_from_string(name)) << name;
    EXPECT_EQ(to_string(*init_method_from_string(name)), name);
  }
  EXPECT_FALSE(init_method_from_string("k-means"));
}

}  // namespace
}  // namespace mixbern
