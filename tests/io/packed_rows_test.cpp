#include "io/packed_rows.hpp"

#include <gmock/gmock.h>

#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

using testing::HasSubstr;

Dataset some_data(bool sparse, bool missing, std::size_t n_rows = 300) {
  std::mt19937_64 random(2);
  Dataset data = random_data(random, n_rows, 70, missing ? 0.2 : 0);
  if (!sparse) return data;
  data.ones = to_sparse(data.ones);
  if (data.missing) data.missing = to_sparse(*data.missing);
  return data;
}

Dataset outside(const std::string& path, ReadOptions options = {}) {
  options.outside = true;
  return read_dataset(path, options);
}

TEST(PackedRows, AreThoseInMemory) {
  const TemporaryFolder folder;
  for (const bool sparse : {false, true}) {
    for (const bool missing : {false, true}) {
      Dataset data = some_data(sparse, missing);
      data.weights.assign(300, 0.5);
      data.labels.assign(300, 1);
      write_dataset(folder.file("a.safetensors"), data);
      const Dataset opened = outside(folder.file("a.safetensors"));
      EXPECT_TRUE(is_outside(opened));
      EXPECT_EQ(is_packed(opened.ones), !sparse);
      expect_same(data, to_memory(opened));
      expect_same(slice(data, 17, 31), to_memory(slice(slice(opened, 10, 100), 7, 21)));
      EXPECT_EQ(count_ones(opened.ones), count_ones(data.ones));
      EXPECT_EQ(count_ones_by_feature(opened.ones), count_ones_by_feature(data.ones));
      EXPECT_EQ(to_packed(opened.ones), to_packed(data.ones));
      EXPECT_EQ(to_sparse(opened.ones), to_sparse(data.ones));
      EXPECT_EQ(test(opened.ones, 5, 69), test(data.ones, 5, 69));
      EXPECT_EQ(collapse(opened).distinct_of_row, collapse(data).distinct_of_row);
    }
  }
}

TEST(PackedRows, AreTheRowsThatWereAskedFor) {
  const TemporaryFolder folder;
  const Dataset data = some_data(false, false);
  write_dataset(folder.file("a.safetensors"), data);
  const Dataset some = outside(folder.file("a.safetensors"), {.first_row = 20, .end_row = 50});
  EXPECT_TRUE(is_outside(some));
  expect_same(slice(data, 20, 50), to_memory(some));
}

TEST(PackedRows, AreWrittenWithoutBeingHeld) {
  const TemporaryFolder folder;
  for (const bool sparse : {false, true}) {
    write_dataset(folder.file("a.safetensors"), some_data(sparse, true, 70'000));
    write_dataset(folder.file("b.safetensors"), outside(folder.file("a.safetensors")));
    EXPECT_EQ(read_bytes(folder.file("a.safetensors")), read_bytes(folder.file("b.safetensors")));
  }
}

TEST(PackedRows, FlipWithTheCodingsOfAModel) {
  const TemporaryFolder folder;
  const Dataset data = some_data(false, true);
  write_dataset(folder.file("a.safetensors"), data);
  std::vector<Coding> other = data.codings;
  for (std::size_t d = 0; d < other.size(); d += 3) std::swap(other[d].zero, other[d].one);
  const Dataset turned = outside(folder.file("a.safetensors"), {.codings = other});
  EXPECT_TRUE(is_outside(turned));
  expect_same(read_dataset(folder.file("a.safetensors"), {.codings = other, .outside = false}),
              to_memory(turned));
}

TEST(PackedRows, AreReadFromPlainFilesOnly) {
  const TemporaryFolder folder;
  write_dataset(folder.file("a.safetensors.gz"), some_data(false, false));
  EXPECT_FALSE(is_outside(outside(folder.file("a.safetensors.gz"))));
  write_bytes(folder.file("a.csv"), "a,b\n0,1\n1,0\n");
  EXPECT_FALSE(is_outside(outside(folder.file("a.csv"))));
}

TEST(PackedRows, WhatIsDamagedIsRefusedWhenItIsRead) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.safetensors");
  const auto changed = [&](bool sparse, bool missing, auto change) {
    write_dataset(path, some_data(sparse, missing));
    std::string bytes = read_bytes(path);
    change(bytes);
    write_bytes(path, bytes);
    return error_of([&] { to_memory(outside(path)); });
  };
  EXPECT_THAT(changed(false, false, [](std::string& bytes) { bytes.back() = '\x7f'; }),
              HasSubstr("row 299 has a bit beyond its last feature"));
  EXPECT_THAT(changed(true, false, [](std::string& bytes) { bytes.back() = '\x7f'; }),
              HasSubstr("the columns of row 299"));
  EXPECT_THAT(changed(false, false, [](std::string& bytes) { bytes.pop_back(); }), HasSubstr("cut short"));
  EXPECT_THAT(changed(false, false, [](std::string& bytes) { bytes += 'x'; }), HasSubstr("bytes follow"));
  const auto overlap = [](std::string& bytes) {
    const std::size_t half = (bytes.size() - 300 * 32) + 300 * 16;
    bytes.replace(half, 300 * 16, bytes.substr(half - 300 * 16, 300 * 16));
  };
  EXPECT_THAT(changed(false, true, overlap), HasSubstr("missing cell is set to 1"));
}

TEST(PackedRows, AFileThatIsWrittenToMeanwhileIsRefused) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.safetensors");
  write_dataset(path, some_data(false, false));
  const Dataset opened = outside(path);
  std::ofstream(path, std::ios::app) << "more";
  EXPECT_THAT(error_of([&] { to_memory(opened); }), HasSubstr("changed while it was read"));
}

}  // namespace
}  // namespace mixbern::io_test
