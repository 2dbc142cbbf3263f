#include <gmock/gmock.h>

#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

using testing::HasSubstr;

Dataset mtx(const std::string& kind, const std::string& rest, const ReadOptions& options = {}) {
  return read("%%MatrixMarket matrix " + kind + " general\n% a comment\n" + rest, options, "x.mtx");
}

std::string mtx_error(const std::string& kind, const std::string& rest, const ReadOptions& options = {}) {
  return error_of([&] { mtx(kind, rest, options); });
}

TEST(MatrixMarketReaderTest, CoordinatesInAnyOrder) {
  EXPECT_EQ(cells(mtx("coordinate pattern", "3 4 4\n1 2\n1 4\n3 1\n3 3\n")),
            (CellRows{"0101", "0000", "1010"}));
  EXPECT_EQ(cells(mtx("coordinate pattern", "3 4 4\n3 3\n1 4\n\n3 1\n1 2\n")),
            (CellRows{"0101", "0000", "1010"}));
  EXPECT_EQ(cells(mtx("coordinate integer", "2 2 3\n1 1 5\n2 2 5\n1 2 0\n")), (CellRows{"10", "01"}));
  EXPECT_EQ(cells(mtx("coordinate real", "2 2 2\n1 1 1.0\n2 2 1e0\n")), (CellRows{"10", "01"}));
}

TEST(MatrixMarketReaderTest, ArraysRunDownTheColumns) {
  EXPECT_EQ(cells(mtx("array integer", "2 3\n0\n1\n1\n0\n1\n1\n")), (CellRows{"011", "101"}));
  ReadOptions options;
  options.threshold = 0.5;
  EXPECT_EQ(cells(mtx("array real", "2 2\n0.2\n0.7\nnan\n1\n", options)), (CellRows{"0?", "11"}));
}

TEST(MatrixMarketReaderTest, CountsNeedAThreshold) {
  EXPECT_THAT(mtx_error("coordinate integer", "2 2 2\n1 1 1\n2 2 7\n"),
              HasSubstr("x.mtx:5: a third value, 7, after 0 and 1; --threshold T"));
  ReadOptions options;
  options.threshold = 1;
  EXPECT_EQ(cells(mtx("coordinate integer", "2 2 2\n1 1 1\n2 2 7\n", options)), (CellRows{"00", "01"}));
  options.threshold = -1;
  EXPECT_THAT(mtx_error("coordinate integer", "2 2 1\n1 1 1\n", options), HasSubstr("must be >= 0"));
}

TEST(MatrixMarketReaderTest, SparseOrPackedBySize) {
  EXPECT_TRUE(std::holds_alternative<SparseRows>(mtx("coordinate pattern", "2 5000 1\n1 4000\n").ones));
  EXPECT_TRUE(std::holds_alternative<BitMatrix>(mtx("coordinate pattern", "2 50 1\n1 40\n").ones));
}

TEST(MatrixMarketReaderTest, KeepsTheRowsAskedFor) {
  ReadOptions options;
  options.first_row = 1;
  options.end_row = 3;
  EXPECT_EQ(cells(mtx("coordinate pattern", "4 2 4\n1 1\n2 2\n3 1\n4 1\n", options)), (CellRows{"01", "10"}));
}

TEST(MatrixMarketReaderTest, DamageIsAnError) {
  EXPECT_THAT(mtx_error("coordinate pattern", "2 2 3\n1 1\n2 2\n"), HasSubstr("ends after"));
  EXPECT_THAT(mtx_error("coordinate pattern", "2 2 1\n1 1\n2 2\n"),
              HasSubstr("x.mtx:5: more than the 1 entries"));
  EXPECT_THAT(mtx_error("coordinate pattern", "2 2 2\n1 1\n1 1\n"), HasSubstr("row 1 has column 1 twice"));
  EXPECT_THAT(mtx_error("coordinate pattern", "2 2 1\n0 1\n"), HasSubstr("count from 1"));
  EXPECT_THAT(mtx_error("coordinate pattern", "2 2 1\n3 1\n"), HasSubstr("outside the 2 x 2"));
  EXPECT_THAT(mtx_error("coordinate pattern", "2 2 1\n1 x\n"), HasSubstr("x.mtx:4: '1 x' is no entry"));
  EXPECT_THAT(mtx_error("coordinate real", "2 2 1\n1 1 inf\n"), HasSubstr("finite"));
  EXPECT_THAT(mtx_error("coordinate complex", "2 2 1\n"), HasSubstr("cannot be read"));
  EXPECT_THAT(mtx_error("array real", "2 2\n1\n0\nx\n1\n"), HasSubstr("x.mtx:6: 'x' is no number"));
  EXPECT_THAT(mtx_error("array real", "2 2\n1\n0\n1\n"), HasSubstr("ends after"));
  EXPECT_THAT(mtx_error("array real", "1 1\n1\n0\n"), HasSubstr("more numbers"));
  EXPECT_THAT(mtx_error("array real", "-1 1\n1\n0\n"), HasSubstr("no sizes"));
  EXPECT_THAT(mtx_error("coordinate pattern", ""), HasSubstr("header"));
  EXPECT_THAT(read_error("%%MatrixMarket matrix coordinate real symmetric\n2 2 0\n", {}, "x.mtx"),
              HasSubstr("cannot be read"));
}

Dataset svm(std::string_view text, const ReadOptions& options = {}) {
  return read(text, options, "x.svm");
}

