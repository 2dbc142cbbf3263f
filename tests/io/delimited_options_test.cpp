#include <gmock/gmock.h>

#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

using testing::HasSubstr;
using Names = std::vector<std::string>;

constexpr std::string_view kTable =
    "id,a,b,c,weight,class\n"
    "p1,0,1,0,1.5,x\n"
    "p2,1,0,0,2,y\n"
    "p3,1,1,1,0,\n";

TEST(DelimitedOptionsTest, ColumnsAreUsedInTheOrderGiven) {
  ReadOptions options;
  options.columns = {"c", "a"};
  const Dataset data = read(kTable, options);
  EXPECT_EQ(cells(data), (CellRows{"00", "01", "11"}));
  EXPECT_EQ(data.feature_names, (Names{"c", "a"}));
}

TEST(DelimitedOptionsTest, WeightsAndLabelsLeaveTheFeatures) {
  ReadOptions options;
  options.exclude = {"id"};
  options.weight_column = "weight";
  options.label_column = "class";
  const Dataset data = read(kTable, options);
  EXPECT_EQ(data.feature_names, (Names{"a", "b", "c"}));
  EXPECT_EQ(data.weights, (std::vector<double>{1.5, 2, 0}));
  EXPECT_EQ(data.labels, (std::vector<std::int64_t>{0, 1, -1}));
}

TEST(DelimitedOptionsTest, NumbersNameColumnsThatHaveNoSuchName) {
  ReadOptions options;
  options.columns = {"4", "2"};
  EXPECT_EQ(read(kTable, options).feature_names, (Names{"c", "a"}));
  options.columns = {};
  options.exclude = {"1"};
  options.label_column = "4";
  const Dataset data = read("p,0,1,5\nq,1,0,6\np,1,1,5\n", options);
  EXPECT_EQ(cells(data), (CellRows{"01", "10", "11"}));
  EXPECT_EQ(data.labels, (std::vector<std::int64_t>{5, 6, 5}));
}

TEST(DelimitedOptionsTest, NumericNamesComeBeforeNumbers) {
  ReadOptions options;
  options.columns = {"2"};
  const Dataset data = read("0,1,2\n0,1,1\n1,0,1\n0,0,0\n", options);
  EXPECT_EQ(data.feature_names, (Names{"2"}));
  EXPECT_EQ(cells(data), (CellRows{"1", "1", "0"}));
}

TEST(DelimitedOptionsTest, UnknownNamesListThoseNearby) {
  ReadOptions options;
  options.weight_column = "wieght";
  EXPECT_EQ(read_error(kTable, options), "table.csv:1: there is no column 'wieght'; names near it: 'weight'");
  options.weight_column = "zzzzzzzzzzz";
  EXPECT_THAT(read_error(kTable, options), HasSubstr("it has 'id', 'a', 'b'"));
  options.weight_column = "7";
  EXPECT_THAT(read_error(kTable, options), HasSubstr("no column '7'"));
  EXPECT_THAT(read_error("0,1\n1,0\n", options), HasSubstr("name columns by number, 1 to 2"));
}

TEST(DelimitedOptionsTest, AmbiguousAndDoubleUseIsAnError) {
  ReadOptions options;
  options.columns = {"a"};
  EXPECT_THAT(read_error("a,a,b\n0,1,0\n1,0,1\n", options), HasSubstr("more than one column"));
  options.columns = {"a", "2"};
  EXPECT_THAT(read_error(kTable, options), HasSubstr("used twice"));
  options.columns = {};
  options.exclude = {"1", "2"};
  EXPECT_THAT(read_error("a,b\n0,1\n", options), HasSubstr("no column is left"));
}

TEST(DelimitedOptionsTest, WeightsMustBeNumbers) {
  ReadOptions options;
  options.weight_column = "w";
  EXPECT_THAT(read_error("a,w\n0,1\n1,-2\n", options),
              HasSubstr("table.csv:3:2: column 2 ('w'): the weight '-2'"));
  EXPECT_THAT(read_error("a,w\n0,1\n1,\n", options), HasSubstr("the weight ''"));
  EXPECT_THAT(read_error("a,w\n0,1\n1,nan\n", options), HasSubstr("the weight 'nan'"));
}

TEST(DelimitedOptionsTest, StoredCodingsAreAppliedAgain) {
  ReadOptions options;
  options.codings = {{"1", "2"}, {"no", "yes"}, {"b", "a"}};
  const Dataset data = read("x,y,z\n2,YES,a\n1.0,no,b\n,yes,a\n", options);
  EXPECT_EQ(cells(data), (CellRows{"111", "000", "?11"}));
  EXPECT_EQ(data.codings, options.codings);
  // A column that happens to hold one value is still coded as before.
  EXPECT_EQ(cells(read("x,y,z\n2,no,a\n2,no,a\n", options)), (CellRows{"101", "101"}));
}

TEST(DelimitedOptionsTest, ValuesThatFitNoStoredCodingAreErrors) {
  ReadOptions options;
  options.codings = {{"1", "2"}, {"no", "yes"}};
  EXPECT_EQ(
      read_error("x,y\n1,no\n3,yes\n", options),
      "table.csv:3:1: column 1 ('x'): '3' is neither '1' nor '2', the known values; the data must be coded "
      "like the data the model was fitted to");
  EXPECT_THAT(read_error("x\n1\n", options), HasSubstr("1 features where 2 are expected"));
}

TEST(DelimitedOptionsTest, AStoredConstantTakesTheValueItLacked) {
  ReadOptions options;
  options.codings = {{"0", ""}, {"", "2"}, {"", ""}};
  const Dataset data = read("x,y,z\n0,2,1\n1,1,0\n", options);
  EXPECT_EQ(cells(data), (CellRows{"011", "100"}));
  EXPECT_EQ(data.codings, (std::vector<Coding>{{"0", "1"}, {"1", "2"}, {"0", "1"}}));
  // 3 cannot be the zero to 2, nor -1 the one to 0.
  EXPECT_THAT(read_error("x,y,z\n0,3,1\n", options), HasSubstr("'3'"));
  EXPECT_THAT(read_error("x,y,z\n-1,2,1\n", options), HasSubstr("'-1'"));
}

TEST(DelimitedOptionsTest, LabelsMayBeTextOrNumbers) {
  ReadOptions options;
  options.label_column = "k";
  EXPECT_EQ(read("a,k\n0,7\n1,-2\n1,3.0\n0,NA\n", options).labels, (std::vector<std::int64_t>{7, -2, 3, -1}));
  const Dataset fruit = read("a,k\n0,pear\n1,apple\n1,pear\n0,\n", options);
  EXPECT_EQ(fruit.labels, (std::vector<std::int64_t>{1, 0, 1, -1}));
  EXPECT_EQ(fruit.label_names, (std::vector<std::string>{"apple", "pear"}));
}

TEST(DelimitedOptionsTest, OtherFormatsHaveFeaturesToChoose) {
  ReadOptions options;
  options.exclude = {"a"};
  EXPECT_THAT(read_error("1 1:1\n", options, "x.svm"), HasSubstr("there is no column 'a'"));
  options.feature_names = {"a", "b"};
  EXPECT_EQ(read("1 1:1\n0 2:1\n", options, "x.svm").feature_names, (std::vector<std::string>{"b"}));
  options = {.weight_column = "w"};
  EXPECT_THAT(read_error("1 1:1\n", options, "x.svm"), HasSubstr("may stand in a file beside it"));
}

}  // namespace
}  // namespace mixbern::io_test
