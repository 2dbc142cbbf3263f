// Every kernel, by name, against what it should give.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "kernels/emulated_kernel.hpp"
#include "kernels/registry.hpp"
#include "mixbern/kernels/kernels.hpp"

namespace mixbern {

// Rows × words × stride that meet every tail of every loop: odd words, one tile, several, a rest of each
// size.
struct Shape {
  std::size_t n_rows, n_features, stride;
  double density;
};
inline const Shape kShapes[] = {{1, 1, 4, 0.5},     {3, 63, 4, 0.5},    {5, 64, 8, 0.1},
                                {7, 65, 12, 0.9},   {2, 200, 16, 0.5},  {9, 130, 20, 0.02},
                                {4, 784, 28, 0.13}, {3, 1000, 64, 1.0}, {2, 700, 68, 0.95},
                                {6, 128, 132, 0.3}, {1, 5000, 24, 0.6}, {11, 3, 4, 0.0}};

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

inline std::vector<double> random_doubles(std::size_t n, double low, double high, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(low, high);
  std::vector<double> values(n);
  for (double& value : values) value = uniform(engine);
  return values;
}

class EveryKernel : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const std::string before = active_kernel();
    for (const KernelInfo& info : kernels()) {
      if (info.name != GetParam()) continue;
      if (!use_kernel_or_emulate(info)) GTEST_SKIP() << info.name << " cannot run on this processor";
    }
    before_ = before;
    ASSERT_EQ(active_kernel(), GetParam());
    ASSERT_EQ(kernel::active().name, GetParam());
  }
  void TearDown() override {
    if (!before_.empty()) use_kernel(before_);
  }
  const kernel::KernelTable& table() { return kernel::active(); }

 private:
  std::string before_;
};

}  // namespace mixbern
