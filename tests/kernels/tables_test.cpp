#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "kernels/every_kernel.hpp"

namespace mixbern {
namespace {

TEST_P(EveryKernel, RowSumsRunInAscendingOrder) {
  for (const Shape& shape : kShapes) {
    const Rows rows(shape);
    const auto weights = random_doubles(shape.n_features * shape.stride, -9, 3, 1);
    auto out = random_doubles(shape.n_rows * shape.stride, -1, 1, 2);
    auto expected = out;
    for (std::size_t i = 0; i < shape.n_rows; ++i) {
      for (std::size_t j = rows.offsets[i]; j < rows.offsets[i + 1]; ++j) {
        for (std::size_t k = 0; k < shape.stride; ++k) {
          expected[i * shape.stride + k] += weights[rows.columns[j] * shape.stride + k];
        }
      }
    }
    table().tables.add_rows(rows.offsets.data(), rows.columns.data(), shape.n_rows, weights.data(),
                            shape.stride, out.data());
    EXPECT_EQ(out, expected) << shape.n_features << " x " << shape.stride;
  }
}

TEST_P(EveryKernel, MinusInfinityPassesThroughRowSums) {
  const std::uint64_t offsets[] = {0, 2};
  const std::uint32_t columns[] = {0, 2};
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<double> weights = {1, 2, -infinity, 4, 9, 9, 9, 9, 10, -infinity, 30, 40};
  std::vector<double> out(4, 0.5);
  table().tables.add_rows(offsets, columns, 1, weights.data(), 4, out.data());
  EXPECT_EQ(out, (std::vector<double>{11.5, -infinity, -infinity, 44.5}));
}

TEST_P(EveryKernel, TilesAddUpModulo32Bits) {
  for (const Shape& shape : kShapes) {
    for (const std::size_t n_used : {1U, 4U, 5U, 8U, 9U, 12U, 13U, 16U}) {
      const Rows rows(shape);
      std::mt19937_64 engine(9);
      std::vector<std::int32_t> tile(shape.n_features * kernel::kSlots);
      for (std::size_t e = 0; e < tile.size(); ++e) {
        if (e % kernel::kSlots < n_used) tile[e] = static_cast<std::int32_t>(engine());
      }
      const std::size_t out_stride = 3 * kernel::kSlots;
      std::vector<std::int32_t> start(out_stride);
      for (auto& value : start) value = static_cast<std::int32_t>(engine());
      std::vector<std::int32_t> out(shape.n_rows * out_stride, 7);
      auto expected = out;
      for (std::size_t i = 0; i < shape.n_rows; ++i) {
        for (std::size_t l = 0; l < kernel::kSlots; ++l) {
          auto sum = static_cast<std::uint32_t>(start[kernel::kSlots + l]);
          for (std::size_t j = rows.offsets[i]; j < rows.offsets[i + 1]; ++j) {
            sum += static_cast<std::uint32_t>(tile[rows.columns[j] * kernel::kSlots + l]);
          }
          expected[i * out_stride + 16 + l] = static_cast<std::int32_t>(sum);
        }
      }
      table().tables.add_tile(rows.offsets.data(), rows.columns.data(), shape.n_rows, tile.data(), n_used,
                              start.data() + 16, 0, out.data() + 16, out_stride);
      EXPECT_EQ(out, expected) << shape.n_features << ", " << n_used;
    }
  }
}

TEST_P(EveryKernel, OuterSumsAreExact) {
  for (const Shape& shape : kShapes) {
    for (const double zeros : {0.0, 0.5, 0.97, 1.0}) {
      const Rows rows(shape);
      std::mt19937_64 engine(7);
      std::vector<std::int64_t> fixed(shape.n_rows * shape.stride);
      for (auto& value : fixed) {
        value = std::uniform_real_distribution<double>()(engine) < zeros
                    ? 0
                    : static_cast<std::int64_t>(engine() >> 20);
      }
      std::vector<std::int64_t> sums(shape.n_features * shape.stride, 5);
      auto expected = sums;
      for (std::size_t i = 0; i < shape.n_rows; ++i) {
        for (std::size_t j = rows.offsets[i]; j < rows.offsets[i + 1]; ++j) {
          for (std::size_t k = 0; k < shape.stride; ++k) {
            expected[rows.columns[j] * shape.stride + k] += fixed[i * shape.stride + k];
          }
        }
      }
      table().sums.add_outer(rows.offsets.data(), rows.columns.data(), nullptr, shape.n_rows, fixed.data(),
                             shape.stride, sums.data());
      EXPECT_EQ(sums, expected) << shape.n_features << " x " << shape.stride;
    }
  }
}

// Where a line of bytes has component c.
std::size_t byte_of(std::size_t c) {
  return c < 32 ? 2 * c : 2 * (c - 32) + 1;
}

TEST_P(EveryKernel, TilesBecomeLinesOfBytes) {
  if (table().tables.add_bytes == nullptr) GTEST_SKIP() << GetParam() << " does without sums of bytes";
  for (const std::size_t n_tiles : {1U, 2U, 3U, 4U}) {
    constexpr std::size_t kCodes = 37;
    std::mt19937_64 engine(n_tiles);
    std::vector<std::int32_t> tiles(n_tiles * kCodes * kernel::kSlots);
    std::vector<std::int32_t> lifts(kCodes);
    for (auto& lift : lifts) lift = static_cast<std::int32_t>(engine() % 1'000'000'000);
    for (std::size_t e = 0; e < tiles.size(); ++e) {
      const std::int32_t lift = lifts[e / kernel::kSlots % kCodes];
      tiles[e] = static_cast<std::int32_t>(engine() % (2 * static_cast<std::uint64_t>(lift) + 1)) - lift;
    }
    tiles[0] = -lifts[0];
    tiles[1] = lifts[0];
    const float scale = 255.0F / 2e9F;
    std::vector<std::uint8_t> lines(kCodes * kernel::kByteSlots, 77);
    table().tables.coarsen(tiles.data(), n_tiles, kCodes, lifts.data(), scale, lines.data());
    for (std::size_t j = 0; j < kCodes; ++j) {
      for (std::size_t c = 0; c < kernel::kByteSlots; ++c) {
        const std::size_t t = c / kernel::kSlots;
        double exact = 0;
        if (t < n_tiles) exact = tiles[(t * kCodes + j) * kernel::kSlots + c % kernel::kSlots] + lifts[j];
        EXPECT_NEAR(lines[j * kernel::kByteSlots + byte_of(c)], exact * 255 / 2e9, 0.5001);
      }
    }
  }
}

TEST_P(EveryKernel, LinesOfBytesAddUpModulo16Bits) {
  if (table().tables.add_bytes == nullptr) GTEST_SKIP() << GetParam() << " does without sums of bytes";
  for (const Shape& shape : kShapes) {
    const Rows rows(shape);
    std::mt19937_64 engine(10);
    std::vector<std::uint8_t> lines(shape.n_features * kernel::kByteSlots);
    for (auto& value : lines) value = static_cast<std::uint8_t>(engine());
    const std::size_t stride = kernel::kByteSlots + 32;
    std::vector<std::uint16_t> out(shape.n_rows * stride);
    for (auto& value : out) value = static_cast<std::uint16_t>(engine());
    auto expected = out;
    for (std::size_t i = 0; i < shape.n_rows; ++i) {
      for (std::size_t c = 0; c < kernel::kByteSlots; ++c) {
        std::size_t sum = out[i * stride + c];
        for (std::size_t j = rows.offsets[i]; j < rows.offsets[i + 1]; ++j) {
          sum += lines[rows.columns[j] * kernel::kByteSlots + byte_of(c)];
        }
        expected[i * stride + c] = static_cast<std::uint16_t>(sum);
      }
    }
    table().tables.add_bytes(rows.offsets.data(), rows.columns.data(), shape.n_rows, lines.data(), out.data(),
                             stride, out.data(), stride);
    EXPECT_EQ(out, expected) << shape.n_features;
  }
}

TEST_P(EveryKernel, CandidatesAreFound) {
  if (table().tables.add_bytes == nullptr) GTEST_SKIP() << GetParam() << " does without sums of bytes";
  for (const std::size_t n_components : {1U, 15U, 16U, 17U, 33U, 64U, 100U, 129U}) {
    const std::size_t n_rows = 60;
    const std::size_t stride = (n_components + 31) / 32 * 32 + 32;
    std::mt19937_64 engine(n_components);
    // What stands past the components must not matter.
    std::vector<std::uint16_t> values(n_rows * stride, 65'535);
    std::vector<std::uint16_t> reaches(n_rows);
    std::vector<std::uint32_t> expected, expected_begins = {0}, expected_rows, expected_sole;
    for (std::size_t i = 0; i < n_rows; ++i) {
      const std::size_t top = i == 0 ? 65'536 : i == 1 ? 1 : 1 + engine() % 65'536;
      reaches[i] = static_cast<std::uint16_t>(i % 5 == 0 ? 65'535 : i % 5 == 1 ? 0 : engine() % 2000);
      std::size_t largest = 0;
      for (std::size_t k = 0; k < n_components; ++k) {
        values[i * stride + k] = static_cast<std::uint16_t>(engine() % top);
        largest = std::max<std::size_t>(largest, values[i * stride + k]);
      }
      std::vector<std::uint32_t> candidates;
      for (std::size_t k = 0; k < n_components; ++k) {
        if (std::size_t{values[i * stride + k]} + reaches[i] >= largest) {
          candidates.push_back(static_cast<std::uint32_t>(k));
        }
      }
      expected_sole.push_back(candidates.size() == 1 ? candidates[0] : kernel::kNone);
      if (candidates.size() == 1) continue;
      expected.insert(expected.end(), candidates.begin(), candidates.end());
      while (expected.size() % 16 != 0) expected.push_back(kernel::kNone);
      expected_rows.push_back(static_cast<std::uint32_t>(i));
      expected_begins.push_back(static_cast<std::uint32_t>(expected.size()));
    }
    std::vector<std::uint32_t> sole(n_rows), rows(n_rows), begins(n_rows + 1);
    std::vector<std::uint32_t> components(n_rows * ((n_components + 15) / 16 * 16) + kernel::kCandidateSlack);
    const std::size_t n =
        table().tables.find_candidates(values.data(), stride, n_rows, n_components, reaches.data(),
                                       sole.data(), rows.data(), begins.data(), components.data());
    rows.resize(n);
    begins.resize(n + 1);
    components.resize(begins.back());
    EXPECT_EQ(sole, expected_sole) << n_components;
    EXPECT_EQ(rows, expected_rows) << n_components;
    EXPECT_EQ(begins, expected_begins) << n_components;
    EXPECT_EQ(components, expected) << n_components;
  }
}

}  // namespace
}  // namespace mixbern
