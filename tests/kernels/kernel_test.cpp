#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <limits>
#include <numeric>
#include <random>
#include <stdexcept>
#include <vector>

#include "kernels/registry.hpp"
#include "mixbern/kernels.hpp"

namespace mixbern {
namespace {

using kernel::KernelTable;

// Rows × words × stride that meet every tail of every loop: odd words, one tile, several, a rest of each
// size.
struct Shape {
  std::size_t n_rows, n_features, stride;
  double density;
};
const Shape kShapes[] = {{1, 1, 4, 0.5},     {3, 63, 4, 0.5},    {5, 64, 8, 0.1},    {7, 65, 12, 0.9},
                         {2, 200, 16, 0.5},  {9, 130, 20, 0.02}, {4, 784, 28, 0.13}, {3, 1000, 64, 1.0},
                         {2, 700, 68, 0.95}, {6, 128, 132, 0.3}, {1, 5000, 24, 0.6}, {11, 3, 4, 0.0}};

struct Rows {
  explicit Rows(const Shape& shape) : words_per_row((shape.n_features + 63) / 64) {
    std::mt19937_64 engine(shape.n_features * 31 + shape.stride);
    std::uniform_real_distribution<double> uniform;
    words.resize(shape.n_rows * words_per_row);
    offsets = {0};
    for (std::size_t i = 0; i < shape.n_rows; ++i) {
      for (std::size_t d = 0; d < shape.n_features; ++d) {
        if (uniform(engine) >= shape.density) continue;
        words[i * words_per_row + d / 64] |= std::uint64_t{1} << (d % 64);
        columns.push_back(static_cast<std::uint32_t>(d));
      }
      offsets.push_back(columns.size());
    }
  }
  std::size_t words_per_row;
  std::vector<std::uint64_t> words, offsets;
  std::vector<std::uint32_t> columns;
};

std::vector<double> random_doubles(std::size_t n, double low, double high, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(low, high);
  std::vector<double> values(n);
  for (double& value : values) value = uniform(engine);
  return values;
}

class EveryKernel : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    for (const KernelInfo& info : kernels()) {
      if (info.name == GetParam() && !info.supported)
        GTEST_SKIP() << info.name << " cannot run on this processor";
    }
    before_ = active_kernel();
    use_kernel(GetParam());
    ASSERT_EQ(active_kernel(), GetParam());
    ASSERT_EQ(kernel::active().name, GetParam());
  }
  void TearDown() override {
    if (!before_.empty()) use_kernel(before_);
  }
  const KernelTable& table() { return kernel::active(); }

 private:
  std::string before_;
};

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const KernelInfo& info : kernels()) result.push_back(info.name);
  return result;
}
INSTANTIATE_TEST_SUITE_P(All, EveryKernel, testing::ValuesIn(names()),
                         [](const auto& param) { return param.param; });

TEST_P(EveryKernel, ColumnsAreTheOnesInAscendingOrder) {
  for (const Shape& shape : kShapes) {
    const Rows rows(shape);
    std::vector<std::uint64_t> offsets(shape.n_rows + 1);
    std::vector<std::uint32_t> codes(rows.columns.size() + kernel::kDecodeSlack);
    table().decode_columns(rows.words.data(), shape.n_rows, rows.words_per_row, offsets.data(), codes.data());
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
    table().decode_groups(rows.words.data(), shape.n_rows, rows.words_per_row, offsets.data(), codes.data());
    codes.resize(expected.size());
    EXPECT_EQ(offsets, expected_offsets) << shape.n_features;
    EXPECT_EQ(codes, expected) << shape.n_features;
  }
}

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
    table().add_rows(rows.offsets.data(), rows.columns.data(), shape.n_rows, weights.data(), shape.stride,
                     out.data());
    EXPECT_EQ(out, expected) << shape.n_features << " x " << shape.stride;
  }
}

TEST_P(EveryKernel, MinusInfinityPassesThroughRowSums) {
  const std::uint64_t offsets[] = {0, 2};
  const std::uint32_t columns[] = {0, 2};
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<double> weights = {1, 2, -infinity, 4, 9, 9, 9, 9, 10, -infinity, 30, 40};
  std::vector<double> out(4, 0.5);
  table().add_rows(offsets, columns, 1, weights.data(), 4, out.data());
  EXPECT_EQ(out, (std::vector<double>{11.5, -infinity, -infinity, 44.5}));
}

