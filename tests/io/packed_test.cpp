#include <fmt/format.h>
#include <gmock/gmock.h>

#include "io/support.hpp"
#include "io/writers.hpp"

namespace mixbern::io_test {
namespace {

using testing::HasSubstr;

std::string packed(const Dataset& data) {
  std::string bytes;
  io::write_packed([&](std::string_view part) { bytes += part; }, data);
  return bytes;
}

std::string container(const std::string& header, const std::string& tensors) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 0xFF);
  return bytes + header + tensors;
}

const std::string kMetadata =
    R"("__metadata__":{"format":"mixbern-data","format_version":"1","n_features":"3"})";

std::string rows_entry(const std::string& shape, const std::string& offsets,
                       const std::string& name = "rows") {
  return fmt::format(R"("{}":{{"dtype":"U64","shape":{},"data_offsets":{}}})", name, shape, offsets);
}

std::string object(const std::string& a, const std::string& b) {
  return fmt::format("{{{},{}}}", a, b);
}

Dataset full_data(bool sparse) {
  std::mt19937_64 random(1);
  Dataset data = random_data(random, 7, 70, 0.2);
  if (sparse) {
    data.ones = to_sparse(data.ones);
    data.missing = to_sparse(*data.missing);
  }
  data.weights = {1, 2, 0.5, 0, 1, 1, 3};
  data.labels = {0, -1, 5, 5, 2, 0, 0};
  data.label_names = {"a", "", "\"c\"", "a", "naïve", "f"};
  for (std::size_t d = 0; d < 70; ++d) {
    data.feature_names.push_back(d % 9 == 0 ? "" : fmt::format("naïve \"{}\"\n", d));
    data.codings.push_back({fmt::format("{}", d), d % 5 == 0 ? "" : "yes"});
  }
  data.threshold = 0.1;
  data.shape = {7, 10};
  return data;
}

TEST(PackedTest, HoldsEverything) {
  for (const bool sparse : {false, true}) {
    const Dataset data = full_data(sparse);
    const Dataset back = read(packed(data), {}, "x");
    expect_same(data, back);
    EXPECT_EQ(data.ones, back.ones);
    EXPECT_EQ(data.missing, back.missing);
  }
}

TEST(PackedTest, EqualDataGivesEqualBytesAndAlignedTensors) {
  const std::string bytes = packed(full_data(true));
  EXPECT_EQ(bytes, packed(full_data(true)));
  EXPECT_EQ(bytes[0] % 8, 0);
}

TEST(PackedTest, KeepsTheRowsAskedFor) {
  for (const bool sparse : {false, true}) {
    const Dataset data = full_data(sparse);
    ReadOptions options;
    options.first_row = 2;
    options.end_row = 5;
    expect_same(read(packed(data), options, "x"), slice(data, 2, 5));
    options.end_row = 1000;
    expect_same(read(packed(data), options, "x"), slice(data, 2, 7));
  }
}

TEST(PackedTest, AThresholdSaysNothingToBits) {
  ReadOptions options;
  options.threshold = 127;
  expect_same(read(packed(full_data(false)), options, "x"), full_data(false));
}

TEST(PackedTest, CodingsAreTurnedToThoseOfAModel) {
  Dataset data;
  data.ones = BitMatrix(2, 3, {0b001, 0b110});
  data.missing = BitMatrix(2, 3, {0b100, 0b000});
  data.codings = {{"no", "yes"}, {"yes", "no"}, {"0", ""}};
  ReadOptions options;
  options.codings = {{"no", "yes"}, {"no", "yes"}, {"", "0"}};
  const Dataset back = read(packed(data), options, "x");
  EXPECT_EQ(cells(back), (CellRows{"11?", "000"}));
  EXPECT_EQ(back.codings, options.codings);
  options.codings[0] = {"1", "2"};
  EXPECT_THAT(read_error(packed(data), options, "x"),
              HasSubstr("column 1 holds 'no' and 'yes' where '1' and '2'"));
}

TEST(PackedTest, EveryTruncationIsAnError) {
  for (const bool sparse : {false, true}) {
    const std::string bytes = packed(full_data(sparse));
    for (std::size_t length = 9; length < bytes.size(); length += length < 300 ? 1 : 13) {
      EXPECT_THAT(read_error(bytes.substr(0, length), {}, "x"), HasSubstr("ends after")) << length;
    }
    EXPECT_THAT(read_error(bytes + "x", {}, "x"), HasSubstr("bytes follow"));
  }
}

struct BadCase {
  const char* name;
  std::string bytes;
  const char* message;
};

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  while (times-- > 0) all += text;
  return all;
}

