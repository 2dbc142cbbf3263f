#include <fmt/format.h>
#include <gmock/gmock.h>

#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Names = std::vector<std::string>;

TEST(DelimitedReaderTest, ReadsAHeaderAndZerosAndOnes) {
  const Dataset data = read("a,b,c\n0,1,0\n1,1,0\n0,0,1\n");
  EXPECT_EQ(cells(data), (CellRows{"010", "110", "001"}));
  EXPECT_EQ(data.feature_names, (Names{"a", "b", "c"}));
  EXPECT_EQ(data.codings, (std::vector<Coding>(3, Coding{"0", "1"})));
  EXPECT_FALSE(data.missing);
  EXPECT_FALSE(data.threshold);
}

TEST(DelimitedReaderTest, ReadsWithoutAHeader) {
  const Dataset data = read("0,1,0\n1,1,0\n0,0,1");
  EXPECT_EQ(cells(data), (CellRows{"010", "110", "001"}));
  EXPECT_THAT(data.feature_names, IsEmpty());
}

struct LayoutCase {
  const char* name;
  const char* text;
};

class DelimitedLayoutTest : public testing::TestWithParam<LayoutCase> {};

TEST_P(DelimitedLayoutTest, GivesTheSameTable) {
  const Dataset data = read(GetParam().text);
  EXPECT_EQ(cells(data), (CellRows{"01", "10", "11"}));
  EXPECT_EQ(data.feature_names, (Names{"a", "b"}));
}

INSTANTIATE_TEST_SUITE_P(All, DelimitedLayoutTest,
                         testing::Values(LayoutCase{"Commas", "a,b\n0,1\n1,0\n1,1\n"},
                                         LayoutCase{"Tabs", "a\tb\n0\t1\n1\t0\n1\t1\n"},
                                         LayoutCase{"Semicolons", "a;b\n0;1\n1;0\n1;1\n"},
                                         LayoutCase{"Spaces", "a b\n0 1\n1 0\n1 1\n"},
                                         LayoutCase{"WindowsLines", "a,b\r\n0,1\r\n1,0\r\n1,1\r\n"},
                                         LayoutCase{"NoLastLineEnd", "a,b\n0,1\n1,0\n1,1"},
                                         LayoutCase{"ByteOrderMark",
                                                    "\xEF\xBB\xBF"
                                                    "a,b\n0,1\n1,0\n1,1\n"},
                                         LayoutCase{"EmptyLines", "\na,b\n\n0,1\n1,0\n  \n1,1\n\n\n"},
                                         LayoutCase{"Padding", " a , b \n 0,1 \n1 ,\t0\n1, 1\n"},
                                         LayoutCase{"QuotedNames", "\"a\",\"b\"\n0,1\n1,0\n1,1\n"},
                                         LayoutCase{"QuotedCells",
                                                    "\"a\",\"b\"\n\"0\",\"1\"\n\"1\",\"0\"\n\"1\",\"1\"\n"},
                                         LayoutCase{"YesNo", "a,b\nno,yes\nyes,no\nyes,yes\n"},
                                         LayoutCase{"MixedSpelling", "a,b\n0.0,1\n1.0,0\n1,1.00\n"}),
                         [](const auto& test) { return test.param.name; });

struct CodingCase {
  const char* name;
  const char* text;
  Coding coding;
  const char* cells;
};

class CodingTest : public testing::TestWithParam<CodingCase> {};

// One column called x, and a second so that empty cells make no empty line.
TEST_P(CodingTest, FollowsTheNaturalOrder) {
  std::string text = "first,second\n";
  for (const char* c = GetParam().text; *c != '\0'; ++c)
    text += *c == '|' ? std::string(",0\n") : std::string(1, *c);
  text += ",1\n";
  const Dataset data = read(text);
  EXPECT_EQ(data.codings[0], GetParam().coding);
  std::string column;
  for (const std::string& row : cells(data)) column += row[0];
  EXPECT_EQ(column, GetParam().cells);
}

