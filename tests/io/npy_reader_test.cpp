#include <fmt/format.h>
#include <gmock/gmock.h>

#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string npy(std::string_view descr, std::string_view shape, std::string_view elements,
                bool fortran = false, char version = 1) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}\n", descr,
                                   fortran ? "True" : "False", shape);
  std::string bytes = "\x93NUMPY";
  bytes += version;
  bytes += '\0';
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  if (version > 1) bytes += std::string(2, '\0');
  return bytes.append(header).append(elements);
}

template <class T>
std::string bytes_of(std::vector<T> values, bool big_endian = false) {
  std::string bytes;
  for (const T value : values) {
    std::string element(reinterpret_cast<const char*>(&value), sizeof value);
    if (big_endian) std::ranges::reverse(element);
    bytes += element;
  }
  return bytes;
}

template <class T>
void expect_readable(const std::string& type) {
  const std::vector<T> values = {0, 1, 1, 1, 0, 0};
  const CellRows expected = {"011", "100"};
  EXPECT_EQ(cells(read(npy("<" + type, "(2, 3)", bytes_of(values)))), expected) << type;
  EXPECT_EQ(cells(read(npy(">" + type, "(2, 3)", bytes_of(values, true)))), expected) << type;
  const std::vector<T> columns = {0, 1, 1, 0, 1, 0};
  EXPECT_EQ(cells(read(npy("<" + type, "(2, 3)", bytes_of(columns), true))), expected) << type;
}

TEST(NpyReaderTest, ReadsEveryTypeInBothByteOrdersAndLayouts) {
  expect_readable<std::uint8_t>("u1");
  expect_readable<std::uint16_t>("u2");
  expect_readable<std::uint32_t>("u4");
  expect_readable<std::uint64_t>("u8");
  expect_readable<std::int8_t>("i1");
  expect_readable<std::int16_t>("i2");
  expect_readable<std::int32_t>("i4");
  expect_readable<std::int64_t>("i8");
  expect_readable<float>("f4");
  expect_readable<double>("f8");
}

TEST(NpyReaderTest, ReadsHalfFloats) {
  const std::vector<std::uint16_t> values = {0x0000, 0x3c00, 0x7e00, 0xbc00, 0x0001, 0x7bff};
  ReadOptions options;
  options.threshold = 0;
  EXPECT_EQ(cells(read(npy("<f2", "(1, 6)", bytes_of(values)), options)), (CellRows{"01?011"}));
}

TEST(NpyReaderTest, BooleansNeedNoCoding) {
  ReadOptions options;
  options.codings = {{"no", "yes"}, {"no", "yes"}};
  const Dataset data = read(npy("|b1", "(2, 2)", std::string("\0\1\1\1", 4)), options);
  EXPECT_EQ(cells(data), (CellRows{"01", "11"}));
  EXPECT_THAT(data.codings, IsEmpty());
}

TEST(NpyReaderTest, ReadsAllVersions) {
  for (const char version : {'\1', '\2', '\3'}) {
    EXPECT_EQ(cells(read(npy("|u1", "(1, 2)", std::string("\0\1", 2), false, version))), (CellRows{"01"}));
  }
  EXPECT_THAT(read_error(npy("|u1", "(1, 2)", "  ", false, '\4')),
              HasSubstr("another magic number or version"));
}

TEST(NpyReaderTest, ShapesOfOneTwoAndThreeDimensions) {
  EXPECT_EQ(cells(read(npy("|u1", "(2,)", std::string("\0\1", 2)))), (CellRows{"0", "1"}));
  const std::string images("\0\1\1\0\0\1\1\1\0\0\0\1", 12);
  const Dataset data = read(npy("|u1", "(2, 2, 3)", images));
  EXPECT_EQ(data.shape, (ImageShape{2, 3}));
  EXPECT_EQ(cells(data), (CellRows{"011001", "110001"}));
  EXPECT_THAT(read_error(npy("|u1", "()", "x")), HasSubstr("cannot be used"));
}