TEST(LibsvmReaderTest, ReadsPairsAndLabels) {
  const Dataset data = svm("3 1:1 4:1 # a comment\n5 2:1 qid:7\n\n3\n# only a comment\n7 3:0 1:1\n");
  EXPECT_EQ(cells(data), (CellRows{"1001", "0100", "0000", "1000"}));
  EXPECT_EQ(data.labels, (std::vector<std::int64_t>{3, 5, 3, 7}));
}

TEST(LibsvmReaderTest, SignsAreTwoClasses) {
  EXPECT_EQ(svm("+1 1:1\n-1 2:1\n").labels, (std::vector<std::int64_t>{1, 0}));
  EXPECT_EQ(svm("2 1:1\n-1 2:1\n").labels, (std::vector<std::int64_t>{2, -1}));
}

TEST(LibsvmReaderTest, LabelsThatAreNoClassesAreLeftOutWithAWarning) {
  std::vector<std::string> warnings;
  ReadOptions options;
  options.warn = [&](const std::string& warning) { warnings.push_back(warning); };
  EXPECT_TRUE(svm("0.5 1:1\n1 2:1\n", options).labels.empty());
  EXPECT_THAT(warnings, testing::ElementsAre(HasSubstr("no whole numbers")));
}

TEST(LibsvmReaderTest, StoredCodingsSayHowManyColumns) {
  ReadOptions options;
  options.codings.resize(6, {"0", "1"});
  EXPECT_EQ(svm("0 2:1\n", options).n_features(), 6U);
  EXPECT_THAT(error_of([&] { svm("0 7:1\n", options); }), HasSubstr("7 features where 6"));
}

TEST(LibsvmReaderTest, ColumnsCountFromZeroWhereThereIsOne) {
  EXPECT_EQ(svm("0 1:1\n1 0:1 2:1\n").ones, svm("0 2:1\n1 1:1 3:1\n").ones);
  EXPECT_EQ(svm("0 1:1\n", {.index_base = 0}).n_features(), 2U);
}

TEST(LibsvmReaderTest, DamageIsAnError) {
  const auto error = [](std::string_view text) { return error_of([&] { svm(text); }); };
  EXPECT_THAT(error_of([&] { svm("0 0:1\n", {.index_base = 1}); }),
              HasSubstr("column index 0 is out of bounds"));
  EXPECT_THAT(error("0 4294967297:1\n"), HasSubstr("out of bounds"));
  EXPECT_THAT(error("0 99999999999999999999999:1\n"), HasSubstr("no index:value pair"));
  EXPECT_THAT(error("0 1:1\n1 1:x\n"), HasSubstr("x.svm:2: '1:x'"));
  EXPECT_THAT(error("0 1\n"), HasSubstr("no index:value pair"));
  EXPECT_THAT(error("1:1 2:1\n"), HasSubstr("where the label is expected"));
  EXPECT_THAT(error("0 1:1 1:1\n"), HasSubstr("row 1 has column 1 twice"));
  EXPECT_THAT(error("0 1:1\n0 1:3\n"), HasSubstr("x.svm:2: a third value, 3, after 0 and 1"));
  EXPECT_THAT(error("0\n1\n"), HasSubstr("no index:value pair"));
  EXPECT_THAT(error("\n"), HasSubstr("no rows"));
}

Dataset fps(std::string_view text) {
  return read(text, {}, "x.fps");
}

TEST(FpsReaderTest, BitsStartAtTheLowEndOfTheFirstByte) {
  const Dataset data = fps("#FPS1\n#num_bits=12\n#software=x\n0f08\tone\n8001\ttwo\n");
  EXPECT_EQ(cells(data), (CellRows{"111100000001", "000000011000"}));
  EXPECT_EQ(cells(fps("#FPS1\nA0\tname\n")), (CellRows{"00000101"}));
}

TEST(FpsReaderTest, LongFingerprints) {
  const std::string hex(512, 'f');
  EXPECT_EQ(count_ones(fps("#FPS1\n#num_bits=2048\n" + hex + "\tx\n").ones), 2048U);
}

TEST(FpsReaderTest, DamageIsAnError) {
  const auto error = [](std::string_view text) { return error_of([&] { fps(text); }); };
  EXPECT_THAT(error("#FPS1\n#num_bits=16\n0f08\ta\n0f\tb\n"),
              HasSubstr("x.fps:4:1: a fingerprint of 2 digits"));
  EXPECT_THAT(error("#FPS1\n0g\ta\n"), HasSubstr("x.fps:2:2: 'g' is no hexadecimal digit"));
  EXPECT_THAT(error("#FPS1\n#num_bits=12\n0ff8\ta\n"), HasSubstr("beyond the 12 bits"));
  EXPECT_THAT(error("#FPS1\n#num_bits=0\n"), HasSubstr("no number of bits"));
  EXPECT_THAT(error("#FPS1\n#num_bits=99999999999999999\n00\ta\n"), HasSubstr("no number of bits"));
  EXPECT_THAT(error("#FPS1\n"), HasSubstr("no rows"));
  EXPECT_THAT(error("#FPS1\n012\ta\n"), HasSubstr("digits"));
  EXPECT_THAT(error("#FPS1\n\ta\n00\tb\n"), HasSubstr("x.fps:2:1: there is no fingerprint"));
}

}  // namespace
}  // namespace mixbern::io_test
