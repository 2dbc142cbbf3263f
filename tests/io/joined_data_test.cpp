#include "io/joined_data.hpp"

#include <gmock/gmock.h>

#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

using testing::HasSubstr;

class JoinedData : public testing::Test {
 protected:
  std::string written(const std::string& name, const std::string& text) const {
    write_bytes(folder_.file(name), text);
    return folder_.file(name);
  }
  std::string error(const std::string& a, const std::string& b, const ReadOptions& options = {}) const {
    const std::vector<std::string> files = {written("a.csv", a), written("b.csv", b)};
    const std::string message = error_of([&] { read_dataset(files, options); });
    EXPECT_THAT(message, HasSubstr("b.csv"));
    return message;
  }

  TemporaryFolder folder_;
};

TEST_F(JoinedData, IsTheSameForAnySplitAndAnyPlace) {
  std::mt19937_64 random(3);
  Dataset data = random_data(random, 500, 70, 0.1);
  data.weights.assign(500, 2);
  for (const bool sparse : {false, true}) {
    if (sparse) data.ones = to_sparse(data.ones);
    std::vector<std::string> files;
    std::size_t begin = 0;
    for (const std::size_t end : {std::size_t{1}, std::size_t{130}, std::size_t{400}, std::size_t{500}}) {
      files.push_back(folder_.file(std::to_string(begin) + ".safetensors"));
      write_dataset(files.back(), slice(data, begin, end));
      begin = end;
    }
    for (const bool outside : {false, true}) {
      const Dataset joined = read_dataset(files, {.outside = outside});
      EXPECT_EQ(is_outside(joined), outside);
      expect_same(data, to_memory(joined));
      const Dataset some = read_dataset(files, {.first_row = 120, .end_row = 300, .outside = outside});
      expect_same(slice(data, 120, 300), to_memory(some));
      expect_same(slice(data, 120, 140), to_memory(slice(joined, 120, 140)));
    }
  }
}

TEST_F(JoinedData, MixesKindsAndFilesWithoutMissingCells) {
  std::mt19937_64 random(4);
  const Dataset data = random_data(random, 100, 9, 0.3);
  Dataset sparse = slice(data, 40, 100);
  sparse.ones = to_sparse(sparse.ones);
  Dataset whole = slice(data, 0, 40);
  whole.missing.reset();
  write_dataset(folder_.file("a.safetensors"), whole);
  write_dataset(folder_.file("b.safetensors"), sparse);
  for (const bool outside : {false, true}) {
    const Dataset joined =
        read_dataset({folder_.file("a.safetensors"), folder_.file("b.safetensors")}, {.outside = outside});
    EXPECT_TRUE(is_packed(joined.ones));
    const auto rows = cells(to_memory(joined));
    EXPECT_EQ(CellRows(rows.begin() + 40, rows.end()), cells(sparse));
    EXPECT_EQ(CellRows(rows.begin(), rows.begin() + 40), cells(whole));
  }
}

TEST_F(JoinedData, CodesColumnsAlikeWhateverAFileLacks) {
  const Dataset data = read_dataset(
      {written("a.csv", "a,b,c\nno,1,2\nno,2,2\n"), written("b.csv", "a,b,c\nyes,2,1\nno,1,2\n")});
  EXPECT_EQ(cells(data), (CellRows{"001", "011", "110", "001"}));
  EXPECT_EQ(data.codings, (std::vector<Coding>{{"no", "yes"}, {"1", "2"}, {"1", "2"}}));
}

TEST_F(JoinedData, NumbersNamedLabelsThroughAllFiles) {
  const Dataset data = read_dataset(
      {written("a.csv", "a,k\n0,x\n1,z\n"), written("b.csv", "a,k\n1,y\n0,x\n")}, {.label_column = "k"});
  EXPECT_EQ(data.label_names, (std::vector<std::string>{"x", "y", "z"}));
  EXPECT_EQ(data.labels, (std::vector<std::int64_t>{0, 2, 1, 0}));
}

TEST_F(JoinedData, RefusesWhatDoesNotGoTogether) {
  EXPECT_THAT(error("a,b\n0,1\n1,0\n", "a,b,c\n0,1,1\n1,0,0\n"), HasSubstr("3 features, but a.csv has 2"));
  EXPECT_THAT(error("a,b\n0,1\n1,0\n", "a,c\n0,1\n1,0\n"), HasSubstr("'c' at place 2"));
  EXPECT_THAT(error("a,b\n0,1\n1,0\n", "a,b\n0,7\n1,5\n"), HasSubstr("the same two values"));
  EXPECT_THAT(error("a,b\n0,1\n1,0\n", "0,1\n1,0\n"), HasSubstr("no names of columns"));
}

TEST_F(JoinedData, StandsForFoldersAndPatterns) {
  const std::string b = written("b.csv", "0,1\n"), a = written("a.csv", "1,0\n");
  written(".hidden.csv", "x");
  written("README.md", "x");
  const std::string folder = folder_.file("");
  EXPECT_EQ(data_files({folder}), (std::vector{a, b}));
  EXPECT_EQ(data_files({folder_.file("[b]*.csv"), a}), (std::vector{b, a}));
  EXPECT_EQ(data_files({"nowhere.csv"}), (std::vector<std::string>{"nowhere.csv"}));
  EXPECT_THAT(error_of([&] { data_files({folder_.file("*.npy")}); }), HasSubstr("no file matches"));
  const TemporaryFolder empty;
  EXPECT_THAT(error_of([&] { data_files({empty.file("")}); }), HasSubstr("without a data file"));
}

}  // namespace
}  // namespace mixbern::io_test
