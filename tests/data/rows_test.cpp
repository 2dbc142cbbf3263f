#include "mixbern/dataset/rows.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "reference.hpp"

namespace mixbern {
namespace {

TEST(BitMatrix, SetsAndReadsBitsAcrossWords) {
  BitMatrix bits(2, 130);
  bits.set(1, 0);
  bits.set(1, 64);
  bits.set(1, 129);
  EXPECT_EQ(bits.words_per_row(), 3U);
  EXPECT_TRUE(bits.test(1, 129));
  EXPECT_FALSE(bits.test(0, 129));
  EXPECT_EQ(bits.row(1)[2], std::uint64_t{1} << 1);
  EXPECT_EQ(count_ones(Rows(bits)), 3U);
  EXPECT_EQ(count_ones(Rows(bits), 0), 0U);
}

TEST(BitMatrix, RefusesWordsThatDoNotFit) {
  EXPECT_THROW(BitMatrix(2, 64, {1}), std::invalid_argument);
  EXPECT_THROW(BitMatrix(1, 3, {0b1000}), std::invalid_argument);
  EXPECT_NO_THROW(BitMatrix(1, 64, {~std::uint64_t{0}}));
  EXPECT_THROW(BitMatrix(SIZE_MAX / 2, 1000), std::length_error);
}

TEST(BitMatrix, ReadsLentWordsInPlaceUntilTheyChange) {
  const auto lent = std::make_shared<std::vector<std::uint64_t>>(std::vector<std::uint64_t>{0b101, 0b010});
  BitMatrix bits(2, 3, std::span<const std::uint64_t>(*lent), lent);
  EXPECT_EQ(bits, BitMatrix(2, 3, {0b101, 0b010}));
  EXPECT_EQ(bits.words().data(), lent->data());
  const BitMatrix copy = bits;
  EXPECT_EQ(copy.words().data(), lent->data());
  EXPECT_EQ(lent.use_count(), 3);
  bits.set(1, 0);
  EXPECT_TRUE(bits.test(1, 0));
  EXPECT_EQ((*lent)[1], 0b010U) << "what is lent is never written to";
  EXPECT_FALSE(copy.test(1, 0));
  EXPECT_EQ(lent.use_count(), 2);
  EXPECT_THROW(BitMatrix(1, 1, std::span<const std::uint64_t>(*lent).first(1), lent), std::invalid_argument);
  EXPECT_THROW(BitMatrix(1, 3, std::span<const std::uint64_t>(*lent), lent), std::invalid_argument);
}

TEST(SparseRows, ReadsLentColumnsInPlaceUntilTheyChange) {
  const auto lent = std::make_shared<std::vector<std::uint32_t>>(std::vector<std::uint32_t>{0, 4, 2});
  SparseRows rows(5, {0, 2, 3}, std::span<const std::uint32_t>(*lent), lent);
  EXPECT_EQ(rows, SparseRows(5, {0, 2, 3}, {0, 4, 2}));
  EXPECT_EQ(rows.columns().data(), lent->data());
  rows.append_row(std::vector<std::uint32_t>{1});
  EXPECT_EQ(rows, SparseRows(5, {0, 2, 3, 4}, {0, 4, 2, 1}));
  EXPECT_EQ(lent->size(), 3U);
  EXPECT_EQ(lent.use_count(), 1);
  EXPECT_THROW(SparseRows(4, {0, 2, 3}, std::span<const std::uint32_t>(*lent), lent), std::invalid_argument);
}

TEST(SparseRows, RefusesRowsOutOfOrder) {
  EXPECT_THROW(SparseRows(5, {0, 2}, {3, 1}), std::invalid_argument);
  EXPECT_THROW(SparseRows(5, {0, 2}, {3, 3}), std::invalid_argument);
  EXPECT_THROW(SparseRows(5, {0, 1}, {5}), std::invalid_argument);
  EXPECT_THROW(SparseRows(5, {0, 2, 1}, {1}), std::invalid_argument);
  EXPECT_THROW(SparseRows(5, {}, {}), std::invalid_argument);
  EXPECT_NO_THROW(SparseRows(5, {0, 2, 2}, {0, 4}));
}

TEST(Rows, PackedAndSparseHoldTheSame) {
  for (const std::size_t n_features : {1U, 63U, 64U, 65U, 300U}) {
    const Rows packed = reference::random_dataset({.n_rows = 20, .n_features = n_features}, 3).ones;
    const Rows sparse = to_sparse(packed);
    EXPECT_EQ(n_rows(sparse), 20U);
    EXPECT_EQ(n_features, mixbern::n_features(sparse));
    EXPECT_EQ(count_ones(sparse), count_ones(packed));
    EXPECT_EQ(to_packed(sparse), std::get<BitMatrix>(packed));
    for (std::size_t d = 0; d < n_features; ++d) EXPECT_EQ(test(packed, 7, d), test(sparse, 7, d));
    EXPECT_EQ(Rows(to_sparse(slice(packed, 3, 9))), slice(sparse, 3, 9));
    EXPECT_EQ(n_rows(slice(packed, 5, 5)), 0U);
    EXPECT_THROW(slice(packed, 5, 21), std::invalid_argument);
  }
}

}  // namespace
}  // namespace mixbern
