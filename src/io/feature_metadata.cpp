#include "io/feature_metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "io/bounded_json.hpp"
#include "io/message.hpp"
#include "io/values.hpp"

namespace mixbern::io {
namespace {

using nlohmann::json;

constexpr std::string_view kVersion = "1";
// Of files with categorical items, which a program that knows the first version only would misread.
constexpr std::string_view kVersionOfItems = "2";
constexpr std::uint64_t kMaxFeatures = std::uint64_t{1} << 31;

std::string dumped(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

InputError bad(const Input& input, std::string_view key, std::string_view value) {
  return input.error(fmt::format("metadata {} does not fit: {}", key, in_quotes(value)),
                     "docs/formats.md says what it must be");
}

// The text of a metadata entry as a JSON array of at most so many values, itself and those of its elements
// included.
json parse_array(const Input& input, std::string_view key, const std::string& text, std::size_t max_entries) {
  if (!is_bounded_json(text, max_entries)) throw bad(input, key, text);
  json array = json::parse(text, nullptr, false);
  if (!array.is_array()) throw bad(input, key, text);
  return array;
}

std::vector<std::string> parse_names(const Input& input, std::string_view key, const std::string& text,
                                     std::size_t max_names) {
  const json array = parse_array(input, key, text, 1 + max_names);
  if (!std::ranges::all_of(array, [](const json& name) { return name.is_string(); }))
    throw bad(input, key, text);
  return array.get<std::vector<std::string>>();
}

std::vector<Coding> parse_codings(const Input& input, const std::string& text, std::uint64_t n_features) {
  const json pairs = parse_array(input, "codings", text, 1 + 3 * n_features);
  if (pairs.size() != n_features) throw bad(input, "codings", text);
  std::vector<Coding> codings;
  for (const json& pair : pairs) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) {
      throw bad(input, "codings", text);
    }
    codings.push_back({pair[0].get<std::string>(), pair[1].get<std::string>()});
  }
  return codings;
}

ImageShape parse_shape(const Input& input, const std::string& text, std::uint64_t n_features) {
  const std::size_t cross = std::min(text.find('x'), text.size());
  const auto height = parse_count(std::string_view(text).substr(0, cross));
  const auto width = parse_count(std::string_view(text).substr(std::min(cross + 1, text.size())));
  if (!height || !width || *height == 0 || *width == 0 || n_features % *height != 0 ||
      n_features / *height != *width) {
    throw bad(input, "shape", text);
  }
  return {*height, *width};
}

void check_format(const Input& input, const SafetensorsHeader& header, std::string_view format) {
  const std::string found = header.metadata_or("format", "");
  if (found != format) {
    if (found == "mixbern-model")
      throw input.error("this is a model, not data", "give the table; 'mixbern inspect' shows a model");
    if (found == "mixbern-data")
      throw input.error("this is data, not a model", "give a file that 'mixbern fit --model' wrote");
    throw input.error("this is a safetensors file of another program",
                      "docs/formats.md says what the file must hold");
  }
  const std::string version = header.metadata_or("format_version", "");
  if (version == kVersion || version == kVersionOfItems) return;
  throw input.error(fmt::format("its format_version is {}, and only {} and {} are known", in_quotes(version),
                                kVersion, kVersionOfItems),
                    "a newer mixbern may read it");
}

json to_json(const std::vector<CategoricalItem>& items) {
  json array = json::array();
  for (const CategoricalItem& item : items)
    array.push_back({{"name", item.name}, {"first", item.first}, {"categories", item.categories}});
  return array;
}

// One value of an array of items; false if it is none.
bool parse_item(const json& value, CategoricalItem& item) {
  if (!value.is_object() || value.size() != 3) return false;
  const auto name = value.find("name"), first = value.find("first"), answers = value.find("categories");
  if (name == value.end() || first == value.end() || answers == value.end()) return false;
  const bool typed = name->is_string() && first->is_number_unsigned() && answers->is_array();
  if (!typed || !std::ranges::all_of(*answers, [](const json& answer) { return answer.is_string(); }))
    return false;
  item = {name->get<std::string>(), first->get<std::size_t>(), answers->get<std::vector<std::string>>()};
  return true;
}

std::vector<CategoricalItem> parse_items(const Input& input, const std::string& text,
                                         std::uint64_t n_features) {
  const json array = parse_array(input, "items", text, 1 + 5 * n_features);
  std::vector<CategoricalItem> items(array.size());
  for (std::size_t j = 0; j < items.size(); ++j) {
    if (!parse_item(array[j], items[j])) throw bad(input, "items", text);
  }
  try {
    Items(n_features, items);
  } catch (const std::invalid_argument&) {
    throw bad(input, "items", text);
  }
  return items;
}

}  // namespace

