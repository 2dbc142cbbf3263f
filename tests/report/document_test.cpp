#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "mixbern/mixbern.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

using Json = nlohmann::ordered_json;
using testing::HasSubstr;
using testing::Not;

Dataset carcinoma() {
  return read_dataset(std::string(MIXBERN_DATA_DIR) + "/carcinoma.csv");
}

/// What depends on the machine and the moment.
Json without_circumstances(Json document) {
  for (const char* name : {"version", "kernel"}) document.erase(name);
  for (Json& model : document["models"]) {
    for (const char* name : {"threads", "kernel", "seconds"}) model["fit"].erase(name);
  }
  return document;
}

std::vector<float> floats_of(const Json& tensor) {
  const auto value = [](char c) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return c == '=' ? std::size_t{0} : kDigits.find(c);
  };
  const std::string text = tensor["base64"];
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t group =
        value(text[i]) << 18U | value(text[i + 1]) << 12U | value(text[i + 2]) << 6U | value(text[i + 3]);
    for (const unsigned shift : {16U, 8U, 0U}) bytes += static_cast<char>(group >> shift & 255U);
  }
  std::size_t n = 1;
  for (const std::size_t length : tensor["shape"]) n *= length;
  std::vector<float> values(n);
  std::copy_n(bytes.data(), n * sizeof(float), reinterpret_cast<char*>(values.data()));
  return values;
}

void expect_alike(const Json& a, const Json& b, const std::string& where);

void expect_same_tensor(const Json& a, const Json& b, const std::string& where) {
  ASSERT_EQ(a["dtype"], b["dtype"]) << where;
  ASSERT_EQ(a["shape"], b["shape"]) << where;
  if (a["dtype"] != "float32") {
    EXPECT_EQ(a["base64"], b["base64"]) << where;
    return;
  }
  const auto x = floats_of(a), y = floats_of(b);
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_EQ(std::isnan(x[i]), std::isnan(y[i])) << where << i;
    if (std::isnan(x[i])) continue;
    EXPECT_NEAR(x[i], y[i], 1e-5 * std::max(1.0F, std::abs(y[i]))) << where << i;
  }
}

/// Numbers to six digits, everything else exactly.
void expect_alike(const Json& a, const Json& b, const std::string& where) {
  if (a.is_number() && b.is_number()) {
    EXPECT_NEAR(a.get<double>(), b.get<double>(), 1e-6 * std::max(1.0, std::abs(b.get<double>()))) << where;
    return;
  }
  ASSERT_EQ(a.type(), b.type()) << where;
  ASSERT_EQ(a.size(), b.size()) << where;
  if (a.is_object() && a.contains("base64")) return expect_same_tensor(a, b, where);
  if (a.is_object()) {
    for (const auto& [key, value] : a.items()) {
      ASSERT_TRUE(b.contains(key)) << where << '.' << key;
      expect_alike(value, b[key], std::string(where).append(".").append(key));
    }
  } else if (a.is_array()) {
    for (std::size_t i = 0; i < a.size(); ++i)
      expect_alike(a[i], b[i], where + "[" + std::to_string(i) + "]");
  } else {
    EXPECT_EQ(a, b) << where;
  }
}

Mixture plain_start() {
  std::vector<double> probabilities;
  for (const double level : {0.8, 0.2, 0.5}) {
    for (int d = 0; d < 7; ++d) probabilities.push_back(level + (d % 3 - 1) * 0.05);
  }
  return {{0.4, 0.4, 0.2}, probabilities};
}

