#include "io/header_detection.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

struct HeaderCase {
  const char* name;
  const char* text;
  bool header;
};

class HeaderTest : public testing::TestWithParam<HeaderCase> {};

TEST_P(HeaderTest, IsFound) {
  io::HeaderDetection detection(false);
  detection.look_at("x", GetParam().text, {});
  EXPECT_EQ(detection.is_header(), GetParam().header);
}

INSTANTIATE_TEST_SUITE_P(
    All, HeaderTest,
    testing::Values(HeaderCase{"Names", "a,b\n0,1\n1,0\n", true},
                    HeaderCase{"Values", "0,1\n0,1\n1,0\n", false},
                    HeaderCase{"Pandas", "0,1,2,3\n0,1,0,1\n1,0,0,1\n", true},
                    HeaderCase{"CountedFromOne", "1,2,3,4\n1,2,1,2\n2,1,2,1\n", true},
                    HeaderCase{"QuotedNumbers", "\"0\",\"1\"\n0,1\n1,0\n", true},
                    HeaderCase{"QuotedEverywhere", "\"0\",\"1\"\n\"0\",\"1\"\n\"1\",\"0\"\n", false},
                    HeaderCase{"TwoOppositeRows", "1,0,1\n0,1,0\n", false},
                    HeaderCase{"RareOnes", "1,0,0,0\n0,0,0,0\n0,0,0,0\n", false},
                    HeaderCase{"TwoNumbers", "0\n1\n", false},
                    HeaderCase{"NumericNames", "101,205,307\n0,1,0\n1,0,1\n", true},
                    HeaderCase{"Words", "yes,no\nno,no\nyes,yes\n", false},
                    HeaderCase{"LoneNumbers", "1,0,1\n", false}, HeaderCase{"LoneNames", "a,b,c\n", true},
                    HeaderCase{"SomeNamesMissing", ",b,\n0,1,1\n1,0,1\n", true},
                    HeaderCase{"MissingValues", "NA,1\n0,1\n1,0\n", false},
                    HeaderCase{"IdentifierNames", "id,a\np1,0\np2,1\np3,0\np4,1\np5,1\np6,0\n", true},
                    HeaderCase{"IdentifierValues", "p0,1\np1,0\np2,1\np3,0\np4,1\np5,1\np6,0\n", false},
                    HeaderCase{"MeasuredValues", "0.5,1\n0.6,0\n.7,1\n.8,0\n.9,1\n1,1\n", false}),
    [](const auto& test) { return test.param.name; });

TEST(HeaderDetectionTest, NumbersForAThreshold) {
  const auto is_header = [](const char* text) {
    io::HeaderDetection detection(true);
    detection.look_at("x", text, {});
    return detection.is_header();
  };
  EXPECT_TRUE(is_header("a,b\n17,200\n3,9\n"));
  EXPECT_FALSE(is_header("17,200\n3,9\n"));
  EXPECT_FALSE(is_header("17,NA\n3,9\n"));
  EXPECT_FALSE(is_header("p1,17\np2,3\np3,9\n"));
  EXPECT_TRUE(is_header("0,1,2,3,4\n17,200,3,9,4\n"));
  EXPECT_FALSE(is_header("0,1,2\n17,200,3\n"));
}

TEST(HeaderDetectionTest, TheOptionSettlesIt) {
  ReadOptions options;
  options.header = false;
  EXPECT_EQ(read("a,b\nb,a\nb,b\n", options).n_rows(), 3U);
  options.header = true;
  const Dataset data = read("0,1\n0,1\n1,0\n", options);
  EXPECT_EQ(data.n_rows(), 2U);
  EXPECT_EQ(data.feature_names, (std::vector<std::string>{"0", "1"}));
}

TEST(HeaderDetectionTest, PandasNamesOfManyColumns) {
  std::string text;
  for (int d = 0; d < 784; ++d) text += fmt::format("{}{}", d > 0 ? "," : "", d);
  for (int i = 0; i < 10; ++i) {
    text += '\n';
    for (int d = 0; d < 784; ++d) text += fmt::format("{}{}", d > 0 ? "," : "", d % (i + 2) == 0 ? 1 : 0);
  }
  const Dataset data = read(text + "\n");
  EXPECT_EQ(data.n_rows(), 10U);
  EXPECT_EQ(data.feature_names[783], "783");
}

}  // namespace
}  // namespace mixbern::io_test
