#include <fmt/format.h>
#include <gmock/gmock.h>

#include "io/support.hpp"
#include "io/writers.hpp"

namespace mixbern::io_test {
namespace {

using testing::HasSubstr;

Dataset round_trip(const Dataset& data, const std::string& name) {
  const TemporaryFolder folder;
  write_dataset(folder.file(name), data);
  EXPECT_EQ(folder.n_files(), 1U);
  return read_dataset(folder.file(name));
}

// The same without a file in between.
Dataset delimited_round_trip(const Dataset& data, char delimiter) {
  std::string text;
  io::write_delimited([&](std::string_view part) { text += part; }, data, delimiter);
  return read(text);
}

std::vector<Coding> random_codings(std::mt19937_64& random, std::size_t n_features) {
  const std::vector<Coding> known = {
      {"0", "1"},        {"1", "2"},         {"NO", "YES"},           {"False", "True"},
      {"a, \"b\"", "c"}, {"-1.5", "2.25"},   {"first\nline", "next"}, {"f", "T"},
      {"grün", "rot"},   {" padded ", "x y"}};
  std::vector<Coding> codings;
  for (std::size_t d = 0; d < n_features; ++d) codings.push_back(known[random() % known.size()]);
  return codings;
}

std::vector<std::string> random_names(std::mt19937_64& random, std::size_t n_features) {
  const std::vector<std::string> known = {"plain", "with, comma", "say \"hi\"", "",     "0",  "yes",
                                          "ü",     "two\nlines",  "NA",         "=1+1", "@x", "-"};
  std::vector<std::string> names;
  for (std::size_t d = 0; d < n_features; ++d) names.push_back(known[random() % known.size()]);
  names[0] = "first";  // names that are all empty are none
  return names;
}

TEST(WriteDatasetTest, TextThatCouldNotBeReadIsNotWritten) {
  Dataset data;
  data.ones = SparseRows(1'000'001, {0, 1}, {5});
  const TemporaryFolder folder;
  EXPECT_THAT([&] { write_dataset(folder.file("x.csv"), data); },
              testing::ThrowsMessage<InputError>(HasSubstr("1000001 columns are more than the 1000000")));
  EXPECT_EQ(folder.n_files(), 0U);
}

TEST(WriteDatasetTest, WhatASpreadsheetTakesForAFormulaIsQuoted) {
  Dataset data;
  data.ones = BitMatrix(1, 3);
  data.feature_names = {"=1+1", "@x", "plain"};
  data.codings = {{"-1", "+a"}, {"0", "1"}, {"0", "1"}};
  std::string text;
  io::write_delimited([&](std::string_view part) { text += part; }, data, ',');
  EXPECT_EQ(text, "\"=1+1\",\"@x\",plain\n-1,0,0\n");
}

class RoundTripTest : public testing::TestWithParam<std::tuple<std::size_t, std::size_t, double>> {};

TEST_P(RoundTripTest, DelimitedTextKeepsCellsNamesAndCodings) {
  const auto [n_rows, n_features, missing] = GetParam();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    Dataset data = random_data(random, n_rows, n_features, missing);
    data.codings = random_codings(random, n_features);
    data.feature_names = random_names(random, n_features);
    for (const char delimiter : {',', '\t'}) expect_same(delimited_round_trip(data, delimiter), data);
    if (seed == 0) expect_same(round_trip(data, "x.tsv.gz"), data);
    // Without a header: 0 and 1 are found again, and get the codings that say so.
    data.codings.assign(n_features, {"0", "1"});
    data.feature_names.clear();
    expect_same(delimited_round_trip(data, ','), data);
    data.codings.clear();
    expect_same_cells(delimited_round_trip(data, ','), data);
  }
}

TEST_P(RoundTripTest, ArraysAndPackedFilesKeepCells) {
  const auto [n_rows, n_features, missing] = GetParam();
  std::mt19937_64 random(1);
  const Dataset data = random_data(random, n_rows, n_features, missing);
  expect_same_cells(round_trip(data, "x.npy"), data);
  expect_same_cells(round_trip(data, "x.npy.gz"), data);
  expect_same(round_trip(data, "x.safetensors"), data);
  expect_same(round_trip(data, "x.safetensors.gz"), data);
}

TEST_P(RoundTripTest, SparseFormatsKeepOnes) {
  const auto [n_rows, n_features, missing] = GetParam();
  std::mt19937_64 random(2);
  Dataset data = random_data(random, n_rows, n_features, 0);
  for (const char* name : {"x.mtx", "x.svm", "x.fps", "x.mtx.gz"}) {
    expect_same_cells(round_trip(data, name), data);
    Dataset sparse = data;
    sparse.ones = to_sparse(data.ones);
    expect_same_cells(round_trip(sparse, name), data);
  }
  for (std::size_t i = 0; i < n_rows; ++i) data.labels.push_back(static_cast<std::int64_t>(i % 3 + 5));
  EXPECT_EQ(round_trip(data, "x.svm").labels, data.labels);
}

INSTANTIATE_TEST_SUITE_P(Sizes, RoundTripTest,
                         testing::Combine(testing::Values(2, 3, 40), testing::Values(1, 2, 7, 64, 65, 130),
                                          testing::Values(0.0, 0.3)));

TEST(WriteDatasetTest, ConstantColumnsComeBack) {
  Dataset data;
  data.ones = BitMatrix(2, 3, {0b011, 0b001});
  data.codings = {{"", "1"}, {"0", "1"}, {"0", ""}};
  data.feature_names = {"a", "b", "c"};
  expect_same(round_trip(data, "x.csv"), data);
}

TEST(WriteDatasetTest, AColumnWithoutValuesComesBack) {
  Dataset data;
  data.ones = BitMatrix(2, 1);
  data.missing = BitMatrix(2, 1, {1, 1});
  EXPECT_EQ(cells(round_trip(data, "x.csv")), (CellRows{"?", "?"}));
}

TEST(WriteDatasetTest, TheLastColumnOfLibsvmMayBeEmpty) {
  Dataset data;
  data.ones = BitMatrix(2, 9, {0b1, 0b10});
  EXPECT_EQ(round_trip(data, "x.svm").n_features(), 9U);
}

TEST(WriteDatasetTest, WhatAFormatCannotHoldIsRefused) {
  const TemporaryFolder folder;
  Dataset data;
  data.ones = BitMatrix(2, 2);
  data.missing = BitMatrix(2, 2, {1, 0});
  for (const char* name : {"x.mtx", "x.svm", "x.fps"}) {
    EXPECT_THAT(error_of([&] { write_dataset(folder.file(name), data); }),
                HasSubstr("write .csv, .npy or .safetensors"));
  }
  data.missing.reset();
  data.weights = {1, 2};
  for (const char* name : {"x.csv", "x.npy", "x.mtx"}) {
    EXPECT_THAT(error_of([&] { write_dataset(folder.file(name), data); }), HasSubstr("write .safetensors"));
  }
  EXPECT_THAT(error_of([&] { write_dataset(folder.file("x.doc"), data); }),
              HasSubstr("end the name in .csv"));
  EXPECT_THAT(error_of([&] { write_dataset(folder.file("x.idx"), data); }), HasSubstr("read only"));
  EXPECT_EQ(folder.n_files(), 0U);
}

TEST(WriteDatasetTest, TheFormatMayBeNamed) {
  const TemporaryFolder folder;
  Dataset data;
  data.ones = BitMatrix(2, 2, {1, 2});
  write_dataset(folder.file("x"), data, DataFormat::kMatrixMarket);
  EXPECT_EQ(read_bytes(folder.file("x")),
            "%%MatrixMarket matrix coordinate pattern general\n2 2 2\n1 1\n2 2\n");
}

}  // namespace
}  // namespace mixbern::io_test