// Plain EM from a given start, so that only a change of the document or of the numbers changes it.
TEST(Document, OfCarcinomaIsTheGoldenOne) {
  const Dataset data = carcinoma();
  const FitResult result = fit(data, {.n_components = 3,
                                      .init = InitMethod::kModel,
                                      .max_iter = 1000,
                                      .tol = 1e-12,
                                      .precision = Precision::kDouble,
                                      .acceleration = Acceleration::kNone,
                                      .init_model = plain_start()});
  const Json document = without_circumstances(Json::parse(
      report_document(result, data, {.data_name = "carcinoma.csv", .created = "2000-01-01T00:00:00Z"})));
  const std::string path = std::string(MIXBERN_TEST_DIR) + "/report/golden/carcinoma.json";
  if (std::getenv("MIXBERN_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << document.dump(1) << '\n';
  std::ifstream file(path);
  expect_alike(document, Json::parse(file), "document");
}

TEST(Document, SaysTheSameForSparseAndPackedRows) {
  Dataset data = reference::random_dataset({.n_rows = 300, .n_features = 9, .missing = 0.1}, 2);
  const FitResult result = fit(data, {.n_components = 3, .n_init = 2, .seed = 3});
  const ReportOptions options{.data_name = "t", .created = "2000-01-01T00:00:00Z"};
  const std::string packed = report_document(result, data, options);
  data.ones = to_sparse(data.ones);
  data.missing = to_sparse(*data.missing);
  EXPECT_EQ(report_document(result, data, options), packed);
}

TEST(Document, IsOneLineWithoutWhatCouldEndAScript) {
  Dataset data = reference::random_dataset({.n_rows = 20, .n_features = 3}, 2);
  data.feature_names = {"</script>", "\xE2\x80\xA8\xE2\x80\xA9", "caf\xE9 \n\x01"};
  const FitResult result = fit(data, {.n_components = 2, .n_init = 1});
  const std::string document = report_document(result, data, {.title = "<!--<script>"});
  EXPECT_THAT(document, Not(HasSubstr("<")));
  EXPECT_THAT(document, Not(HasSubstr("\n")));
  EXPECT_THAT(document, Not(HasSubstr("\xE2\x80\xA8")));
  const Json json = Json::parse(document);
  EXPECT_EQ(json["data"]["feature_names"][0], "</script>");
  EXPECT_EQ(json["data"]["feature_names"][1], "\xE2\x80\xA8\xE2\x80\xA9");
  EXPECT_EQ(json["data"]["feature_names"][2], "caf\xEF\xBF\xBD \n\x01");
  EXPECT_EQ(json["title"], "<!--<script>");
}

TEST(Document, TakesFromTheRecordOfAModelOnlyWhatHasTheRightType) {
  Model model{
      .mixture = Mixture({0.5, 0.5}, {0.1, 0.9, 0.8, 0.2}),
      .feature_names = {},
      .codings = {},
      .threshold = {},
      .shape = {},
      .fit_record = R"({"converged": "yes", "n_iter": [1], "init": {"a": 1}, "log_likelihoods": [1, "x"],
                               "stop_reason": 3, "n_init": "many", "data": 7, "smoothing": null})"};
  const Json json = Json::parse(report_document(model, nullptr));
  for (const char* name : {"converged", "n_iter", "init", "stop_reason", "n_init", "smoothing"})
    EXPECT_TRUE(json["models"][0]["fit"][name].is_null()) << name;
  EXPECT_TRUE(json["data"]["name"].is_null());
  EXPECT_EQ(json["models"][0]["starts"].size(), 2U);
  EXPECT_TRUE(json["models"][0]["starts"][1]["log_likelihood"].is_null());
  for (const char* record : {"", "{", "[1, 2]", "null"}) {
    model.fit_record = record;
    EXPECT_TRUE(Json::parse(report_document(model, nullptr))["models"][0]["log_likelihood"].is_null());
  }
  model.fit_record =
      R"({"log_likelihood": 1, "data": )" + std::string(1'000'000, '[') + std::string(1'000'000, ']') + "}";
  EXPECT_TRUE(Json::parse(report_document(model, nullptr))["models"][0]["log_likelihood"].is_null());
}

TEST(Document, CountsRowsThatTheModelRulesOut) {
  const Model model{.mixture = Mixture({1}, {0, 0.5}),
                    .feature_names = {},
                    .codings = {},
                    .threshold = {},
                    .shape = {},
                    .fit_record = {}};
  BitMatrix ones(3, 2);
  ones.set(1, 0);
  const Dataset data{.ones = ones};
  const Json document = Json::parse(report_document(model, &data));
  EXPECT_TRUE(document["models"][0]["log_likelihood"].is_null());
  EXPECT_THAT(document["models"][0]["verdict"].dump(), HasSubstr("probability 0 to 1 row."));
}

TEST(Document, RefusesRowsThatDoNotFit) {
  const Dataset data = reference::random_dataset({.n_rows = 20, .n_features = 3}, 2);
  const Model model{.mixture = Mixture({1}, {0.5, 0.5}),
                    .feature_names = {},
                    .codings = {},
                    .threshold = {},
                    .shape = {},
                    .fit_record = {}};
  EXPECT_THROW(static_cast<void>(report_document(model, &data)), std::invalid_argument);
}

TEST(Json, OfPartsHasNullWhereANumberIsNotFinite) {
  const Mixture mixture({0.5, 0.5}, {0, 0.4, 1, 0.6});
  const Dataset data = reference::random_dataset({.n_rows = 50, .n_features = 2}, 2);
  const Json errors = Json::parse(to_json(standard_errors(mixture, data), mixture));
  EXPECT_TRUE(errors["probabilities"][0][0].is_null());
  EXPECT_EQ(Json::parse(to_json(criteria(-10, 2, 50, 1)))["aic"], 24);
  const FitResult result = fit(data, {.n_components = 1});
  const Json record = Json::parse(fit_record(result, data, "t"));
  EXPECT_EQ(record["data"], "t");
  EXPECT_EQ(record["n_rows"], 50);
  EXPECT_FALSE(record.contains("threads"));
}

}  // namespace
}  // namespace mixbern
