#include "mixbern/io/error.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "io/message.hpp"

namespace mixbern {
namespace {

TEST(InputErrorTest, SaysFileLineColumnReasonAndRemedy) {
  EXPECT_STREQ(InputError({"a.csv", 3, 7}, "wrong", "mend it").what(), "a.csv:3:7: wrong; mend it");
  EXPECT_STREQ(InputError({"a.csv", 3, 0}, "wrong").what(), "a.csv:3: wrong");
  EXPECT_STREQ(InputError({"a.csv", 0, 7}, "wrong").what(), "a.csv: wrong");
  EXPECT_STREQ(InputError({}, "wrong").what(), "wrong");
  EXPECT_STREQ(InputError({"-", 1, 0}, "wrong").what(), "standard input:1: wrong");
}

TEST(InputErrorTest, KeepsItsParts) {
  const InputError error({"a.csv", 3, 7}, "wrong", "mend it");
  EXPECT_EQ(error.place().file, "a.csv");
  EXPECT_EQ(error.place().line, 3U);
  EXPECT_EQ(error.place().column, 7U);
  EXPECT_EQ(error.reason(), "wrong");
  EXPECT_EQ(error.remedy(), "mend it");
}

TEST(InputErrorTest, IsOneLineWhateverTheFileHolds) {
  EXPECT_STREQ(InputError({"a\nb", 0, 0}, "x\x1b[31m\t\x7f").what(), "a\\nb: x\\x1b[31m\\t\\x7f");
}

TEST(MessageTest, EscapesWhatIsNoPrintableUtf8) {
  EXPECT_EQ(io::escaped("grün €"), "grün €");
  EXPECT_EQ(io::escaped(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(io::escaped("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(io::escaped("\xc2\x9b"), "\\xc2\\x9b");           // U+009B, control sequence introducer
  EXPECT_EQ(io::escaped("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
}

TEST(MessageTest, ShortensLongValues) {
  EXPECT_EQ(io::in_quotes("abc"), "'abc'");
  EXPECT_EQ(io::in_quotes(std::string(1000, 'x')), fmt::format("'{}…'", std::string(40, 'x')));
}

}  // namespace
}  // namespace mixbern
