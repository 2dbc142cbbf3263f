#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include "kernels/every_kernel.hpp"

namespace mixbern {
namespace {

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
  table().series.logarithms(x.data(), x.size(), found.data());
  kernel::kScalarKernel.series.logarithms(x.data(), x.size(), by_scalar.data());
  EXPECT_EQ(found, by_scalar);
  EXPECT_EQ(found[0], -std::numeric_limits<double>::infinity());
  EXPECT_EQ(found[1], 0);
  for (std::size_t i = 1; i < x.size(); ++i) {
    const auto exact = static_cast<double>(std::log(static_cast<long double>(x[i])));
    EXPECT_NEAR(found[i], exact, 2 * 0x1p-52 * std::abs(exact)) << x[i];
  }
  std::vector<double> in_place(x.begin(), x.begin() + 13);
  table().series.logarithms(in_place.data(), in_place.size(), in_place.data());
  EXPECT_TRUE(std::equal(in_place.begin(), in_place.end(), found.begin()));
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
    table().responsibilities.softmax(values.data(), n_rows, stride, base.data(), maxima.data(), sums.data());
    kernel::kScalarKernel.responsibilities.softmax(by_scalar.data(), n_rows, stride, base.data(),
                                                   scalar_maxima.data(), scalar_sums.data());
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
  table().responsibilities.softmax(values.data(), 2, 4, base.data(), maxima.data(), sums.data());
  EXPECT_EQ(values, (std::vector<double>{0, 0, 0, 0, 0, 0.5, 0, 0.5}));
  EXPECT_EQ(maxima, (std::vector<double>{-infinity, 3}));
  EXPECT_EQ(sums, (std::vector<double>{0, 2}));
}

constexpr auto kNever = std::numeric_limits<std::int32_t>::min();

// Rows × slots, of rows that spread over 1, 30 and thousands of nats, and one at either end of the range.
std::vector<std::int32_t> log_joints(std::size_t n_rows, std::size_t n_components, double unit) {
  const std::size_t slots = kernel::slots_for(n_components);
  std::mt19937_64 engine(n_components);
  std::vector<std::int32_t> values(n_rows * slots, kNever);
  for (std::size_t i = 0; i < n_rows; ++i) {
    const double spread = i % 3 == 0 ? 1 : i % 3 == 1 ? 30 : 3000;
    const double middle = i == 0 ? -2.14e9 : i == 1 ? 2.1e9 : 1e6;
    for (std::size_t k = 0; k < n_components; ++k) {
      const double offset = std::uniform_real_distribution<double>(0, spread)(engine) / unit;
      values[i * slots + k] = static_cast<std::int32_t>(std::clamp(middle + offset, -2.147e9, 2.147e9));
    }
  }
  return values;
}

TEST_P(EveryKernel, FixedSoftmaxAgreesWithLongDoubleAndWithScalarToTheBit) {
  for (const std::size_t n_components : {1U, 4U, 7U, 10U, 16U, 33U, 64U, 130U}) {
    const std::size_t stride = kernel::stride_for(n_components);
    const std::size_t slots = kernel::slots_for(n_components);
    const std::size_t n_rows = 150;
    const double unit = 0x1p-18;
    const std::vector<std::int32_t> values = log_joints(n_rows, n_components, unit);
    std::vector<double> factors(n_rows);
    for (std::size_t i = 0; i < n_rows; ++i) {
      factors[i] = i % 7 == 3 ? 0 : std::ldexp(1.0 + static_cast<double>(i % 4), 24);
    }
    struct Result {
      std::vector<std::int32_t> maxima;
      std::vector<double> sums;
      std::vector<std::uint32_t> sole;
      std::vector<std::int64_t> shares;  // rows × stride, zero in the rows of one component
      bool operator==(const Result&) const = default;
    };
    const auto result = [&](const auto& run) {
      Result r{std::vector<std::int32_t>(n_rows), std::vector<double>(n_rows),
               std::vector<std::uint32_t>(n_rows), std::vector<std::int64_t>(n_rows * stride)};
      std::vector<std::uint32_t> rows(n_rows), begins(n_rows + 1);
      std::vector<std::uint32_t> components(n_rows * slots + kernel::kShareSlack);
      std::vector<std::int64_t> amounts(n_rows * slots + kernel::kShareSlack);
      kernel::Shares shares{0, rows.data(), begins.data(), components.data(), amounts.data()};
      run(r.maxima.data(), r.sums.data(), r.sole.data(), &shares);
      for (std::size_t j = 0; j < shares.n_rows; ++j) {
        EXPECT_EQ(r.sole[rows[j]], kernel::kNone);
        for (std::uint32_t e = begins[j]; e < begins[j + 1]; ++e) {
          EXPECT_LT(components[e], n_components);
          if (components[e] < n_components) r.shares[rows[j] * stride + components[e]] += amounts[e];
        }
      }
      return r;
    };
    const auto softmax = [&](const kernel::KernelTable& kernel, const kernel::RowValues& of) {
      return result([&](auto... rest) {
        kernel.responsibilities.softmax_fixed(of, n_rows, unit, factors.data(), rest...);
      });
    };
    // The same by columns, of which there are three more than components.
    const auto by_columns = [&] {
      const std::size_t n_columns = n_components + 3;
      std::vector<std::int32_t> columns((n_rows + 15) / 16 * 16 * n_columns, 2'000'000'000);
      for (std::size_t i = 0; i < n_rows; ++i) {
        for (std::size_t k = 0; k < n_components; ++k)
          columns[(i / 16 * n_columns + k) * 16 + i % 16] = values[i * slots + k];
      }
      return result([&](auto... rest) {
        table().responsibilities.softmax_columns(columns.data(), n_columns, n_components, n_rows, unit,
                                                 factors.data(), rest...);
      });
    };
    const kernel::RowValues dense{values.data(), slots, slots, nullptr, nullptr};
    const Result found = softmax(table(), dense);
    EXPECT_EQ(found, softmax(kernel::kScalarKernel, dense)) << n_components;
    if (table().responsibilities.softmax_columns != nullptr) {
      EXPECT_EQ(found, by_columns()) << n_components;
    }
    if (slots == kernel::kSlots) {
      std::vector<double> likelihoods(n_rows * stride), sums(n_rows);
      std::vector<std::int32_t> maxima(n_rows);
      table().responsibilities.likelihoods(values.data(), n_rows, unit, likelihoods.data(), stride,
                                           maxima.data(), sums.data());
      EXPECT_EQ(maxima, found.maxima);
      EXPECT_EQ(sums, found.sums);
    }
    // The same from the candidates alone.
    std::vector<std::int32_t> candidate_values;
    std::vector<std::uint32_t> candidate_begins = {0}, candidate_components;
    for (std::size_t i = 0; i < n_rows; ++i) {
      for (std::size_t k = 0; k < n_components; ++k) {
        if ((static_cast<double>(found.maxima[i]) - values[i * slots + k]) * unit > 30) continue;
        candidate_values.push_back(values[i * slots + k]);
        candidate_components.push_back(static_cast<std::uint32_t>(k));
      }
      while (candidate_values.size() % kernel::kSlots != 0) {
        candidate_values.push_back(kNever);
        candidate_components.push_back(kernel::kNone);
      }
      candidate_begins.push_back(static_cast<std::uint32_t>(candidate_values.size()));
    }
    EXPECT_EQ(found, softmax(table(), {candidate_values.data(), slots, 0, candidate_begins.data(),
                                       candidate_components.data()}));
    for (std::size_t i = 0; i < n_rows; ++i) {
      long double sum = 0;
      for (std::size_t k = 0; k < n_components; ++k) {
        sum += std::exp(static_cast<long double>(unit) *
                        (static_cast<long double>(values[i * slots + k]) - found.maxima[i]));
      }
      EXPECT_NEAR(found.sums[i], static_cast<double>(sum),
                  static_cast<double>(n_components) * std::exp(-kernel::kNegligible) + 1e-12 * found.sums[i]);
      const bool alone = found.sole[i] != kernel::kNone;
      for (std::size_t k = 0; k < stride; ++k) {
        const double difference =
            k < n_components ? unit * (static_cast<double>(values[i * slots + k]) - found.maxima[i]) : -1e9;
        const auto exact = static_cast<double>(std::exp(static_cast<long double>(difference)) / sum);
        const std::int64_t responsibility = !alone               ? found.shares[i * stride + k]
                                            : k == found.sole[i] ? static_cast<std::int64_t>(factors[i])
                                                                 : 0;
        EXPECT_NEAR(static_cast<double>(responsibility), exact * factors[i], 0.51) << i << ' ' << k;
      }
    }
  }
}

TEST_P(EveryKernel, LikelihoodsAgreeWithLongDoubleAndWithScalarToTheBit) {
  const double unit = 0x1p-18;
  for (const std::size_t n_components : {1U, 4U, 7U, 10U, 16U}) {
    const std::size_t stride = kernel::stride_for(n_components);
    const std::size_t slots = kernel::slots_for(n_components);
    const std::size_t n_rows = 65;
    const std::vector<std::int32_t> values = log_joints(n_rows, n_components, unit);
    struct Result {
      std::vector<double> values, sums;
      std::vector<std::int32_t> maxima;
      bool operator==(const Result&) const = default;
    };
    const auto likelihoods = [&](const kernel::KernelTable& kernel) {
      Result r{std::vector<double>(n_rows * stride, -1), std::vector<double>(n_rows),
               std::vector<std::int32_t>(n_rows)};
      kernel.responsibilities.likelihoods(values.data(), n_rows, unit, r.values.data(), stride,
                                          r.maxima.data(), r.sums.data());
      return r;
    };
    const Result found = likelihoods(table());
    EXPECT_EQ(found, likelihoods(kernel::kScalarKernel)) << n_components;
    for (std::size_t i = 0; i < n_rows; ++i) {
      const auto row = std::span(values).subspan(i * slots, n_components);
      EXPECT_EQ(found.maxima[i], *std::ranges::max_element(row));
      long double sum = 0;
      for (std::size_t k = 0; k < stride; ++k) {
        const double below = k < n_components ? unit * (static_cast<double>(row[k]) - found.maxima[i]) : -1e9;
        const auto exact = below > -kernel::kNegligible ? std::exp(static_cast<long double>(below)) : 0;
        EXPECT_NEAR(found.values[i * stride + k], static_cast<double>(exact),
                    1e-15 * static_cast<double>(exact))
            << i << ' ' << k;
        sum += exact;
      }
      EXPECT_NEAR(found.sums[i], static_cast<double>(sum), 1e-12 * found.sums[i]);
    }
  }
}

TEST_P(EveryKernel, QuantiseRoundsToNearestEvenAndCounts) {
  const std::vector<double> values = {0, 0.5, 1.5, 2.5, 0.25, 1, 0x1p50, 0.75};
  const std::vector<double> factors = {1, 2 - 0x1p-52};
  std::vector<std::int64_t> fixed(8);
  std::vector<std::int64_t> counts = {5, 6, 7, 8};
  table().responsibilities.quantise(values.data(), 2, 4, factors.data(), fixed.data(), counts.data());
  EXPECT_EQ(fixed, (std::vector<std::int64_t>{0, 0, 2, 2, 0, 2, (std::int64_t{1} << 51), 1}));
  EXPECT_EQ(counts, (std::vector<std::int64_t>{5, 8, 9 + (std::int64_t{1} << 51), 11}));
}

}  // namespace
}  // namespace mixbern
