#include <gmock/gmock.h>

#include <cmath>
#include <stdexcept>

#include "io/support.hpp"
#include "mixbern/io/columns.hpp"

namespace mixbern::io_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kTable =
    "id,age,sex,q1,rw1,rw2\n"
    "1,30,MALE,0,1,2\n"
    "2,NA,\"FEMALE\",1,2,1\n"
    "3,45.0,,1,1,1\n"
    "4,99,MALE,0,0,3\n";

class TextColumnsTest : public testing::Test {
 protected:
  std::vector<TextColumn> read(const std::vector<std::string>& names, const ReadOptions& options = {},
                               std::string_view bytes = kTable) {
    write_bytes(path_, bytes);
    return read_columns({path_}, names, options);
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.file("table.csv");
};

TEST_F(TextColumnsTest, AreFoundByNameNumberAndPattern) {
  const auto columns = read({"sex", "2", "rw*", "sex"});
  ASSERT_EQ(columns.size(), 4U);
  EXPECT_EQ(columns[0].name, "sex");
  EXPECT_THAT(columns[0].cells, ElementsAre("MALE", "FEMALE", "", "MALE"));
  EXPECT_EQ(columns[1].name, "age");
  EXPECT_THAT(columns[1].cells, ElementsAre("30", "", "45", "99"));
  EXPECT_EQ(columns[3].name, "rw2");
}

TEST_F(TextColumnsTest, HaveNumbersForNamesWithoutAHeader) {
  const auto columns = read({"2"}, {}, "1,30\n0,40\n");
  ASSERT_EQ(columns.size(), 1U);
  EXPECT_EQ(columns[0].name, "2");
  EXPECT_THAT(columns[0].cells, ElementsAre("30", "40"));
}

TEST_F(TextColumnsTest, HonourRowsAndMissingCodes) {
  ReadOptions options;
  options.first_row = 1;
  options.end_row = 4;
  options.missing = {"age=99", "female"};
  const auto columns = read({"age", "sex"}, options);
  EXPECT_THAT(columns[0].cells, ElementsAre("", "45", ""));
  EXPECT_THAT(columns[1].cells, ElementsAre("", "", "MALE"));
}

TEST_F(TextColumnsTest, OfSeveralFilesFollowEachOther) {
  write_bytes(path_, kTable);
  const std::string second = folder_.file("second.csv");
  write_bytes(second, "sex;age\nMALE;1,5\nMALE;2\n");
  ReadOptions options;
  options.first_row = 3;
  const auto columns = read_columns({path_, second}, {"age", "sex"}, options);
  EXPECT_THAT(columns[0].cells, ElementsAre("99", "1.5", "2"));
  EXPECT_THAT(columns[1].cells, ElementsAre("MALE", "MALE", "MALE"));
}

TEST_F(TextColumnsTest, AreRefusedWhereTheyAreNot) {
  EXPECT_THAT(error_of([&] { read({"agee"}); }), HasSubstr("names near it: 'age'"));
  EXPECT_THAT(error_of([&] { read({"age"}, {}, "age,q\n1,2\n3\n"); }), HasSubstr("table.csv:3: 1 cell"));
  const std::string sparse = folder_.file("items.svm");
  write_bytes(sparse, "0 1:1 3:1\n");
  EXPECT_THAT(error_of([&] { read_columns({sparse}, {"1"}); }), HasSubstr("stand in a table of text"));
  EXPECT_THROW(read_columns({"-"}, {"age"}), std::invalid_argument);
}

TEST_F(TextColumnsTest, BecomeNumbersOrCategories) {
  const Variable age = variable_of({"age", {"30", "", "45.5"}});
  EXPECT_THAT(age.categories, IsEmpty());
  EXPECT_EQ(age.values[2], 45.5);
  EXPECT_TRUE(std::isnan(age.values[1]));
  const Variable sex = variable_of({"sex", {"MALE", "FEMALE", "", "MALE"}});
  EXPECT_THAT(sex.categories, ElementsAre("FEMALE", "MALE"));
  EXPECT_EQ(sex.values[0], 1);
  EXPECT_TRUE(std::isnan(sex.values[2]));
  EXPECT_THAT(variable_of({"answer", {"Yes", "no", "yes"}}).categories, ElementsAre("no", "Yes"));
  EXPECT_THAT(variable_of({"race", {"10", "9"}}, true).categories, ElementsAre("9", "10"));
}

}  // namespace
}  // namespace mixbern::io_test
