#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <random>
#include <vector>

#include "kernels/every_kernel.hpp"

namespace mixbern {
namespace {

TEST_P(EveryKernel, ColumnsAreTheOnesInAscendingOrder) {
  for (const Shape& shape : kShapes) {
    const Rows rows(shape);
    std::vector<std::uint64_t> offsets(shape.n_rows + 1);
    std::vector<std::uint32_t> codes(rows.columns.size() + kernel::kDecodeSlack);
    table().codes.decode_columns(rows.words.data(), shape.n_rows, rows.words_per_row, offsets.data(),
                                 codes.data());
    codes.resize(rows.columns.size());
    EXPECT_EQ(offsets, rows.offsets) << shape.n_features;
    EXPECT_EQ(codes, rows.columns) << shape.n_features;
  }
}

TEST_P(EveryKernel, GroupsAreTheFoursThatAreNotZero) {
  for (const Shape& shape : kShapes) {
    const Rows rows(shape);
    std::vector<std::uint64_t> expected_offsets = {0};
    std::vector<std::uint32_t> expected;
    for (std::size_t i = 0; i < shape.n_rows; ++i) {
      for (std::size_t group = 0; group < rows.words_per_row * 16; ++group) {
        const std::uint64_t word = rows.words[i * rows.words_per_row + group / 16];
        const std::uint64_t pattern = (word >> (group % 16 * 4)) % 16;
        if (pattern != 0) expected.push_back(static_cast<std::uint32_t>(group * 16 + pattern));
      }
      expected_offsets.push_back(expected.size());
    }
    std::vector<std::uint64_t> offsets(shape.n_rows + 1);
    std::vector<std::uint32_t> codes(expected.size() + kernel::kDecodeSlack);
    table().codes.decode_groups(rows.words.data(), shape.n_rows, rows.words_per_row, offsets.data(),
                                codes.data());
    codes.resize(expected.size());
    EXPECT_EQ(offsets, expected_offsets) << shape.n_features;
    EXPECT_EQ(codes, expected) << shape.n_features;
  }
}

TEST_P(EveryKernel, BitsChooseWhatIsAddedUp) {
  if (table().tables.add_bytes == nullptr) GTEST_SKIP() << GetParam() << " does without sums of bytes";
  for (const Shape& shape : kShapes) {
    const Rows rows(shape);
    std::mt19937_64 engine(11);
    std::vector<std::int32_t> weights(rows.words_per_row * 64);
    for (auto& weight : weights) weight = static_cast<std::int32_t>(engine());
    std::vector<std::uint32_t> chosen;
    std::vector<std::int32_t> out, expected;
    for (std::size_t j = 0; j < 2 * shape.n_rows + 1; ++j) {
      chosen.push_back(static_cast<std::uint32_t>(engine() % shape.n_rows));
      out.push_back(static_cast<std::int32_t>(engine()));
      auto sum = static_cast<std::uint32_t>(out.back());
      for (std::size_t c = rows.offsets[chosen[j]]; c < rows.offsets[chosen[j] + 1]; ++c) {
        sum += static_cast<std::uint32_t>(weights[rows.columns[c]]);
      }
      expected.push_back(static_cast<std::int32_t>(sum));
    }
    table().tables.dot_bits(rows.words.data(), rows.words_per_row, chosen.data(), chosen.size(),
                            weights.data(), out.data());
    EXPECT_EQ(out, expected) << shape.n_features;
  }
}

// Few rows, and more than a kernel takes at a time.
TEST_P(EveryKernel, WeightedRowsAddUpExactly) {
  for (const Shape& shape : kShapes) {
    for (const std::size_t n_rows : {1U, 8U, 21U, 259U, 600U}) {
      const Rows rows(shape);
      std::mt19937_64 engine(8);
      std::vector<kernel::WeightedRow> weighted;
      std::vector<std::int64_t> sums(rows.words_per_row * 64);
      for (auto& sum : sums) sum = static_cast<std::int64_t>(engine() >> 2);
      auto expected = sums;
      for (std::size_t j = 0; j < n_rows; ++j) {
        const std::size_t i = engine() % shape.n_rows;
        // The first is as large as all together may be; the sums of others stay below that.
        const auto amount =
            static_cast<std::uint32_t>(j == 0 ? 0xf0000000 : engine() % (0x10000000 / n_rows));
        weighted.push_back({rows.words.data() + i * rows.words_per_row, 0, amount});
        for (std::size_t c = rows.offsets[i]; c < rows.offsets[i + 1]; ++c)
          expected[rows.columns[c]] += amount;
      }
      table().sums.add_weighted(weighted.data(), weighted.size(), rows.words_per_row, sums.data());
      EXPECT_EQ(sums, expected) << shape.n_features << ", " << n_rows;
    }
  }
}

// Each row once, or often enough that there are many.
TEST_P(EveryKernel, BitsAreCounted) {
  for (const Shape& shape : kShapes) {
    for (const std::size_t times : {1U, 17U}) {
      const Rows rows(shape);
      // All counters start from 250.
      std::vector<std::uint64_t> planes(8 * rows.words_per_row);
      for (std::size_t p = 0; p < 8; ++p) {
        std::fill_n(planes.data() + p * rows.words_per_row, rows.words_per_row,
                    (250U >> p & 1U) != 0 ? ~std::uint64_t{0} : 0);
      }
      std::vector<std::uint8_t> expected(rows.words_per_row * 64, 250);
      std::vector<std::uint32_t> numbers(times * shape.n_rows);
      for (std::size_t j = 0; j < numbers.size(); ++j)
        numbers[j] = static_cast<std::uint32_t>(shape.n_rows - 1 - j % shape.n_rows);
      table().sums.count_bits(rows.words.data(), rows.words_per_row, numbers.data(), numbers.size(),
                              planes.data());
      for (const std::uint32_t d : rows.columns) expected[d] = static_cast<std::uint8_t>(expected[d] + times);
      std::vector<std::uint8_t> counters(expected.size());
      for (std::size_t d = 0; d < counters.size(); ++d) {
        for (std::size_t p = 0; p < 8; ++p) {
          const std::uint64_t plane = planes[p * rows.words_per_row + d / 64];
          counters[d] |= static_cast<std::uint8_t>((plane >> d % 64 & 1U) << p);
        }
      }
      EXPECT_EQ(counters, expected) << shape.n_features << ' ' << times;
    }
  }
}

}  // namespace
}  // namespace mixbern
