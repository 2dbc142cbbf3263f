#include <gmock/gmock.h>

#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

using testing::HasSubstr;

DataFormat detected(std::string_view bytes, const std::string& name) {
  io::Input input = io::open_memory(name, bytes);
  return io::detect_format(input);
}

TEST(FormatDetectionTest, MagicBytesComeFirst) {
  EXPECT_EQ(detected("\x93NUMPY\x01", "x.csv"), DataFormat::kNpy);
  EXPECT_EQ(detected(std::string_view("\0\0\x08\x03", 4), "x.csv"), DataFormat::kIdx);
  EXPECT_EQ(detected("%%MatrixMarket matrix", "x"), DataFormat::kMatrixMarket);
  EXPECT_EQ(detected("#FPS1\n", "x"), DataFormat::kFps);
  EXPECT_EQ(detected(std::string_view("\x40\0\0\0\0\0\0\0{", 9), "x"), DataFormat::kPacked);
}

TEST(FormatDetectionTest, ThenTheExtension) {
  for (const char* name : {"a.csv", "a.TSV", "a.txt.gz", "b/c.data", "a.b.csv", "a.tab", "a.dat"}) {
    EXPECT_EQ(detected("1:1", name), DataFormat::kDelimited) << name;
  }
  EXPECT_EQ(detected("0,1", "x.svm.gz"), DataFormat::kLibsvm);
  EXPECT_EQ(detected("0,1", "x.libsvm"), DataFormat::kLibsvm);
  EXPECT_EQ(detected("00", "x.fps"), DataFormat::kFps);
}

TEST(FormatDetectionTest, ThenTheLookOfAText) {
  EXPECT_EQ(detected("0,1\n1,0\n", "-"), DataFormat::kDelimited);
  EXPECT_EQ(detected("+1 3:1 7:1\n", "-"), DataFormat::kLibsvm);
  EXPECT_EQ(detected("a:b c:d\n", "-"), DataFormat::kDelimited);
  EXPECT_EQ(detected("0,1\n", "/dev/fd/63"), DataFormat::kDelimited);
}

TEST(FormatDetectionTest, UnknownFormatsListTheKnownOnes) {
  const std::string message = error_of([] { detected("0,1\n", "x.xyz"); });
  EXPECT_THAT(message, HasSubstr("'.xyz'"));
  EXPECT_THAT(message, HasSubstr("--format idx, npy, csv, mtx, libsvm, fps, packed"));
  EXPECT_THAT(error_of([] { detected("\x01\x02\x03", "-"); }),
              HasSubstr("standard input: the format is not known"));
  EXPECT_THAT(error_of([] { detected("PK\x03\x04", "x.xlsx"); }), HasSubstr("Excel"));
  EXPECT_THAT(error_of([] { detected("PAR1", "x"); }), HasSubstr("Parquet"));
  EXPECT_THAT(error_of([] { detected("", "-"); }), HasSubstr("the file is empty"));
}

TEST(FormatDetectionTest, NamesOfFormats) {
  for (const auto format :
       {DataFormat::kIdx, DataFormat::kNpy, DataFormat::kDelimited, DataFormat::kMatrixMarket,
        DataFormat::kLibsvm, DataFormat::kFps, DataFormat::kPacked}) {
    EXPECT_EQ(data_format_from_string(to_string(format)), format);
  }
  EXPECT_FALSE(data_format_from_string("xls"));
}

}  // namespace
}  // namespace mixbern::io_test