TEST(NpyReaderTest, FortranImagesAreTurned) {
  // The images of the test above: first rows, then heights, then widths run fastest.
  const std::string images("\0\1\0\0\1\1\0\0\1\0\1\1", 12);
  const Dataset data = read(npy("|u1", "(2, 2, 3)", images, true));
  EXPECT_EQ(cells(data), (CellRows{"011001", "110001"}));
  EXPECT_EQ(data.shape, (ImageShape{2, 3}));
  // Codings go with the features, not with the order in the file.
  const std::string coded("\5\7\1\1\2\2\1\1\1\1\1\1", 12);
  EXPECT_EQ(read(npy("|u1", "(2, 2, 3)", coded, true)).codings[0], (Coding{"5", "7"}));
  EXPECT_EQ(read(npy("|u1", "(2, 2, 3)", coded, true)).codings[1], (Coding{"2", ""}));
  EXPECT_EQ(read(npy("|u1", "(2, 2, 3)", coded, true)).codings[3], (Coding{"", "1"}));
}

TEST(NpyReaderTest, NanIsMissingInEitherLayout) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Dataset rows = read(npy("<f8", "(3, 2)", bytes_of<double>({nan, 1, 1, nan, 0, 0})));
  EXPECT_EQ(cells(rows), (CellRows{"?1", "1?", "00"}));
  const Dataset columns = read(npy("<f8", "(3, 2)", bytes_of<double>({nan, 1, 0, 1, nan, 0}), true));
  EXPECT_EQ(cells(columns), (CellRows{"?1", "1?", "00"}));
}

TEST(NpyReaderTest, InfinityIsAnErrorWithItsPlace) {
  const double inf = std::numeric_limits<double>::infinity();
  const std::string bytes = npy("<f8", "(2, 2)", bytes_of<double>({0, 1, 1, -inf}));
  EXPECT_THAT(read_error(bytes, {}, "x.npy"), HasSubstr("x.npy: row 2, column 2: the value is infinite"));
}

TEST(NpyReaderTest, ColumnsAreTurnedToTheNaturalOrder) {
  const Dataset data = read(npy("|i1", "(3, 2)", std::string("\2\xff\1\1\2\xff", 6)));
  EXPECT_EQ(cells(data), (CellRows{"10", "01", "10"}));
  EXPECT_EQ(data.codings, (std::vector<Coding>{{"1", "2"}, {"-1", "1"}}));
}

TEST(NpyReaderTest, StoredCodingsAreApplied) {
  ReadOptions options;
  options.codings = {{"1", "2"}, {"0", ""}};
  const Dataset data = read(npy("|u1", "(2, 2)", std::string("\2\0\2\1", 4)), options);
  EXPECT_EQ(cells(data), (CellRows{"10", "11"}));
  EXPECT_THAT(read_error(npy("|u1", "(1, 2)", std::string("\3\0", 2)), options),
              HasSubstr("row 1, column 1: 3 is neither '1' nor '2'"));
  options.codings = {{"no", "yes"}, {"no", "yes"}};
  EXPECT_THAT(read_error(npy("|u1", "(1, 2)", std::string("\1\0", 2)), options),
              HasSubstr("neither 'no' nor 'yes'"));
}

TEST(NpyReaderTest, KeepsTheRowsAskedForInEitherLayout) {
  ReadOptions options;
  options.first_row = 1;
  options.end_row = 2;
  EXPECT_EQ(cells(read(npy("|u1", "(3, 2)", std::string("\0\0\0\1\7\7", 6)), options)), (CellRows{"01"}));
  EXPECT_EQ(cells(read(npy("|u1", "(3, 2)", std::string("\0\0\7\0\1\7", 6), true), options)),
            (CellRows{"01"}));
}

TEST(NpyReaderTest, DamageIsAnError) {
  const std::string whole = npy("|u1", "(2, 2)", std::string("\0\1\1\0", 4));
  for (std::size_t length = 6; length < whole.size(); ++length) {
    EXPECT_THAT(read_error(whole.substr(0, length)), HasSubstr("ends after")) << length;
  }
  EXPECT_THAT(read_error(whole + "x"), HasSubstr("bytes follow"));
  for (const char* descr : {"<U4", "|O", "<c16", "<f16", "|V8", "<u3", "x"}) {
    EXPECT_THAT(read_error(npy(descr, "(2, 2)", "")), HasSubstr("cannot be read")) << descr;
  }
  for (const char* shape : {"(2, -2)", "(2, x)", "2", "(99999999999999999999, 2)", "(2, 2"}) {
    EXPECT_THAT(read_error(npy("|u1", shape, "")), HasSubstr("bad NPY header")) << shape;
  }
  EXPECT_THAT(read_error(npy("|u1", "(2, 4294967296, 4294967296)", "")), HasSubstr("too large"));
  EXPECT_THAT(read_error("a,b\n0,1\n", {}, "x.npy"), HasSubstr("bad NPY header"));
}

}  // namespace
}  // namespace mixbern::io_test