Metadata to_metadata(std::string_view format, const FeatureMetadata& features) {
  Metadata metadata = {
      {"format", std::string(format)},
      {"format_version", std::string(features.categorical.empty() ? kVersion : kVersionOfItems)},
      {"n_features", std::to_string(features.n_features)}};
  if (!features.names.empty()) metadata.emplace_back("feature_names", to_text(features.names));
  if (!features.codings.empty()) {
    json pairs = json::array();
    for (const Coding& coding : features.codings) pairs.push_back(json::array({coding.zero, coding.one}));
    metadata.emplace_back("codings", dumped(pairs));
  }
  if (!features.categorical.empty()) metadata.emplace_back("items", dumped(to_json(features.categorical)));
  if (features.threshold) metadata.emplace_back("threshold", shortest(*features.threshold));
  if (features.shape.known()) {
    metadata.emplace_back("shape", fmt::format("{}x{}", features.shape.height, features.shape.width));
  }
  if (!features.missing_codes.empty())
    metadata.emplace_back("missing_codes", to_text(features.missing_codes));
  return metadata;
}

FeatureMetadata from_metadata(const Input& input, const SafetensorsHeader& header, std::string_view format) {
  check_format(input, header, format);
  FeatureMetadata features;
  const std::string n_features = header.metadata_or("n_features", "");
  features.n_features = parse_count(n_features).value_or(0);
  if (features.n_features == 0 || features.n_features > kMaxFeatures)
    throw bad(input, "n_features", n_features);
  if (const auto* text = header.find_metadata("feature_names")) {
    features.names = parse_names(input, "feature_names", *text, features.n_features);
    if (features.names.size() != features.n_features) throw bad(input, "feature_names", *text);
  }
  if (const auto* text = header.find_metadata("codings")) {
    features.codings = parse_codings(input, *text, features.n_features);
  }
  if (const auto* text = header.find_metadata("items"))
    features.categorical = parse_items(input, *text, features.n_features);
  if (const auto* text = header.find_metadata("threshold")) {
    features.threshold = parse_number(*text);
    if (!features.threshold) throw bad(input, "threshold", *text);
  }
  if (const auto* text = header.find_metadata("shape")) {
    features.shape = parse_shape(input, *text, features.n_features);
  }
  if (const auto* text = header.find_metadata("missing_codes"))
    features.missing_codes = parse_names(input, "missing_codes", *text, kMaxJsonEntries - 1);
  return features;
}

std::string to_text(const std::vector<std::string>& names) {
  return dumped(names);
}

std::vector<std::string> label_names(const Input& input, const std::string& text,
                                     const std::vector<std::int64_t>& labels) {
  std::vector<std::string> names = parse_names(input, "label_names", text, kMaxJsonEntries);
  const auto n = static_cast<std::int64_t>(names.size());
  if (std::ranges::any_of(labels, [n](std::int64_t label) { return label >= n; }))
    throw bad(input, "label_names", text);
  return names;
}

std::vector<std::string> component_names(const Input& input, const SafetensorsHeader& header,
                                         std::size_t n_components) {
  const std::string* text = header.find_metadata("component_names");
  if (text == nullptr) return {};
  std::vector<std::string> names = parse_names(input, "component_names", *text, 1 + n_components);
  if (names.size() != n_components) throw bad(input, "component_names", *text);
  return names;
}

}  // namespace mixbern::io
