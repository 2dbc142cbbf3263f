#include <gmock/gmock.h>

#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

using testing::HasSubstr;
using Numbers = std::vector<std::int64_t>;
using Names = std::vector<std::string>;
using Weights = std::vector<double>;

Labels labels(std::string_view bytes) {
  io::Input input = io::open_memory("labels", bytes);
  return io::read_labels(input);
}

Weights weights(std::string_view bytes) {
  io::Input input = io::open_memory("weights", bytes);
  return io::read_weights(input);
}

std::string weights_error(std::string_view bytes) {
  return error_of([&] { weights(bytes); });
}

std::string npy(const std::string& descr, const std::string& shape, std::string_view elements) {
  std::string header = "{'descr': '";
  header.append(descr).append("', 'fortran_order': False, 'shape': ").append(shape).append(", }\n");
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  return bytes.append(header).append(elements);
}

TEST(LabelsTest, FromIdxAndNpy) {
  EXPECT_EQ(labels(std::string("\0\0\x08\x01\0\0\0\x03\x05\x00\x09", 11)).values, (Numbers{5, 0, 9}));
  EXPECT_EQ(labels(npy("<i2", "(2,)", std::string("\xff\xff\x07\x00", 4))).values, (Numbers{-1, 7}));
  EXPECT_EQ(labels(npy("<f4", "(2, 1)", std::string("\0\0\x80\x3f\0\0\xc0\x7f", 8))).values,
            (Numbers{1, -1}));
  EXPECT_THAT(error_of([] { labels(npy("<f4", "(1,)", std::string("\0\0\0\x3f", 4))); }),
              HasSubstr("no whole number"));
  EXPECT_THAT(error_of([] { labels(npy("|u1", "(2, 2)", "abcd")); }), HasSubstr("one value a row"));
  EXPECT_THAT(error_of([] { labels(npy("|u1", "(3,)", "ab")); }), HasSubstr("ends after"));
  EXPECT_THAT(error_of([] { labels(npy("|u1", "(2,)", "abc")); }), HasSubstr("bytes follow"));
  EXPECT_THAT(error_of([] { labels(npy("|u1", "(0,)", "")); }), HasSubstr("no labels"));
}

TEST(LabelsTest, FromText) {
  EXPECT_EQ(labels("3\n-1\n0\n").values, (Numbers{3, -1, 0}));
  EXPECT_EQ(labels("class\n3\n0\n").values, (Numbers{3, 0}));
  EXPECT_EQ(labels("3\r\nNA\r\n\"\"\r\n1.0").values, (Numbers{3, -1, -1, 1}));
  EXPECT_EQ(labels("\xEF\xBB\xBFpear\napple\n\"pear\"\n").values, (Numbers{1, 0, 1}));
  EXPECT_EQ(labels("species\npear\napple\npear\n").values, (Numbers{1, 0, 1}));
  EXPECT_EQ(labels("species\npear\napple\npear\n").names, (Names{"apple", "pear"}));
  EXPECT_EQ(labels("b10\nb9\n\"\"\nb10\n7\n").names, (Names{"7", "b10", "b9"}));
  EXPECT_EQ(labels("3\nNA\n").names, Names());
  EXPECT_THAT(error_of([] { labels(""); }), HasSubstr("no labels"));
}

Dataset split(std::string_view bytes) {
  Labels read = labels(bytes);
  Dataset data{.ones = BitMatrix(read.values.size(), 1)};
  data.labels = std::move(read.values);
  data.label_names = std::move(read.names);
  split_class_sets(data);
  validate(data);
  return data;
}

std::vector<Numbers> classes(const Dataset& data) {
  std::vector<Numbers> all;
  for (const std::int64_t& label : data.labels) {
    const auto allowed = data.class_sets.allowed(label);
    all.emplace_back(allowed.begin(), allowed.end());
  }
  return all;
}

TEST(LabelsTest, ListsAreSetsOfClasses) {
  const Dataset numbers = split("1|3\n3\nNA\n0 | 1\n3|1\n-1\n3|3\n");
  EXPECT_EQ(classes(numbers), (std::vector<Numbers>{{1, 3}, {3}, {}, {0, 1}, {1, 3}, {}, {3}}));
  EXPECT_TRUE(numbers.label_names.empty());
  const Dataset names = split("well|case\nwell\ncarrier\n\"\"\nwell\n");
  EXPECT_EQ(classes(names), (std::vector<Numbers>{{1, 2}, {2}, {0}, {}, {2}}));
  EXPECT_EQ(names.label_names, (Names{"carrier", "case", "well"}));
  const Dataset plain = split("b\na\nb\n");
  EXPECT_EQ(plain.labels, (Numbers{1, 0, 1}));
  EXPECT_EQ(plain.label_names, (Names{"a", "b"}));
  EXPECT_THROW(split("1|\n2\n2\n"), std::invalid_argument);
  EXPECT_THROW(split("1|-2\n2\n2\n"), std::invalid_argument);
}

TEST(LabelsTest, SetsAreNotWritten) {
  const TemporaryFolder folder;
  const Dataset data = split("1|3\n3\n");
  EXPECT_THAT(error_of([&] { write_dataset(folder.file("x.safetensors"), data); }),
              HasSubstr("files hold a label a row"));
}

TEST(LabelsTest, FromPackedDataAndFiles) {
  const TemporaryFolder folder;
  Dataset data;
  data.ones = BitMatrix(3, 2);
  data.labels = {2, -1, 0};
  data.label_names = {"no", "perhaps", "yes"};
  write_dataset(folder.file("x.safetensors"), data);
  EXPECT_EQ(read_labels(folder.file("x.safetensors")).values, data.labels);
  EXPECT_EQ(read_labels(folder.file("x.safetensors")).names, data.label_names);
  EXPECT_THAT(error_of([&] { read_weights(folder.file("x.safetensors")); }), HasSubstr("no weights"));
}

TEST(WeightsTest, FromTextAndNpy) {
  EXPECT_EQ(weights("1\n0.5\n2e1\n"), (Weights{1, 0.5, 20}));
  EXPECT_EQ(weights("weight\n1\n0\n"), (Weights{1, 0}));
  EXPECT_EQ(weights(npy("|u1", "(2,)", "\x01\x02")), (Weights{1, 2}));
}

TEST(WeightsTest, MustBeFiniteAndNotNegative) {
  EXPECT_THAT(weights_error("1\n-1\n"), HasSubstr("weights:2: the weight '-1'"));
  EXPECT_THAT(weights_error("1\nx\n"), HasSubstr("weights:2: the weight 'x'"));
  EXPECT_THAT(weights_error("1\nNA\n"), HasSubstr("the weight 'NA'"));
  EXPECT_THAT(weights_error("inf\n"), HasSubstr("the weight 'inf'"));
  EXPECT_THAT(weights_error(npy("<f4", "(1,)", std::string("\0\0\x80\x7f", 4))), HasSubstr("of row 1"));
  EXPECT_THAT(weights_error("1,2\n"), HasSubstr("'1,2'"));
}

}  // namespace
}  // namespace mixbern::io_test
