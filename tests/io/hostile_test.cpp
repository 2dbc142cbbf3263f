// Small files that declare much: memory must follow the bytes that arrive, not the sizes that are promised.
#include <gmock/gmock.h>

#include "io/safetensors.hpp"
#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

using testing::HasSubstr;

constexpr double kAllowedMiB = 48;

// The error of reading `bytes`, which must cost little memory.
std::string cheap_error(std::string_view bytes, const std::string& name, const ReadOptions& options = {}) {
  const double before = peak_memory();
  const std::string message = read_error(bytes, options, name);
  EXPECT_LT(peak_memory() - before, kAllowedMiB) << message;
  EXPECT_LT(message.size(), 400U);
  return message;
}

std::string npy(std::string_view shape, bool fortran) {
  std::string header = "{'descr': '|u1', 'fortran_order': ";
  header.append(fortran ? "True" : "False").append(", 'shape': ").append(shape).append("}\n");
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  return bytes.append(header).append("\0\1\0\1");
}

// On most machines there is no memory for so many features.
const auto kTooMany = testing::AnyOf(HasSubstr("ends after"), HasSubstr("this machine has memory for"));

TEST(HostileTest, HugeArrays) {
  for (const bool fortran : {false, true}) {
    EXPECT_THAT(cheap_error(npy("(1000000000000, 784)", fortran), "x.npy"), HasSubstr("ends after"));
    EXPECT_THAT(cheap_error(npy("(3, 20000000)", fortran), "x.npy"), HasSubstr("ends after"));
    EXPECT_THAT(cheap_error(npy("(3, 2000000000)", fortran), "x.npy"), kTooMany);
    EXPECT_THAT(cheap_error(npy("(18446744073709551615, 2)", fortran), "x.npy"), HasSubstr("cannot be used"));
    EXPECT_THAT(cheap_error(npy("(2, 18446744073709551615)", fortran), "x.npy"), HasSubstr("too large"));
  }
  EXPECT_THAT(
      cheap_error(std::string_view("\0\0\x08\x03\xff\xff\xff\xff\0\0\xff\xff\0\0\x7f\xff\x01\x02", 18), "x"),
      kTooMany);
  EXPECT_THAT(cheap_error(std::string_view("\0\0\x08\xff\xff\xff\xff\xff", 8), "x"), HasSubstr("ends after"));
}

TEST(HostileTest, HugeMatrices) {
  const std::string head = "%%MatrixMarket matrix coordinate pattern general\n";
  EXPECT_THAT(cheap_error(head + "1000000000000 5 1\n1 1\n", "x.mtx"), HasSubstr("cannot be used"));
  EXPECT_THAT(cheap_error(head + "4000000000 5 1\n1 1\n", "x.mtx"),
              HasSubstr("nearly all rows would be empty"));
  EXPECT_THAT(cheap_error(head + "4000000000 5 1\n3999999999 1\n", "x.mtx"), HasSubstr("only 1 entries"));
  EXPECT_THAT(cheap_error(head + "5 99999999999999999999 1\n1 1\n", "x.mtx"), HasSubstr("no sizes"));
  EXPECT_THAT(cheap_error(head + "5 5 1000000000000\n1 1\n", "x.mtx"), HasSubstr("ends after"));
  EXPECT_THAT(cheap_error("%%MatrixMarket matrix array real general\n4000000000 2000000000\n1\n", "x.mtx"),
              kTooMany);
}

TEST(HostileTest, HugeSparseIndicesAreCheap) {
  const double before = peak_memory();
  EXPECT_EQ(read("0 10000000:1\n1 5:1\n", {}, "x.svm").n_features(), 10'000'000U);
  EXPECT_LT(peak_memory() - before, kAllowedMiB);
}

