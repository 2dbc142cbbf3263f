#include <gmock/gmock.h>

#include <cmath>

#include "io/safetensors.hpp"
#include "io/support.hpp"

namespace mixbern::io_test {
namespace {

using testing::HasSubstr;

Model example_model() {
  return {Mixture({0.25, 0.75}, {0, 1, 0.1, 1.0 / 3, 0.5, 1e-300}),
          {"a", "b", "c"},
          {{"no", "yes"}, {"1", ""}, {"0", "1"}},
          0.5,
          {1, 3},
          R"({"log_likelihood":-1.5})"};
}

void expect_same(const Model& a, const Model& b) {
  EXPECT_EQ(a.mixture, b.mixture);
  EXPECT_EQ(a.feature_names, b.feature_names);
  EXPECT_EQ(a.codings, b.codings);
  EXPECT_EQ(a.threshold, b.threshold);
  EXPECT_EQ(a.shape, b.shape);
  EXPECT_EQ(a.fit_record, b.fit_record);
}

TEST(ModelFileTest, WhatCannotBeReadBackIsNotWritten) {
  const TemporaryFolder folder;
  const auto refused = [&](const char* reason, const auto& spoil) {
    Model model = example_model();
    spoil(model);
    EXPECT_THAT([&] { save_model(folder.file("m"), model); },
                testing::ThrowsMessage<std::invalid_argument>(HasSubstr(reason)));
    EXPECT_EQ(folder.n_files(), 0U) << reason;
  };
  refused("feature_names", [](Model& model) { model.feature_names.pop_back(); });
  refused("codings", [](Model& model) { model.codings.emplace_back(); });
  refused("threshold", [](Model& model) { model.threshold = std::nan(""); });
  refused("shape", [](Model& model) { model.shape = {2, 2}; });
  refused("fit_record", [](Model& model) { model.fit_record = "[1]"; });
}

TEST(ModelFileTest, ReadsBackWhatWasWritten) {
  const TemporaryFolder folder;
  for (const char* name : {"m.safetensors", "m.safetensors.gz"}) {
    save_model(folder.file(name), example_model());
    expect_same(load_model(folder.file(name)), example_model());
    EXPECT_EQ(detect_file_kind(folder.file(name)), FileKind::kModel);
  }
  const Model bare{Mixture({1}, {0.5}), {}, {}, {}, {}, {}};
  save_model(folder.file("bare"), bare);
  expect_same(load_model(folder.file("bare")), bare);
}

TEST(ModelFileTest, EqualModelsGiveEqualBytes) {
  const TemporaryFolder folder;
  save_model(folder.file("a.gz"), example_model());
  save_model(folder.file("b.gz"), example_model());
  EXPECT_EQ(read_bytes(folder.file("a.gz")), read_bytes(folder.file("b.gz")));
}

Model load(std::string_view bytes) {
  io::Input input = io::open_memory("m", bytes);
  return io::load_model(input);
}

std::string load_error(std::string_view bytes) {
  return error_of([&] { load(bytes); });
}

std::string model_bytes() {
  const TemporaryFolder folder;
  save_model(folder.file("m"), example_model());
  return read_bytes(folder.file("m"));
}

// A file like the one that save_model writes, with any numbers in it.
std::string custom(const std::vector<double>& weights, const std::vector<double>& probabilities,
                   std::uint64_t n_features, const std::string& text = {}, const char* key = "fit_record") {
  std::string bytes;
  io::Metadata metadata = {
      {"format", "mixbern-model"}, {"format_version", "1"}, {"n_features", std::to_string(n_features)}};
  if (!text.empty()) metadata.emplace_back(key, text);
  const std::vector<io::Tensor> tensors = {
      io::tensor_of("weights", "F64", {weights.size()}, std::span(weights)),
      io::tensor_of("probabilities", "F64", {weights.size(), n_features}, std::span(probabilities))};
  io::write_safetensors([&](std::string_view part) { bytes += part; }, metadata, tensors);
  return bytes;
}

TEST(ModelFileTest, EveryTruncationIsAnError) {
  const std::string bytes = model_bytes();
  for (std::size_t length = 9; length < bytes.size(); ++length) {
    EXPECT_THAT(load_error(bytes.substr(0, length)), HasSubstr("ends after")) << length;
  }
  EXPECT_THAT(load_error(bytes + " "), HasSubstr("bytes follow"));
  EXPECT_THAT(load_error("not a model at all"), HasSubstr("no model file"));
  EXPECT_THAT(load_error(""), HasSubstr("no model file"));
}

TEST(ModelFileTest, RefusesNumbersThatAreNoMixture) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(load(custom({0.5, 0.5}, {0, 1}, 1)).mixture.n_components(), 2U);
  EXPECT_THAT(load_error(custom({0.5, 0.5}, {0, nan}, 1)), HasSubstr("probabilities"));
  EXPECT_THAT(load_error(custom({0.5, 0.5}, {0, 1.5}, 1)), HasSubstr("probabilities"));
  EXPECT_THAT(load_error(custom({0.5, nan}, {0, 1}, 1)), HasSubstr("weights"));
  EXPECT_THAT(load_error(custom({1.5, -0.5}, {0, 1}, 1)), HasSubstr("weights"));
  EXPECT_THAT(load_error(custom({0.5, 0.4}, {0, 1}, 1)), HasSubstr("sum to 0.9"));
  EXPECT_THAT(load_error(custom({}, {}, 1)), HasSubstr("no mixture"));
  EXPECT_THAT(load_error(custom({1}, {0}, 1, "[1]")), HasSubstr("fit_record"));
  EXPECT_THAT(load_error(custom({1}, {0}, 1, "{]")), HasSubstr("fit_record"));
}

std::string nested(std::size_t depth) {
  return R"({"a":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

// Levels by the hundred thousand fit into some hundred bytes of a gzip'ed file.
TEST(ModelFileTest, RefusesTextsThatNestDeeply) {
  EXPECT_EQ(load(custom({1}, {0}, 1, nested(31))).fit_record, nested(31));
  for (const std::size_t depth : {std::size_t{32}, std::size_t{1'000'000}})
    EXPECT_THAT(load_error(custom({1}, {0}, 1, nested(depth))), HasSubstr("at most 32 levels"));
  std::string deep = R"({"__metadata__":)" + nested(1'000'000) + "}";
  const std::uint64_t length = deep.size();
  deep.insert(0, reinterpret_cast<const char*>(&length), sizeof length);
  EXPECT_THAT(load_error(deep), HasSubstr("at most 32 levels"));
}

TEST(ModelFileTest, RefusesTextsOfMoreValuesThanFeaturesHave) {
  std::string many = "[0";
  for (int i = 0; i < 100'000; ++i) many += ",0";
  many += "]";
  for (const char* key : {"feature_names", "codings"})
    EXPECT_THAT(load_error(custom({1}, {0}, 1, many, key)), HasSubstr(key));
  EXPECT_EQ(load(custom({1}, {0}, 1, R"([["no","yes"]])", "codings")).codings.size(), 1U);
  EXPECT_EQ(load(custom({1}, {0}, 1, R"(["a"])", "feature_names")).feature_names.size(), 1U);
}

TEST(ModelFileTest, DataIsNoModelAndAModelIsNoData) {
  const TemporaryFolder folder;
  Dataset data;
  data.ones = BitMatrix(1, 1);
  write_dataset(folder.file("d.safetensors"), data);
  save_model(folder.file("m.safetensors"), example_model());
  EXPECT_THAT(error_of([&] { load_model(folder.file("d.safetensors")); }),
              HasSubstr("this is data, not a model"));
  EXPECT_THAT(error_of([&] { read_dataset(folder.file("m.safetensors")); }),
              HasSubstr("this is a model, not data"));
  EXPECT_EQ(detect_file_kind(folder.file("d.safetensors")), FileKind::kData);
  write_bytes(folder.file("x.csv"), "0,1\n");
  EXPECT_EQ(detect_file_kind(folder.file("x.csv")), FileKind::kData);
}

}  // namespace
}  // namespace mixbern::io_test
