#include <gtest/gtest.h>

#include "kernels/emulated_kernel.hpp"

#if defined(__x86_64__) && defined(__linux__)

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "kernels/every_kernel.hpp"

namespace mixbern {
namespace {

// Of the kernels that have a matrix unit.
struct Tiles : EveryKernel {
  void SetUp() override {
    EveryKernel::SetUp();
    if (!IsSkipped() && table().tables.add_dense == nullptr) GTEST_SKIP() << GetParam() << " has no tiles";
  }
};

TEST_P(Tiles, DenseSumsAreThoseOfTheEntriesModulo32Bits) {
  struct Size {
    std::size_t n_rows, n_words, n_tiles, height;
  };
  for (const Size& size :
       {Size{1, 1, 1, 1}, Size{16, 1, 2, 3}, Size{17, 2, 1, 4}, Size{33, 13, 2, 2}, Size{64, 16, 1, 4},
        Size{5, 17, 3, 4}, Size{70, 40, 5, 1}, Size{130, 17, 12, 4}, Size{97, 9, 23, 4}}) {
    for (const std::size_t n_digits : {3U, 4U}) {
      const std::size_t n_rows = size.n_rows, n_words = size.n_words, n_tiles = size.n_tiles,
                        height = size.height;
      std::mt19937_64 engine(n_rows * 100 + n_words);
      std::vector<std::uint64_t> words(n_rows * n_words);
      for (std::size_t j = 0; j < words.size(); ++j) words[j] = j % n_words % 5 == 3 ? 0 : engine();
      words[0] = ~std::uint64_t{0};
      // By digit, all of which occur.
      std::vector<std::int8_t> digits(n_tiles * n_words * n_digits * height * 64);
      for (auto& digit : digits) digit = static_cast<std::int8_t>(engine());
      const auto entry = [&](std::size_t d, std::size_t c) {
        std::uint32_t sum = 0;
        for (std::size_t q = n_digits; q-- > 0;) {
          const std::size_t line = ((c / height * n_words + d / 64) * height + c % height) * n_digits + q;
          sum = sum * 256 + static_cast<std::uint32_t>(digits[line * 64 + d % 64]);
        }
        return sum;
      };
      const std::size_t n_columns = n_tiles * height;
      std::vector<std::int32_t> start(n_columns);
      for (auto& value : start) value = static_cast<std::int32_t>(engine());
      std::vector<std::int32_t> columns((n_rows + 15) / 16 * 16 * n_columns + 1, 7);
      table().tables.add_dense(words.data(), n_words, n_rows, {digits.data(), n_digits, n_tiles, height},
                               start.data(), columns.data());
      EXPECT_EQ(columns.back(), 7);
      for (std::size_t c = 0; c < n_columns; ++c) {
        for (std::size_t i = 0; i < n_rows; ++i) {
          auto sum = static_cast<std::uint32_t>(start[c]);
          for (std::size_t d = 0; d < 64 * n_words; ++d) {
            if ((words[i * n_words + d / 64] >> d % 64 & 1U) != 0) sum += entry(d, c);
          }
          ASSERT_EQ(static_cast<std::uint32_t>(columns[(i / 16 * n_columns + c) * 16 + i % 16]), sum)
              << n_rows << " rows, " << n_words << " words, component " << c << " of " << n_columns;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, Tiles, testing::Values("amx"), [](const auto& of) { return of.param; });

}  // namespace
}  // namespace mixbern

#endif
