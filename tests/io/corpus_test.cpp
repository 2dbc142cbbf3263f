// The corpora of the fuzzers, run through the same entry points in every build.
#include <gtest/gtest.h>

#include "fuzz/targets.hpp"
#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

class CorpusTest : public testing::TestWithParam<fuzz::Target> {};

TEST_P(CorpusTest, EveryInputIsReadOrRefused) {
  const std::filesystem::path folder =
      std::filesystem::path(MIXBERN_TEST_DIR) / "fuzz/corpus" / GetParam().name;
  std::size_t n_files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    EXPECT_NO_THROW(GetParam().run(read_bytes(entry.path().string()))) << entry.path();
    ++n_files;
  }
  EXPECT_GE(n_files, 3U);
}

// Each prefix of an input, and the input with one byte changed: what a fuzzer tries first.
TEST_P(CorpusTest, SoAreItsNeighbours) {
  const std::filesystem::path folder =
      std::filesystem::path(MIXBERN_TEST_DIR) / "fuzz/corpus" / GetParam().name;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string bytes = read_bytes(entry.path().string());
    const std::size_t step = bytes.size() / 200 + 1;
    for (std::size_t i = 0; i < bytes.size(); i += step) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
      EXPECT_NO_THROW(GetParam().run(changed)) << entry.path() << " with byte " << i << " changed";
      EXPECT_NO_THROW(GetParam().run(std::string_view(bytes).substr(0, i)))
          << entry.path() << " cut at " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, CorpusTest, testing::ValuesIn(fuzz::targets().begin(), fuzz::targets().end()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace mixbern::io_test