TEST_P(EveryKernel, LanesAddUpModulo32Bits) {
  for (const Shape& shape : kShapes) {
    const Rows rows(shape);
    std::mt19937_64 engine(9);
    std::vector<std::int32_t> tile(shape.n_features * kernel::kLanes);
    for (auto& value : tile) value = static_cast<std::int32_t>(engine());
    const std::size_t out_stride = 3 * kernel::kLanes;
    std::vector<std::int32_t> start(out_stride);
    for (auto& value : start) value = static_cast<std::int32_t>(engine());
    std::vector<std::int32_t> out(shape.n_rows * out_stride, 7);
    auto expected = out;
    for (std::size_t i = 0; i < shape.n_rows; ++i) {
      for (std::size_t l = 0; l < kernel::kLanes; ++l) {
        auto sum = static_cast<std::uint32_t>(start[kernel::kLanes + l]);
        for (std::size_t j = rows.offsets[i]; j < rows.offsets[i + 1]; ++j) {
          sum += static_cast<std::uint32_t>(tile[rows.columns[j] * kernel::kLanes + l]);
        }
        expected[i * out_stride + 16 + l] = static_cast<std::int32_t>(sum);
      }
    }
    table().add_lanes(rows.offsets.data(), rows.columns.data(), shape.n_rows, tile.data(), start.data() + 16,
                      0, out.data() + 16, out_stride);
    EXPECT_EQ(out, expected) << shape.n_features;
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
      table().add_outer(rows.offsets.data(), rows.columns.data(), nullptr, shape.n_rows, fixed.data(),
                        shape.stride, sums.data());
      EXPECT_EQ(sums, expected) << shape.n_features << " x " << shape.stride;
    }
  }
}

TEST_P(EveryKernel, WeightedRowsAddUpExactly) {
  for (const Shape& shape : kShapes) {
    const Rows rows(shape);
    std::mt19937_64 engine(8);
    std::vector<kernel::WeightedRow> weighted;
    std::vector<std::int64_t> sums(rows.words_per_row * 64);
    for (auto& sum : sums) sum = static_cast<std::int64_t>(engine() >> 2);
    auto expected = sums;
    for (std::size_t j = 0; j < 2 * shape.n_rows + 1; ++j) {
      const std::size_t i = engine() % shape.n_rows;
      // The first is as large as all together may be; the sums of others stay below that.
      const auto amount = static_cast<std::uint32_t>(j == 0 ? 0xf0000000 : engine() % 0x00100000);
      weighted.push_back({rows.words.data() + i * rows.words_per_row, 0, amount});
      for (std::size_t c = rows.offsets[i]; c < rows.offsets[i + 1]; ++c) expected[rows.columns[c]] += amount;
    }
    table().add_weighted(weighted.data(), weighted.size(), rows.words_per_row, sums.data());
    EXPECT_EQ(sums, expected) << shape.n_features;
  }
}

// Where a line of bytes has component c.
std::size_t byte_of(std::size_t c) {
  return c < 32 ? 2 * c : 2 * (c - 32) + 1;
}

