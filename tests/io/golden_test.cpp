// The bytes of the two formats that are promised to stay: files written by an earlier build must read, and be
// written again to the byte. MIXBERN_WRITE_GOLDEN=1 in the environment writes them anew.
#include <gtest/gtest.h>

#include <cstdlib>

#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

std::string golden(const std::string& name) {
  return std::string(MIXBERN_TEST_DIR "/golden/") + name;
}

Dataset dense_data() {
  Dataset data;
  data.ones = BitMatrix(3, 4, {0b0101, 0b0010, 0b1000});
  data.missing = BitMatrix(3, 4, {0b0010, 0b0000, 0b0001});
  data.weights = {1, 2.5, 0};
  data.labels = {0, -1, 1};
  data.feature_names = {"sore throat", "fever", "Übelkeit", ""};
  data.codings = {{"no", "yes"}, {"1", "2"}, {"0", "1"}, {"0", ""}};
  data.shape = {2, 2};
  return data;
}

Dataset sparse_data() {
  Dataset data;
  data.ones = SparseRows(1000, {0, 2, 2, 3}, {7, 999, 0});
  data.threshold = 1;
  return data;
}

Model model() {
  return {Mixture({0.625, 0.375}, {0.5, 0, 1, 0.25, 0.125, 0.75, 0.0625, 1e-6}),
          {"sore throat", "fever", "Übelkeit", ""},
          {{"no", "yes"}, {"1", "2"}, {"0", "1"}, {"0", ""}},
          {},
          {2, 2},
          R"({"log_likelihood":-12.5,"seed":1})"};
}

void expect_golden(const std::string& name, const std::function<void(const std::string&)>& write) {
  if (std::getenv("MIXBERN_WRITE_GOLDEN") != nullptr) write(golden(name));
  const TemporaryFolder folder;
  write(folder.file(name));
  EXPECT_EQ(read_bytes(folder.file(name)), read_bytes(golden(name))) << name;
}

TEST(GoldenTest, PackedDataStaysWhatItIs) {
  expect_golden("dense.safetensors", [](const std::string& path) { write_dataset(path, dense_data()); });
  expect_golden("sparse.safetensors", [](const std::string& path) { write_dataset(path, sparse_data()); });
  expect_same(read_dataset(golden("dense.safetensors")), dense_data());
  expect_same(read_dataset(golden("sparse.safetensors")), sparse_data());
}

TEST(GoldenTest, ModelsStayWhatTheyAre) {
  expect_golden("model.safetensors", [](const std::string& path) { save_model(path, model()); });
  const Model back = load_model(golden("model.safetensors"));
  EXPECT_EQ(back.mixture, model().mixture);
  EXPECT_EQ(back.feature_names, model().feature_names);
  EXPECT_EQ(back.codings, model().codings);
  EXPECT_EQ(back.shape, model().shape);
  EXPECT_EQ(back.fit_record, model().fit_record);
}

TEST(GoldenTest, TheExampleOfTheSpecificationIsTrue) {
  const TemporaryFolder folder;
  save_model(folder.file("m"), {Mixture({1}, {0.5, 0.25}), {}, {}, {}, {}, {}});
  const std::string bytes = read_bytes(folder.file("m"));
  ASSERT_EQ(bytes.size(), 240U);
  const std::string specification = read_bytes(MIXBERN_TEST_DIR "/../docs/formats.md");
  const std::string header = bytes.substr(8, 208);
  const std::size_t middle = header.find("\"weights\"");
  EXPECT_NE(specification.find(header.substr(0, middle)), std::string::npos) << header;
  EXPECT_NE(specification.find(header.substr(middle)), std::string::npos) << header;
}

}  // namespace
}  // namespace mixbern::io_test
