#include "report/tensor.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string_view>

namespace mixbern::report {
namespace {

std::string base64_of(std::string_view text) {
  return base64(std::as_bytes(std::span(text)));
}

TEST(Base64, GivesTheVectorsOfRfc4648) {
  EXPECT_EQ(base64_of(""), "");
  EXPECT_EQ(base64_of("f"), "Zg==");
  EXPECT_EQ(base64_of("fo"), "Zm8=");
  EXPECT_EQ(base64_of("foo"), "Zm9v");
  EXPECT_EQ(base64_of("foob"), "Zm9vYg==");
  EXPECT_EQ(base64_of("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64_of("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64_of("\xFF\xFF\xFE"), "///+");
}

TEST(Tensor, NamesItsTypeShapeAndLittleEndianBytes) {
  const std::vector<std::uint16_t> values{1, 258};
  const Json json = tensor(std::span<const std::uint16_t>(values), {2});
  EXPECT_EQ(json.dump(), R"({"dtype":"uint16","shape":[2],"base64":"AQACAQ=="})");
}

TEST(Tensor, RoundsDoublesAndKeepsWhatIsNotFinite) {
  const std::vector<double> values{0.1, std::numeric_limits<double>::quiet_NaN(), -HUGE_VAL};
  const Json json = tensor(std::span<const double>(values), {3, 1});
  EXPECT_EQ(json.dump(), R"({"dtype":"float32","shape":[3,1],"base64":"zczMPQAAwH8AAID/"})");
}

TEST(Tensor, MayBeEmpty) {
  EXPECT_EQ(tensor(std::span<const float>(), {0}).dump(), R"({"dtype":"float32","shape":[0],"base64":""})");
}

}  // namespace
}  // namespace mixbern::report
