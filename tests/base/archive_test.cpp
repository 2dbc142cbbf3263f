#include "base/archive.hpp"

#include <gtest/gtest.h>

namespace mixbern {
namespace {

TEST(Archive, GivesBackWhatItTookDown) {
  ArchiveWriter writer;
  writer(true, 7, 0.1, std::string("a\0b", 3), std::vector<double>{1, -0.0},
         std::vector<std::string>{"x", ""}, std::vector<std::vector<std::size_t>>{{1, 2}, {}});
  bool truth = false;
  int number = 0;
  double real = 0;
  std::string text;
  std::vector<double> reals;
  std::vector<std::string> texts;
  std::vector<std::vector<std::size_t>> lists;
  ArchiveReader reader(writer.bytes());
  reader(truth, number, real, text, reals, texts, lists);
  reader.finish();
  EXPECT_TRUE(truth);
  EXPECT_EQ(number, 7);
  EXPECT_EQ(real, 0.1);
  EXPECT_EQ(text, std::string("a\0b", 3));
  EXPECT_EQ(reals, (std::vector<double>{1, -0.0}));
  EXPECT_EQ(texts, (std::vector<std::string>{"x", ""}));
  EXPECT_EQ(lists, (std::vector<std::vector<std::size_t>>{{1, 2}, {}}));
}

TEST(Archive, RefusesBytesThatEndEarlyOrGoOn) {
  ArchiveWriter writer;
  writer(std::vector<std::uint64_t>{1, 2, 3});
  std::vector<std::uint64_t> values;
  for (std::size_t n = 0; n < writer.bytes().size(); ++n) {
    ArchiveReader reader(std::string_view(writer.bytes()).substr(0, n));
    EXPECT_THROW(reader(values), std::invalid_argument) << n;
  }
  ArchiveReader longer(writer.bytes());
  std::uint64_t first = 0;
  longer(first);
  EXPECT_THROW(longer.finish(), std::invalid_argument);
}

TEST(Archive, TakesNoMemoryForALengthThatCannotBe) {
  ArchiveWriter writer;
  writer(std::uint64_t{UINT64_MAX});
  std::vector<double> values;
  std::vector<std::string> texts;
  std::string text;
  EXPECT_THROW(ArchiveReader(writer.bytes())(values), std::invalid_argument);
  EXPECT_THROW(ArchiveReader(writer.bytes())(texts), std::invalid_argument);
  EXPECT_THROW(ArchiveReader(writer.bytes())(text), std::invalid_argument);
}

}  // namespace
}  // namespace mixbern