TEST(HostileTest, MoreFeaturesThanTheMachineHasMemoryFor) {
  if (machine_memory() / 64 >= std::uint64_t{1} << 31) GTEST_SKIP() << "this machine has memory for all";
  EXPECT_THAT(cheap_error("0 1:1\n0 2147483648:1\n1 5:1\n", "x.svm"),
              HasSubstr("x.svm:2: column index 2147483648 asks for as many features, and this machine has"));
  const std::string head = "%%MatrixMarket matrix coordinate pattern general\n";
  EXPECT_THAT(cheap_error(head + "2 2147483647 1\n1 1\n", "x.mtx"),
              HasSubstr("x.mtx: 2147483647 features, and this machine has memory for"));
}

TEST(HostileTest, ATextThatIsTooWideIsToldBeforeItsCellsAreRead) {
  std::string text;
  for (int i = 0; i < 3'000'000; ++i) text += "0,";
  EXPECT_THAT(cheap_error(text + "1\n" + text + "0\n", "x.csv"),
              HasSubstr("3000001 columns are more than the 1000000 that text may have"));
}

TEST(HostileTest, HugeFingerprintsAndHeaders) {
  EXPECT_THAT(cheap_error("#FPS1\n#num_bits=200000000\n00\tx\n", "x.fps"), HasSubstr("digits"));
  EXPECT_THAT(cheap_error(std::string_view("\xff\xe0\xf5\x05\0\0\0\0{\"a\":1}", 15), "x"),
              HasSubstr("ends after"));
  EXPECT_THAT(cheap_error(std::string_view("\xff\xff\xf5\x05\0\0\0\0{\"a\":1}", 15), "x"),
              HasSubstr("100000000 bytes"));
  EXPECT_THAT(cheap_error(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff{\"a\":1}", 15), "x.safetensors"),
              HasSubstr("100000000 bytes"));
}

TEST(HostileTest, HugeTensors) {
  const std::string header =
      R"({"__metadata__":{"format":"mixbern-data","format_version":"1","n_features":"64"},)"
      R"("rows":{"dtype":"U64","shape":[100000000000,1],"data_offsets":[0,800000000000]}})";
  std::string bytes(1, static_cast<char>(header.size()));
  bytes += std::string(7, '\0') + header + "12345678";
  EXPECT_THAT(cheap_error(bytes, "x"), HasSubstr("ends after"));
  const std::string sparse =
      R"({"__metadata__":{"format":"mixbern-data","format_version":"1","n_features":"64"},)"
      R"("offsets":{"dtype":"U64","shape":[100000000000],"data_offsets":[0,800000000000]}})";
  bytes = std::string(1, static_cast<char>(sparse.size()));
  bytes += std::string(7, '\0') + sparse + "12345678";
  EXPECT_THAT(cheap_error(bytes, "x"), HasSubstr("ends after"));
}

TEST(HostileTest, AQuoteThatNeverCloses) {
  std::string text = "a,b\n0,1\n1,\"0\n";
  for (int i = 0; i < 100000; ++i) text += "0,1\n";
  EXPECT_THAT(cheap_error(text, "x.csv"), HasSubstr("x.csv:3:2: a quote that opens here"));
}

// Every reader, on bytes that are nothing.
TEST(HostileTest, NoiseIsAnErrorInEveryFormat) {
  std::mt19937_64 random(5);
  const DataFormat formats[] = {DataFormat::kIdx,          DataFormat::kNpy,    DataFormat::kDelimited,
                                DataFormat::kMatrixMarket, DataFormat::kLibsvm, DataFormat::kFps,
                                DataFormat::kPacked};
  for (int repeat = 0; repeat < 50; ++repeat) {
    std::string noise;
    for (std::size_t i = random() % 300; i > 0; --i) noise += static_cast<char>(random() % 256);
    noise += '\0';
    noise += "\x01\n";
    for (const DataFormat format : formats) {
      ReadOptions options;
      options.format = format;
      EXPECT_FALSE(cheap_error(noise, "x", options).empty());
    }
  }
}

}  // namespace
}  // namespace mixbern::io_test