TEST_P(EveryKernel, TilesBecomeLinesOfBytes) {
  if (table().add_bytes == nullptr) GTEST_SKIP() << GetParam() << " does without sums of bytes";
  for (const std::size_t n_tiles : {1U, 2U, 3U, 4U}) {
    constexpr std::size_t kCodes = 37;
    std::mt19937_64 engine(n_tiles);
    std::vector<std::int32_t> tiles(n_tiles * kCodes * kernel::kLanes);
    std::vector<std::int32_t> lifts(kCodes);
    for (auto& lift : lifts) lift = static_cast<std::int32_t>(engine() % 1'000'000'000);
    for (std::size_t e = 0; e < tiles.size(); ++e) {
      const std::int32_t lift = lifts[e / kernel::kLanes % kCodes];
      tiles[e] = static_cast<std::int32_t>(engine() % (2 * static_cast<std::uint64_t>(lift) + 1)) - lift;
    }
    tiles[0] = -lifts[0];
    tiles[1] = lifts[0];
    const float scale = 255.0F / 2e9F;
    std::vector<std::uint8_t> lines(kCodes * kernel::kByteLanes, 77);
    table().coarsen(tiles.data(), n_tiles, kCodes, lifts.data(), scale, lines.data());
    for (std::size_t j = 0; j < kCodes; ++j) {
      for (std::size_t c = 0; c < kernel::kByteLanes; ++c) {
        const std::size_t t = c / kernel::kLanes;
        double exact = 0;
        if (t < n_tiles) exact = tiles[(t * kCodes + j) * kernel::kLanes + c % kernel::kLanes] + lifts[j];
        EXPECT_NEAR(lines[j * kernel::kByteLanes + byte_of(c)], exact * 255 / 2e9, 0.5001);
      }
    }
  }
}

TEST_P(EveryKernel, LinesOfBytesAddUpModulo16Bits) {
  if (table().add_bytes == nullptr) GTEST_SKIP() << GetParam() << " does without sums of bytes";
  for (const Shape& shape : kShapes) {
    const Rows rows(shape);
    std::mt19937_64 engine(10);
    std::vector<std::uint8_t> lines(shape.n_features * kernel::kByteLanes);
    for (auto& value : lines) value = static_cast<std::uint8_t>(engine());
    const std::size_t stride = kernel::kByteLanes + 32;
    std::vector<std::uint16_t> out(shape.n_rows * stride);
    for (auto& value : out) value = static_cast<std::uint16_t>(engine());
    auto expected = out;
    for (std::size_t i = 0; i < shape.n_rows; ++i) {
      for (std::size_t c = 0; c < kernel::kByteLanes; ++c) {
        std::size_t sum = out[i * stride + c];
        for (std::size_t j = rows.offsets[i]; j < rows.offsets[i + 1]; ++j) {
          sum += lines[rows.columns[j] * kernel::kByteLanes + byte_of(c)];
        }
        expected[i * stride + c] = static_cast<std::uint16_t>(sum);
      }
    }
    table().add_bytes(rows.offsets.data(), rows.columns.data(), shape.n_rows, lines.data(), out.data(),
                      stride, out.data(), stride);
    EXPECT_EQ(out, expected) << shape.n_features;
  }
}

TEST_P(EveryKernel, ComponentsNearTheLargestAreFound) {
  if (table().add_bytes == nullptr) GTEST_SKIP() << GetParam() << " does without sums of bytes";
  for (const std::size_t n_components : {1U, 15U, 16U, 17U, 33U, 64U, 100U, 129U}) {
    const std::size_t n_rows = 60;
    const std::size_t stride = (n_components + 31) / 32 * 32 + 32;
    std::mt19937_64 engine(n_components);
    // What stands past the components must not matter.
    std::vector<std::uint16_t> values(n_rows * stride, 65'535);
    std::vector<std::uint16_t> reaches(n_rows);
    std::vector<std::uint32_t> expected, expected_begins = {0};
    for (std::size_t i = 0; i < n_rows; ++i) {
      const std::size_t top = i == 0 ? 65'536 : i == 1 ? 1 : 1 + engine() % 65'536;
      reaches[i] = static_cast<std::uint16_t>(i % 5 == 0 ? 65'535 : i % 5 == 1 ? 0 : engine() % 2000);
      std::size_t largest = 0;
      for (std::size_t k = 0; k < n_components; ++k) {
        values[i * stride + k] = static_cast<std::uint16_t>(engine() % top);
        largest = std::max<std::size_t>(largest, values[i * stride + k]);
      }
      for (std::size_t k = 0; k < n_components; ++k) {
        if (std::size_t{values[i * stride + k]} + reaches[i] >= largest) {
          expected.push_back(static_cast<std::uint32_t>(k));
        }
      }
      while (expected.size() % 16 != 0) expected.push_back(kernel::kNone);
      expected_begins.push_back(static_cast<std::uint32_t>(expected.size()));
    }
    std::vector<std::uint32_t> begins(n_rows + 1);
    std::vector<std::uint32_t> components(n_rows * ((n_components + 15) / 16 * 16));
    table().find_near(values.data(), stride, n_rows, n_components, reaches.data(), begins.data(),
                      components.data());
    components.resize(begins.back());
    EXPECT_EQ(begins, expected_begins) << n_components;
    EXPECT_EQ(components, expected) << n_components;
  }
}

TEST_P(EveryKernel, BitsChooseWhatIsAddedUp) {
  if (table().add_bytes == nullptr) GTEST_SKIP() << GetParam() << " does without sums of bytes";
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
    table().dot_bits(rows.words.data(), rows.words_per_row, chosen.data(), chosen.size(), weights.data(),
                     out.data());
    EXPECT_EQ(out, expected) << shape.n_features;
  }
}

TEST_P(EveryKernel, LogarithmsAreRightToTwoUlps) {
  std::mt19937_64 engine(3);
  std::uniform_real_distribution<double> exponent(-1074, 1000), near_one(0.5, 2);
  std::vector<double> x = {0,
                           1,
                           0.5,
                           2,
                           0x1p-1074,
                           std::numeric_limits<double>::min(),
                           1 - 0x1p-53,
                           1 + 0x1p-52,
                           1e-300,
                           std::sqrt(0.5),
                           std::sqrt(2.0)};
  for (int i = 0; i < 2000; ++i) x.push_back(std::exp2(exponent(engine)));
  for (int i = 0; i < 2001; ++i) x.push_back(near_one(engine));
  std::vector<double> found(x.size()), by_scalar(x.size());
  table().logarithms(x.data(), x.size(), found.data());
  kernel::kScalarKernel.logarithms(x.data(), x.size(), by_scalar.data());
  EXPECT_EQ(found, by_scalar);
  EXPECT_EQ(found[0], -std::numeric_limits<double>::infinity());
  EXPECT_EQ(found[1], 0);
  for (std::size_t i = 1; i < x.size(); ++i) {
    const auto exact = static_cast<double>(std::log(static_cast<long double>(x[i])));
    EXPECT_NEAR(found[i], exact, 2 * 0x1p-52 * std::abs(exact)) << x[i];
  }
  std::vector<double> in_place(x.begin(), x.begin() + 13);
  table().logarithms(in_place.data(), in_place.size(), in_place.data());
  EXPECT_TRUE(std::equal(in_place.begin(), in_place.end(), found.begin()));
}

TEST_P(EveryKernel, FixedSoftmaxAgreesWithLongDoubleAndWithScalarToTheBit) {
  constexpr auto kNever = std::numeric_limits<std::int32_t>::min();
  for (const std::size_t n_components : {1U, 4U, 10U, 16U, 33U, 64U, 130U}) {
    const std::size_t stride = kernel::stride_for(n_components);
    const std::size_t lanes = kernel::lanes_for(n_components);
    const std::size_t n_rows = 150;
    const double unit = 0x1p-18;
    std::mt19937_64 engine(n_components);
    std::vector<std::int32_t> values(n_rows * lanes, kNever);
    std::vector<double> factors(n_rows);
    for (std::size_t i = 0; i < n_rows; ++i) {
      // Rows that spread over 1, 30 and thousands of nats, and one at either end of the range.
      const double spread = i % 3 == 0 ? 1 : i % 3 == 1 ? 30 : 3000;
      const double middle = i == 0 ? -2.14e9 : i == 1 ? 2.1e9 : 1e6;
      for (std::size_t k = 0; k < n_components; ++k) {
        const double offset = std::uniform_real_distribution<double>(0, spread)(engine) / unit;
        values[i * lanes + k] = static_cast<std::int32_t>(std::clamp(middle + offset, -2.147e9, 2.147e9));
      }
      factors[i] = i % 7 == 3 ? 0 : std::ldexp(1.0 + static_cast<double>(i % 4), 24);
    }
    struct Result {
      std::vector<std::int32_t> maxima;
      std::vector<double> sums;
      std::vector<std::uint32_t> sole;
      std::vector<std::int64_t> shares;  // rows × stride, zero in the rows of one component
      bool operator==(const Result&) const = default;
    };
    const auto softmax = [&](const KernelTable& kernel, const kernel::Lanes& of) {
      Result r{std::vector<std::int32_t>(n_rows), std::vector<double>(n_rows),
               std::vector<std::uint32_t>(n_rows), std::vector<std::int64_t>(n_rows * stride)};
      std::vector<std::uint32_t> rows(n_rows), begins(n_rows + 1);
      std::vector<std::uint32_t> components(n_rows * lanes + kernel::kShareSlack);
      std::vector<std::int64_t> amounts(n_rows * lanes + kernel::kShareSlack);
      kernel::Shares shares{0, rows.data(), begins.data(), components.data(), amounts.data()};
      kernel.softmax_fixed(of, n_rows, unit, factors.data(), r.maxima.data(), r.sums.data(), r.sole.data(),
                           &shares);
      for (std::size_t j = 0; j < shares.n_rows; ++j) {
        EXPECT_EQ(r.sole[rows[j]], kernel::kNone);
        for (std::uint32_t e = begins[j]; e < begins[j + 1]; ++e) {
          EXPECT_LT(components[e], n_components);
          if (components[e] < n_components) r.shares[rows[j] * stride + components[e]] += amounts[e];
        }
      }
      return r;
    };
    const kernel::Lanes dense{values.data(), lanes, lanes, nullptr, nullptr};
    const Result found = softmax(table(), dense);
    EXPECT_EQ(found, softmax(kernel::kScalarKernel, dense)) << n_components;
    // The same from those components alone that are near.
    std::vector<std::int32_t> near_values;
    std::vector<std::uint32_t> near_begins = {0}, near_components;
    for (std::size_t i = 0; i < n_rows; ++i) {
      for (std::size_t k = 0; k < n_components; ++k) {
        if ((static_cast<double>(found.maxima[i]) - values[i * lanes + k]) * unit > 30) continue;
        near_values.push_back(values[i * lanes + k]);
        near_components.push_back(static_cast<std::uint32_t>(k));
      }
      while (near_values.size() % kernel::kLanes != 0) {
        near_values.push_back(kNever);
        near_components.push_back(kernel::kNone);
      }
      near_begins.push_back(static_cast<std::uint32_t>(near_values.size()));
    }
    EXPECT_EQ(found,
              softmax(table(), {near_values.data(), lanes, 0, near_begins.data(), near_components.data()}));
    for (std::size_t i = 0; i < n_rows; ++i) {
      long double sum = 0;
      for (std::size_t k = 0; k < n_components; ++k) {
        sum += std::exp(static_cast<long double>(unit) *
                        (static_cast<long double>(values[i * lanes + k]) - found.maxima[i]));
      }
      EXPECT_NEAR(found.sums[i], static_cast<double>(sum), 1e-10 * found.sums[i]);
      const bool alone = found.sole[i] != kernel::kNone;
      for (std::size_t k = 0; k < stride; ++k) {
        const double difference =
            k < n_components ? unit * (static_cast<double>(values[i * lanes + k]) - found.maxima[i]) : -1e9;
        const auto exact = static_cast<double>(std::exp(static_cast<long double>(difference)) / sum);
        const std::int64_t responsibility = !alone               ? found.shares[i * stride + k]
                                            : k == found.sole[i] ? static_cast<std::int64_t>(factors[i])
                                                                 : 0;
        EXPECT_NEAR(static_cast<double>(responsibility), exact * factors[i], 0.51) << i << ' ' << k;
      }
    }
  }
}

TEST_P(EveryKernel, BitsAreCounted) {
  for (const Shape& shape : kShapes) {
    const Rows rows(shape);
    // All counters start from 250.
    std::vector<std::uint64_t> planes(8 * rows.words_per_row);
    for (std::size_t p = 0; p < 8; ++p) {
      std::fill_n(planes.data() + p * rows.words_per_row, rows.words_per_row,
                  (250U >> p & 1U) != 0 ? ~std::uint64_t{0} : 0);
    }
    std::vector<std::uint8_t> expected(rows.words_per_row * 64, 250);
    std::vector<std::uint32_t> numbers(shape.n_rows);
    std::iota(numbers.rbegin(), numbers.rend(), 0U);
    table().count_bits(rows.words.data(), rows.words_per_row, numbers.data(), numbers.size(), planes.data());
    for (const std::uint32_t d : rows.columns) ++expected[d];
    std::vector<std::uint8_t> counters(expected.size());
    for (std::size_t d = 0; d < counters.size(); ++d) {
      for (std::size_t p = 0; p < 8; ++p) {
        const std::uint64_t plane = planes[p * rows.words_per_row + d / 64];
        counters[d] |= static_cast<std::uint8_t>((plane >> d % 64 & 1U) << p);
      }
    }
    EXPECT_EQ(counters, expected) << shape.n_features;
  }
}

TEST_P(EveryKernel, SoftmaxAgreesWithLongDoubleAndWithScalarToTheBit) {
  for (const std::size_t stride : {4U, 8U, 12U, 40U, 132U}) {
    const std::size_t n_rows = 201;
    auto values = random_doubles(n_rows * stride, -800, 0, 3);
    const auto base = random_doubles(stride, -30, 0, 4);
    for (std::size_t i = 0; i < 40; ++i) values[i * stride + i % stride] = 40;  // one far above the others
    const auto original = values;
    auto by_scalar = values;
    std::vector<double> maxima(n_rows), sums(n_rows), scalar_maxima(n_rows), scalar_sums(n_rows);
    table().softmax(values.data(), n_rows, stride, base.data(), maxima.data(), sums.data());
    kernel::kScalarKernel.softmax(by_scalar.data(), n_rows, stride, base.data(), scalar_maxima.data(),
                                  scalar_sums.data());
    EXPECT_EQ(values, by_scalar);
    EXPECT_EQ(maxima, scalar_maxima);
    EXPECT_EQ(sums, scalar_sums);
    for (std::size_t i = 0; i < n_rows; ++i) {
      long double sum = 0;
      for (std::size_t k = 0; k < stride; ++k) {
        sum += std::exp(static_cast<long double>((original[i * stride + k] + base[k]) - maxima[i]));
      }
      EXPECT_NEAR(static_cast<double>(sum), sums[i], 1e-14 * sums[i]);
      for (std::size_t k = 0; k < stride; ++k) {
        const double difference = (original[i * stride + k] + base[k]) - maxima[i];
        const auto e = static_cast<double>(std::exp(static_cast<long double>(difference)) / sum);
        EXPECT_NEAR(e, values[i * stride + k], 1e-15 * e + 1e-300);
      }
    }
  }
}

TEST_P(EveryKernel, SoftmaxOfImpossibleRowsIsZeroNotNan) {
  const double infinity = std::numeric_limits<double>::infinity();
  std::vector<double> values = {-infinity, -infinity, -infinity, -infinity, -infinity, 3, -infinity, 3};
  const std::vector<double> base = {0, 0, 0, 0};
  std::vector<double> maxima(2), sums(2);
  table().softmax(values.data(), 2, 4, base.data(), maxima.data(), sums.data());
  EXPECT_EQ(values, (std::vector<double>{0, 0, 0, 0, 0, 0.5, 0, 0.5}));
  EXPECT_EQ(maxima, (std::vector<double>{-infinity, 3}));
  EXPECT_EQ(sums, (std::vector<double>{0, 2}));
}

TEST_P(EveryKernel, QuantiseRoundsToNearestEvenAndCounts) {
  const std::vector<double> values = {0, 0.5, 1.5, 2.5, 0.25, 1, 0x1p50, 0.75};
  const std::vector<double> factors = {1, 2 - 0x1p-52};
  std::vector<std::int64_t> fixed(8);
  std::vector<std::int64_t> counts = {5, 6, 7, 8};
  table().quantise(values.data(), 2, 4, factors.data(), fixed.data(), counts.data());
  EXPECT_EQ(fixed, (std::vector<std::int64_t>{0, 0, 2, 2, 0, 2, (std::int64_t{1} << 51), 1}));
  EXPECT_EQ(counts, (std::vector<std::int64_t>{5, 8, 9 + (std::int64_t{1} << 51), 11}));
}

TEST(Registry, ListsAtLeastScalarLastAndOneActive) {
  const auto all = kernels();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.back().name, "scalar");
  EXPECT_TRUE(all.back().supported);
  int n_active = 0;
  for (const KernelInfo& info : all) n_active += info.active ? 1 : 0;
  EXPECT_EQ(n_active, 1);
}

TEST(Registry, ForcingAnUnknownKernelFailsAndNamesTheOthers) {
  try {
    use_kernel("avx3");
    FAIL() << "an unknown kernel was taken";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("avx3"), testing::HasSubstr("scalar")));
  }
}

}  // namespace
}  // namespace mixbern
