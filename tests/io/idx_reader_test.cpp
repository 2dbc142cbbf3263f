#include <gmock/gmock.h>

#include <numeric>

#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

using testing::HasSubstr;

std::string idx(char type, const std::vector<std::uint32_t>& sizes, std::string_view elements) {
  std::string bytes = {'\0', '\0', type, static_cast<char>(sizes.size())};
  for (const std::uint32_t size : sizes) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(size >> shift & 0xFF);
  }
  return bytes.append(elements);
}

const std::string kBytes("\0\xff\0\xff\xff\0\0\0\xff\xff\0\0", 12);

TEST(IdxReaderTest, ImagesHaveAShape) {
  const Dataset data = read(idx(0x08, {2, 2, 3}, kBytes), {}, "images");
  EXPECT_EQ(cells(data), (CellRows{"010110", "001100"}));
  EXPECT_EQ(data.shape, (ImageShape{2, 3}));
  EXPECT_EQ(data.codings[1], (Coding{"0", "255"}));
}

TEST(IdxReaderTest, OtherNumbersOfDimensions) {
  EXPECT_EQ(cells(read(idx(0x08, {4, 3}, kBytes))), (CellRows{"010", "110", "001", "100"}));
  EXPECT_FALSE(read(idx(0x08, {4, 3}, kBytes)).shape.known());
  EXPECT_EQ(read(idx(0x08, {12}, kBytes)).n_features(), 1U);
  EXPECT_EQ(read(idx(0x08, {2, 1, 3, 2}, kBytes)).shape, (ImageShape{3, 2}));
  EXPECT_FALSE(read(idx(0x08, {1, 3, 2, 2}, kBytes)).shape.known());
}

TEST(IdxReaderTest, ElementsAreBigEndian) {
  ReadOptions options;
  options.threshold = 1;
  EXPECT_EQ(cells(read(idx(0x0B, {2, 1}, std::string("\x00\x02\xff\x02", 4)), options)),
            (CellRows{"1", "0"}));
  EXPECT_EQ(cells(read(idx(0x0C, {2, 1}, std::string("\0\0\x01\0\x80\0\0\x02", 8)), options)),
            (CellRows{"1", "0"}));
  // 2.5 and NaN
  EXPECT_EQ(cells(read(idx(0x0D, {2, 1}, std::string("\x40\x20\0\0\x7f\xc0\0\0", 8)), options)),
            (CellRows{"1", "?"}));
  EXPECT_EQ(cells(read(idx(0x0E, {1, 1}, std::string("\x40\x04\0\0\0\0\0\0", 8)), options)), (CellRows{"1"}));
  EXPECT_EQ(cells(read(idx(0x09, {1, 2}, "\x80\x7f"), options)), (CellRows{"01"}));
}

TEST(IdxReaderTest, GreyValuesNeedAThreshold) {
  const std::string grey = idx(0x08, {3, 2}, std::string("\0\x0a\0\x80\0\xff", 6));
  EXPECT_THAT(read_error(grey, {}, "images.gz"),
              HasSubstr("images.gz: row 3, column 2: a third value, 255, after 10 and 128; --threshold T"));
  ReadOptions options;
  options.threshold = 127;
  EXPECT_EQ(cells(read(grey, options)), (CellRows{"00", "01", "01"}));
}

TEST(IdxReaderTest, KeepsTheRowsAskedForAndReadsNoFurther) {
  ReadOptions options;
  options.first_row = 1;
  options.end_row = 3;
  EXPECT_EQ(cells(read(idx(0x08, {4000, 3}, kBytes), options)), (CellRows{"110", "001"}));
}

TEST(IdxReaderTest, DamageIsAnError) {
  const std::string whole = idx(0x08, {2, 2, 3}, kBytes);
  for (std::size_t length = 4; length < whole.size(); ++length) {
    EXPECT_THAT(read_error(whole.substr(0, length), {}, "images"), HasSubstr("ends after")) << length;
  }
  EXPECT_THAT(read_error(whole + "x", {}, "images"), HasSubstr("bytes follow"));
  EXPECT_THAT(read_error(idx(0x08, {0, 3}, "")), HasSubstr("cannot be used"));
  EXPECT_THAT(read_error(idx(0x08, {3, 0}, "")), HasSubstr("cannot be used"));
  EXPECT_THAT(read_error(idx(0x08, {1, 65536, 65536}, "")), HasSubstr("too large"));
  EXPECT_THAT(read_error(idx(0x0A, {1, 1}, "x"), {}, "a.idx"), HasSubstr("no IDX file"));
}

TEST(IdxReaderTest, ReadsMnist) {
  const std::string path = MIXBERN_SHARED_DATA_DIR "/mnist/train-images-idx3-ubyte.gz";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
  ReadOptions options;
  options.threshold = 127;
  options.end_row = 20000;
  const Dataset data = read_dataset(path, options);
  EXPECT_EQ(data.n_rows(), 20000U);
  EXPECT_EQ(data.shape, (ImageShape{28, 28}));
  EXPECT_EQ(count_ones(data.ones), 2087526U);
}

}  // namespace
}  // namespace mixbern::io_test