INSTANTIATE_TEST_SUITE_P(
    All, CodingTest,
    testing::Values(
        CodingCase{"ZeroOne", "0|1|0", {"0", "1"}, "010"}, CodingCase{"OneFirst", "1|0|0", {"0", "1"}, "100"},
        CodingCase{"OneTwo", "2|1|1|2", {"1", "2"}, "1001"}, CodingCase{"TwoTen", "10|2", {"2", "10"}, "10"},
        CodingCase{"Negative", "1|-1", {"-1", "1"}, "10"},
        CodingCase{"Decimals", "1.0|0|1|0.00", {"0", "1"}, "1010"},
        CodingCase{"YesNo", "yes|no|Yes", {"no", "yes"}, "101"},
        CodingCase{"KeepsSpelling", "YES|NO", {"NO", "YES"}, "10"},
        CodingCase{"TrueFalse", "True|False", {"False", "True"}, "10"},
        CodingCase{"LettersTF", "T|F|F", {"F", "T"}, "100"}, CodingCase{"LettersYN", "y|n", {"n", "y"}, "10"},
        CodingCase{"JaNein", "Ja|nein|JA|Nein", {"nein", "Ja"}, "1010"},
        CodingCase{"DaNet", "Да|НЕТ|да|нет", {"НЕТ", "Да"}, "1010"},
        CodingCase{"Alphabetical", "male|female", {"female", "male"}, "10"},
        CodingCase{"CaseDoesNotOrder", "b|A", {"A", "b"}, "10"},
        CodingCase{"LongTexts", "strongly agree|disagree", {"disagree", "strongly agree"}, "10"},
        CodingCase{"Missing", "1|NA|0||.|?|nan|N/A", {"0", "1"}, "1?0?????"},
        CodingCase{"MissingFirst", "NA|2|1", {"1", "2"}, "?10"},
        CodingCase{"Latin1", "gr\xfcn|rot", {"grün", "rot"}, "01"}),
    [](const auto& test) { return test.param.name; });

TEST(DelimitedReaderTest, QuotesMayHoldDelimitersQuotesAndLineEnds) {
  const Dataset data =
      read("\"first, name\",\"say \"\"b\"\"\",\"two\nlines\"\n\"a,b\",0,1\nx,1,0\n\"a,b\",0,0\n");
  EXPECT_EQ(data.feature_names, (Names{"first, name", "say \"b\"", "two\nlines"}));
  EXPECT_EQ(data.codings[0], (Coding{"a,b", "x"}));
  EXPECT_EQ(cells(data), (CellRows{"001", "110", "000"}));
}

TEST(DelimitedReaderTest, LinesAreCountedThroughQuotes) {
  EXPECT_THAT(read_error("a,b\n\"1\n2\",0\nx,1\nx,2\n"), HasSubstr("table.csv:5:2"));
}

TEST(DelimitedReaderTest, RefusesQuotesThatDoNotFit) {
  EXPECT_THAT(read_error("a,b\n1,0\n0,\"1\n0,1\n"), HasSubstr("table.csv:3:2: a quote that opens here"));
  EXPECT_THAT(read_error("a,b\n1,0\n\"1\"2,1\n"), HasSubstr("table.csv:3:1: text follows a closing quote"));
}

TEST(DelimitedReaderTest, ConstantColumnsAreKeptAndWarnedOf) {
  Names warnings;
  ReadOptions options;
  options.warn = [&](const std::string& warning) { warnings.push_back(warning); };
  const Dataset data = read("a,b,c,d\n1,0,,x\n1,1,NA,x\n1,0,,x\n", options);
  EXPECT_EQ(cells(data), (CellRows{"10?0", "11?0", "10?0"}));
  EXPECT_EQ(data.codings, (std::vector<Coding>{{"", "1"}, {"0", "1"}, {"", ""}, {"x", ""}}));
  EXPECT_THAT(warnings, ElementsAre("table.csv: 2 of 4 columns hold one value only ('a', 'd'); they are kept",
                                    "table.csv: 1 of 4 columns hold no value at all ('c'); they are kept"));
}

TEST(DelimitedReaderTest, ManyConstantColumnsGiveOneShortWarning) {
  std::string row = "1";
  for (int i = 0; i < 1000; ++i) row += ",0";
  Names warnings;
  ReadOptions options;
  options.warn = [&](const std::string& warning) { warnings.push_back(warning); };
  read(row + "\n" + row + "\n", options);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], HasSubstr("1001 of 1001 columns"));
  EXPECT_LT(warnings[0].size(), 200U);
}

TEST(DelimitedReaderTest, AConstantColumnIsCodedLikeTheOthers) {
  EXPECT_EQ(cells(read("a,b\n1,1\n1,2\n")), (CellRows{"00", "01"}));
  EXPECT_EQ(cells(read("a,b\n2,1\n2,2\n")), (CellRows{"10", "11"}));
  EXPECT_EQ(cells(read("a,b\n1,0\n1,1\n")), (CellRows{"10", "11"}));
  EXPECT_EQ(cells(read("a,b,c\nyes,1,a\nyes,2,b\n")), (CellRows{"100", "111"}));
  EXPECT_EQ(cells(read("a\nno\nno\n")), (CellRows{"0", "0"}));
  EXPECT_EQ(cells(read("a\ntrue\ntrue\n")), (CellRows{"1", "1"}));
  EXPECT_EQ(cells(read("a\n7\n7\n")), (CellRows{"0", "0"}));
}

