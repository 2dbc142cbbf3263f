#include "sums/add_block.hpp"

#include <gtest/gtest.h>

#include "one_block.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

SufficientStats sums_of(const Dataset& data, const Mixture& mixture, bool all, SoleBy sole) {
  OneBlock block(data, mixture, all, sole);
  block.sums().finish();
  return block.sums();
}

// Of posteriors from the definition: counts, ones and missing cells of rows, some sole, some crowded.
TEST(AddBlock, SumsAreThoseOfTheDefinitionInEveryWay) {
  for (const bool sparse : {false, true}) {
    Dataset data = reference::random_dataset({.n_rows = 150, .n_features = 60, .missing = 0.1}, 4);
    if (sparse) data.ones = to_sparse(data.ones);
    const Mixture mixture = reference::separated(12, 60, 3, 5);
    std::vector<long double> counts(12), ones(12), missing(12);
    for (std::size_t i = 0; i < 150; ++i) {
      const auto posterior = reference::posterior(mixture, data, i).responsibilities;
      for (std::size_t k = 0; k < 12; ++k) {
        counts[k] += posterior[k];
        ones[k] += test(data.ones, i, 7) ? posterior[k] : 0;
        missing[k] += test(*data.missing, i, 7) ? posterior[k] : 0;
      }
    }
    const SoleBy by = sparse ? SoleBy::kColumns : SoleBy::kBits;
    for (const SufficientStats& sums :
         {sums_of(data, mixture, false, by), sums_of(data, mixture, false, SoleBy::kAmounts),
          sums_of(data, mixture, true, by)}) {
      for (std::size_t k = 0; k < 12; ++k) {
        EXPECT_NEAR(sums.count(k), static_cast<double>(counts[k]), 1e-3);
        EXPECT_NEAR(sums.ones(k, 7), static_cast<double>(ones[k]), 1e-3);
        EXPECT_NEAR(sums.missing(k, 7), static_cast<double>(missing[k]), 1e-3);
      }
    }
  }
}

}  // namespace
}  // namespace mixbern
