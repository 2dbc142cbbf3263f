#include <gtest/gtest.h>

#include "kernels/tile_emulator.hpp"

#if defined(__x86_64__) && defined(__linux__)

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "kernels/kernel_table.hpp"

namespace mixbern {
namespace {

class Tiles : public testing::Test {
 protected:
  void SetUp() override {
    if (!kernel::kAvx512Kernel.is_supported()) GTEST_SKIP() << "amx needs AVX-512 for the rest";
    if (!kernel::kAmxKernel.is_supported()) emulator_.emplace();
    RecordProperty("tiles", emulator_ ? "emulated" : "of the processor");
  }

 private:
  std::optional<TileEmulator> emulator_;
};

TEST_F(Tiles, DenseSumsAreThoseOfTheEntriesModulo32Bits) {
  struct Size {
    std::size_t n_rows, n_words, n_tiles;
  };
  for (const Size& size : {Size{1, 1, 1}, Size{16, 1, 2}, Size{17, 2, 1}, Size{33, 13, 2}, Size{64, 16, 1},
                           Size{5, 17, 3}, Size{70, 40, 2}}) {
    const auto [n_rows, n_words, n_tiles] = size;
    std::mt19937_64 engine(n_rows * 100 + n_words);
    std::vector<std::uint64_t> words(n_rows * n_words);
    for (auto& word : words) word = engine();
    words[0] = ~std::uint64_t{0};
    std::vector<std::uint32_t> entries(n_tiles * n_words * 64 * kernel::kLanes);  // tile, feature, lane
    for (auto& entry : entries) entry = static_cast<std::uint32_t>(engine());
    std::vector<std::uint32_t> digits(entries.size());
    for (std::size_t e = 0; e < entries.size(); ++e) {
      const std::size_t lane = e % 16, d = e / 16 % (64 * n_words), tile = e / 16 / (64 * n_words);
      for (unsigned q = 0; q < 4; ++q) {
        const std::size_t at = ((tile * n_words + d / 64) * 4 + q) * 256 + d % 64 / 4 * 16 + lane;
        digits[at] |= (entries[e] >> (8 * q) & 0xffU) << (8 * (d % 4));
      }
    }
    std::vector<std::int32_t> start(n_tiles * 16);
    for (auto& value : start) value = static_cast<std::int32_t>(engine());
    const std::size_t out_stride = (n_tiles + 1) * 16;
    std::vector<std::int32_t> out(n_rows * out_stride, 7), expected = out;
    for (std::size_t i = 0; i < n_rows; ++i) {
      for (std::size_t k = 0; k < n_tiles * 16; ++k) {
        auto sum = static_cast<std::uint32_t>(start[k]);
        for (std::size_t d = 0; d < 64 * n_words; ++d) {
          if ((words[i * n_words + d / 64] >> d % 64 & 1U) != 0)
            sum += entries[(k / 16 * 64 * n_words + d) * 16 + k % 16];
        }
        expected[i * out_stride + k] = static_cast<std::int32_t>(sum);
      }
    }
    kernel::kAmxKernel.add_dense(words.data(), n_words, n_rows, digits.data(), n_tiles, start.data(),
                                 out.data(), out_stride);
    EXPECT_EQ(out, expected) << n_rows << " rows, " << n_words << " words, " << n_tiles << " tiles";
  }
}

}  // namespace
}  // namespace mixbern

#endif
