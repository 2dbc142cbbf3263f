#include "score/by_tiles.hpp"

#include <gtest/gtest.h>

#include "kernels/emulated_kernel.hpp"
#include "mixbern/kernels/kernels.hpp"
#include "reference.hpp"
#include "score/by_codes.hpp"

namespace mixbern {
namespace {

// With the kernel that has tiles, emulated if need be.
class ByTilesTest : public testing::Test {
 protected:
  void SetUp() override {
    before_ = active_kernel();
    for (const KernelInfo& info : kernels()) {
      if (info.name == "amx" && use_kernel_or_emulate(info)) return;
    }
    GTEST_SKIP() << "there are no tiles, nor can they be emulated";
  }
  void TearDown() override { use_kernel(before_); }

 private:
  std::string before_;
};

TEST_F(ByTilesTest, ScoresAreThoseByCodes) {
  for (const std::size_t n_features : {61U, 128U, 200U}) {
    for (const std::size_t n_components : {1U, 5U, 16U, 21U, 64U}) {
      const Dataset data =
          reference::random_dataset({.n_rows = 75, .n_features = n_features, .density = 0.7}, 8);
      const RowsOfDataset source(data, Arithmetic::kFixed);
      ScoreTable table, same;
      const RowFacts facts(source, Arithmetic::kFixed);
      const Mixture mixture = reference::random_mixture(n_components, n_features, 9);
      ASSERT_TRUE(table.assign(mixture, facts) && same.assign(mixture, facts));
      ASSERT_TRUE(cost_by_tiles(table.shape()).has_value());
      ByTiles by_tiles(table);
      by_tiles.lay_out();
      same.lay_out(false);
      RowBlock rows;
      source.load(3, 75, rows);
      Scores found, expected;
      by_tiles.score(rows, found);
      ByCodes(same).score(rows, expected);
      EXPECT_EQ(table.ones_errors(), same.ones_errors());
      for (std::size_t i = 0; i < 72; ++i) {
        for (std::size_t k = 0; k < n_components; ++k) ASSERT_EQ(found.value(i, k), expected.value(i, k));
      }
    }
  }
}

TEST_F(ByTilesTest, CannotBeOfSparseRowsMissingCellsAndTooManyComponents) {
  EXPECT_TRUE(cost_by_tiles({10, 100, false, 40, 1e6}));
  EXPECT_FALSE(cost_by_tiles({10, 100, false, 0, 1e6}));
  EXPECT_FALSE(cost_by_tiles({10, 100, true, 40, 1e6}));
  EXPECT_FALSE(cost_by_tiles({kernel::kMostColumns + 1, 100, false, 40, 1e6}));
}

}  // namespace
}  // namespace mixbern