TEST(PackedTest, HostileHeadersAreRefused) {
  const std::string word(8, '\0');
  const std::vector<BadCase> cases = {
      {"no json", container("{not json}      ", ""), "no JSON"},
      {"deep", container(fmt::format("{{{}", std::string(50000, '[')), ""), "JSON"},
      {"wide",
       container(fmt::format(R"({{"a":[{}{}]}})", std::string(30000, '['), std::string(30000, ']')), ""),
       "at most 32 levels"},
      {"many", container(R"({"a":[0)" + repeated(",0", 10'000) + "]}", ""), "10000 entries"},
      {"no metadata", container("{" + rows_entry("[1,1]", "[0,8]") + "}", word), "another program"},
      {"hole", container(object(kMetadata, rows_entry("[1,1]", "[8,16]")), word + word), "starts at byte 8"},
      {"overlap",
       container("{" + kMetadata + "," + rows_entry("[1,1]", "[0,8]") + "," +
                     rows_entry("[1,1]", "[0,8]", "b") + "}",
                 word),
       "starts at byte 0 and not at 8"},
      {"reversed", container(object(kMetadata, rows_entry("[1,1]", "[8,0]")), word), "not begin and end"},
      {"size", container(object(kMetadata, rows_entry("[2,1]", "[0,8]")), word), "do not agree"},
      {"overflow", container(object(kMetadata, rows_entry("[4294967296,4294967296]", "[0,0]")), ""),
       "do not agree"},
      {"negative", container(object(kMetadata, rows_entry("[-1,1]", "[0,8]")), word), "no sizes"},
      {"many sizes", container(object(kMetadata, rows_entry("[1,1,1,1,1,1,1,1,1]", "[0,8]")), word),
       "no sizes"},
      {"twice",
       container(
           "{" + kMetadata + "," + rows_entry("[1,1]", "[0,8]") + "," + rows_entry("[1,1]", "[0,8]") + "}",
           word),
       "two entries are called"},
      {"width", container(object(kMetadata, rows_entry("[1,2]", "[0,16]")), word + word), "is needed"},
      {"padding",
       container(object(kMetadata, rows_entry("[1,1]", "[0,8]")), std::string("\x08\0\0\0\0\0\0\0", 8)),
       "padding bit"},
      {"unknown tensor", container(object(kMetadata, rows_entry("[1]", "[0,8]", "x")), word),
       "either 'rows'"},
      {"no rows", container(object(kMetadata, rows_entry("[0,1]", "[0,0]")), ""), "no rows"},
      {"type",
       container(object(kMetadata, R"("rows":{"dtype":"U32","shape":[2,1],"data_offsets":[0,8]})"), word),
       "is needed"},
      {"unknown type",
       container(object(kMetadata, R"("rows":{"dtype":"Q9","shape":[2,1],"data_offsets":[0,8]})"), word),
       "do not agree"},
  };
  for (const BadCase& bad : cases)
    EXPECT_THAT(read_error(bad.bytes, {}, "x"), HasSubstr(bad.message)) << bad.name;
}

TEST(PackedTest, HostileMetadataIsRefused) {
  const auto with = [](const std::string& metadata) {
    return read_error(
        container(object(fmt::format(R"("__metadata__":{{{}}})", metadata), rows_entry("[1,1]", "[0,8]")),
                  std::string(8, '\0')),
        {}, "x");
  };
  const std::string start = R"("format":"mixbern-data","format_version":"1","n_features":)";
  EXPECT_THAT(with(R"("format":"mixbern-model","format_version":"1","n_features":"3")"),
              HasSubstr("this is a model, not data"));
  EXPECT_THAT(with(R"("format":"mixbern-data","format_version":"3","n_features":"3")"), HasSubstr("newer"));
  const std::string items = R"("format":"mixbern-data","format_version":"2","n_features":"3","items":)";
  for (const char* bad :
       {R"("x")", R"("[1]")", R"("[{\"name\":\"a\",\"first\":2,\"categories\":[\"x\",\"y\"]}]")",
        R"("[{\"name\":\"a\",\"first\":0,\"categories\":[\"x\"]}]")",
        R"("[{\"name\":\"a\",\"first\":-1,\"categories\":[\"x\",\"y\"]}]")"})
    EXPECT_THAT(with(items + bad), HasSubstr("metadata items does not fit"));
  EXPECT_THAT(with(start + R"("0")"), HasSubstr("n_features"));
  EXPECT_THAT(with(start + R"("99999999999")"), HasSubstr("n_features"));
  EXPECT_THAT(with(start + "3"), HasSubstr("is no text"));
  EXPECT_THAT(with(start + R"("3","feature_names":"[\"a\"]")"), HasSubstr("feature_names"));
  EXPECT_THAT(with(start + R"("3","feature_names":"[1,2,3]")"), HasSubstr("feature_names"));
  EXPECT_THAT(with(start + R"("3","codings":"[[\"a\"],[],[]]")"), HasSubstr("codings"));
  EXPECT_THAT(with(start + R"("3","threshold":"x")"), HasSubstr("threshold"));
  for (const char* shape : {"2x2", "3", "x", "0x3", "3x", "3x1x1", "-3x-1"}) {
    EXPECT_THAT(with(fmt::format(R"({}"3","shape":"{}")", start, shape)), HasSubstr("shape")) << shape;
  }
}

TEST(PackedTest, HostileTensorsAreRefused) {
  const auto broken = [](bool sparse, auto change) {
    Dataset data = full_data(sparse);
    change(data);
    return read_error(packed(data), {}, "x");
  };
  EXPECT_THAT(broken(false, [](Dataset& data) { data.missing = data.ones; }),
              HasSubstr("missing cell is set to 1"));
  EXPECT_THAT(broken(false, [](Dataset& data) { data.weights[3] = -1; }),
              HasSubstr("weights must be finite"));
  std::string changed = packed(full_data(true));  // ends with the column of the last one
  changed.replace(changed.size() - 4, 4, "\xff\xff\xff\xff");
  EXPECT_THAT(read_error(changed, {}, "x"), HasSubstr("below n_features"));
}

}  // namespace
}  // namespace mixbern::io_test