TEST(DelimitedReaderTest, AThirdValueIsAnErrorWithPlaceAndRemedy) {
  const std::string numbers = read_error("sex,age\n0,23\n1,45\n0,67\n");
  EXPECT_EQ(
      numbers,
      "table.csv:4:2: column 2 ('age') holds '23', '45' and '67', and an item has two values; "
      "--exclude age leaves the column out; --categorical age takes it as an item of more than two answers");
  const std::string texts = read_error("0,red\n1,green\n0,red\n1,blue\n");
  EXPECT_EQ(
      texts,
      "table.csv:4:2: column 2 holds 'red', 'green' and 'blue', and an item has two values; --exclude 2 "
      "leaves the column out; --categorical 2 takes it as an item of more than two answers");
  EXPECT_THAT(read_error("a\n0\n1\n7\n255\n"),
              HasSubstr("holds '0', '1', '7' and 1 more, and an item has two values; "
                        "--threshold T makes numbers 1 where value > T; "));
  EXPECT_LT(read_error(fmt::format("a,b\n0,1\n1,0\n0,{}\n", std::string(100000, 'x'))).size(), 250U);
}

TEST(DelimitedReaderTest, RaggedRowsAreErrors) {
  EXPECT_THAT(read_error("a,b\n0,1\n1\n"), HasSubstr("table.csv:3: 1 cell where 2 are expected"));
  EXPECT_THAT(read_error("a,b\n0,1\n1,1,0\n"), HasSubstr("table.csv:3: 3 cells where 2 are expected"));
}

TEST(DelimitedReaderTest, ThresholdMakesOnesOfLargeNumbers) {
  ReadOptions options;
  options.threshold = 127;
  const Dataset data = read("a,b,c\n0,128,127\n255,127.5,\n-3,1e3,nan\n", options);
  EXPECT_EQ(cells(data), (CellRows{"010", "11?", "01?"}));
  EXPECT_EQ(data.threshold, 127);
  EXPECT_THAT(data.codings, IsEmpty());
  EXPECT_EQ(data.feature_names, (Names{"a", "b", "c"}));
  EXPECT_THAT(read_error("a,b\n1,2\n3,x\n", options),
              HasSubstr("table.csv:3:2: column 2 ('b'): 'x' is no number"));
  EXPECT_THAT(read_error("1,2\n3,inf\n", options), HasSubstr("'inf' is no number"));
}

TEST(DelimitedReaderTest, KeepsTheRowsAskedFor) {
  const std::string text = "a,b\n0,1\n1,0\n1,1\n0,0\nbroken line with no meaning\n";
  ReadOptions options;
  options.first_row = 1;
  options.end_row = 3;
  EXPECT_EQ(cells(read(text, options)), (CellRows{"10", "11"}));
  options.first_row = 9;
  options.end_row = 20;
  EXPECT_THAT(read_error("0,1\n1,0\n", options), HasSubstr("rows 9 to 20 were asked for"));
}

TEST(DelimitedReaderTest, ATableNeedsRows) {
  EXPECT_THAT(read_error(""), HasSubstr("the file is empty"));
  EXPECT_THAT(read_error("\n\n"), HasSubstr("the file is empty"));
  EXPECT_THAT(read_error("a,b,c\n"), HasSubstr("no rows"));
}

TEST(DelimitedReaderTest, RefusesWhatIsNoText) {
  EXPECT_THAT(read_error(std::string_view("a,b\n0,1\n0,\0\n", 12)), HasSubstr("table.csv:3: a NUL byte"));
  EXPECT_THAT(read_error(std::string_view("\xFF\xFE"
                                          "a\0,\0",
                                          6)),
              HasSubstr("UTF-16"));
  EXPECT_THAT(read_error("a,b\r0,1\r1,0\r"), HasSubstr("carriage return alone"));
}

TEST(DelimitedReaderTest, MissingCellsInWideRowsStayInPlace) {
  std::string text;
  CellRows expected;
  for (int i = 0; i < 5; ++i) {
    std::string row;
    for (int d = 0; d < 200; ++d) {
      const char cell = i < 2 ? static_cast<char>('0' + i) : "01?"[(i * 7 + d) % 3];
      row += cell;
      text += d > 0 ? "," : "";
      if (cell != '?') text += cell;
    }
    text += '\n';
    expected.push_back(row);
  }
  EXPECT_EQ(cells(read(text)), expected);
}

}  // namespace
}  // namespace mixbern::io_test
