#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <iostream>
#include <limits>
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

TEST_P(EveryKernel, ProductsAreTheSumsInAscendingOrder) {
  for (const Shape& shape : kShapes) {
    const Rows rows(shape);
    const auto weights = random_doubles(shape.n_features * shape.stride, -9, 3, 1);
    auto packed = random_doubles(shape.n_rows * shape.stride, -1, 1, 2);
    auto sparse = packed;
    auto expected = packed;
    for (std::size_t i = 0; i < shape.n_rows; ++i) {
      for (std::size_t j = rows.offsets[i]; j < rows.offsets[i + 1]; ++j) {
        for (std::size_t k = 0; k < shape.stride; ++k) {
          expected[i * shape.stride + k] += weights[rows.columns[j] * shape.stride + k];
        }
      }
    }
    table().add_products(rows.words.data(), shape.n_rows, rows.words_per_row, weights.data(), shape.stride,
                         packed.data());
    table().add_products_sparse(rows.offsets.data(), rows.columns.data(), shape.n_rows, weights.data(),
                                shape.stride, sparse.data());
    EXPECT_EQ(packed, expected) << shape.n_features << " x " << shape.stride;
    EXPECT_EQ(sparse, expected) << shape.n_features << " x " << shape.stride;
  }
}

TEST_P(EveryKernel, MinusInfinityPassesThroughProducts) {
  const std::uint64_t word = 0b101;
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<double> weights = {1, 2, -infinity, 4, 9, 9, 9, 9, 10, -infinity, 30, 40};
  std::vector<double> out(4, 0.5);
  table().add_products(&word, 1, 1, weights.data(), 4, out.data());
  EXPECT_EQ(out, (std::vector<double>{11.5, -infinity, -infinity, 44.5}));
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
      std::vector<std::int64_t> packed(shape.n_features * shape.stride, 5);
      auto sparse = packed;
      auto expected = packed;
      for (std::size_t i = 0; i < shape.n_rows; ++i) {
        for (std::size_t j = rows.offsets[i]; j < rows.offsets[i + 1]; ++j) {
          for (std::size_t k = 0; k < shape.stride; ++k) {
            expected[rows.columns[j] * shape.stride + k] += fixed[i * shape.stride + k];
          }
        }
      }
      table().add_outer(rows.words.data(), shape.n_rows, rows.words_per_row, fixed.data(), shape.stride,
                        packed.data());
      table().add_outer_sparse(rows.offsets.data(), rows.columns.data(), shape.n_rows, fixed.data(),
                               shape.stride, sparse.data());
      EXPECT_EQ(packed, expected) << shape.n_features << " x " << shape.stride;
      EXPECT_EQ(sparse, expected) << shape.n_features << " x " << shape.stride;
    }
  }
}

TEST_P(EveryKernel, SoftmaxAgreesWithLongDoubleAndWithScalarToTheBit) {
  for (const std::size_t stride : {4U, 8U, 12U, 40U, 132U}) {
    const std::size_t n_rows = 200;
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

TEST_P(EveryKernel, QuantiseRoundsToNearestEven) {
  const std::vector<double> values = {0, 0.5, 1.5, 2.5, 0.25, 1, 0x1p50, 0.75};
  const std::vector<double> factors = {1, 2 - 0x1p-52};
  std::vector<std::int64_t> fixed(8);
  table().quantise(values.data(), 2, 4, factors.data(), fixed.data());
  EXPECT_EQ(fixed, (std::vector<std::int64_t>{0, 0, 2, 2, 0, 2, (std::int64_t{1} << 51), 1}));
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
