#include <cmath>

#include "mixbern/io/answers.hpp"
#include "report/sections.hpp"
#include "report/tensor.hpp"

namespace mixbern::report {
namespace {

Json means_json(const FeatureSums& sums) {
  std::vector<double> means;
  for (std::size_t d = 0; d < sums.ones.size(); ++d) {
    const double observed = sums.total_weight - sums.missing[d];
    means.push_back(is_nothing(observed, sums) ? std::nan("") : sums.ones[d] / observed);
  }
  return tensor(std::span<const double>(means), {means.size()});
}

Json missing_json(const FeatureSums& sums, const Dataset& data) {
  if (!data.missing || count_ones(*data.missing) == 0) return nullptr;
  std::vector<double> shares = sums.n_missing;
  for (double& share : shares) share /= static_cast<double>(data.n_rows());
  return tensor(std::span<const double>(shares), {shares.size()});
}

Json codings_json(const std::vector<Coding>& codings) {
  if (codings.empty()) return nullptr;
  Json list = Json::array();
  for (const Coding& coding : codings) list.push_back({coding.zero, coding.one});
  return list;
}

Json label_names(const Context& context) {
  if (context.labels.empty()) return nullptr;
  Json names = Json::array();
  for (const std::int64_t label : context.labels) names.push_back(context.data->label_name(label));
  return names;
}

// All items in order; null where each has two answers.
Json items_json(const Features& features, std::size_t n_features) {
  if (features.categorical.empty()) return nullptr;
  Json list = Json::array();
  auto next = features.categorical.begin();
  for (const Items::Group& item : Items(n_features, features.categorical).all(n_features)) {
    const bool binary = item.size == 1;
    list.push_back({{"name", binary ? features.names.empty() ? "" : features.names[item.first] : next->name},
                    {"first", item.first},
                    {"size", item.size}});
    if (!binary) ++next;
  }
  return list;
}

// A feature of a categorical item goes by the item's name, and its 1 is an answer.
void add_items(Json& json, const Features& features, std::size_t n_features) {
  json["items"] = items_json(features, n_features);
  if (features.categorical.empty()) return;
  std::vector<std::string> names = features.names;
  std::vector<std::string> answers = answers_of(features.codings, features.threshold, n_features).of_item;
  names.resize(n_features);
  answers.resize(n_features, "1");
  for (const CategoricalItem& item : features.categorical) {
    for (std::size_t c = 0; c < item.categories.size(); ++c) {
      names[item.first + c] = item.name;
      answers[item.first + c] = item.categories[c];
    }
  }
  json["feature_names"] = names;
  json["answers"] = answers;
  json["answer"] = nullptr;
}

void add_features(Json& json, const Features& features, std::size_t n_features) {
  json["feature_names"] = features.names.empty() ? Json(nullptr) : Json(features.names);
  json["codings"] = codings_json(features.codings);
  const Answers answers = answers_of(features.codings, features.threshold, 0);
  const bool differ = !answers.plain && answers.shared.empty();
  json["answers"] = differ ? Json(answers.of_item) : Json(nullptr);
  json["answer"] = answers.plain || differ ? Json(nullptr)
                   : answers.thresholded   ? Json("a value " + answers.shared)
                                           : Json(answers.shared);
  json["threshold"] = features.threshold ? Json(*features.threshold) : Json(nullptr);
  json["shape"] = features.shape.known() ? Json{features.shape.height, features.shape.width} : Json(nullptr);
  add_items(json, features, n_features);
}

}  // namespace

Json data_section(const Source& source, const Context& context) {
  const Json& record = source.record;
  const std::string& name = context.options.data_name;
  Json json = {{"name", name.empty() ? recorded_text(record, "data") : Json(name)}};
  if (context.data == nullptr) {
    for (const char* member : {"n_rows", "n_distinct_rows"}) json[member] = recorded_number(record, member);
    json["n_features"] = source.mixture.n_features();
    for (const char* member : {"total_weight", "missing_share"})
      json[member] = recorded_number(record, member);
    json["has_rows"] = false;
    add_features(json, context.features, source.mixture.n_features());
    json["means"] = nullptr;
    json["missing"] = nullptr;
    json["constant_features"] = Json::array();
    json["labels"] = nullptr;
    return json;
  }
  const Dataset& data = *context.data;
  const FeatureSums& sums = context.sums;
  json["n_rows"] = data.n_rows();
  json["n_distinct_rows"] = counted_or_null(context.n_distinct_rows);
  json["n_features"] = data.n_features();
  json["total_weight"] = sums.total_weight;
  json["missing_share"] = missing_share(data);
  json["has_rows"] = true;
  add_features(json, context.features, source.mixture.n_features());
  json["means"] = means_json(sums);
  json["missing"] = missing_json(sums, data);
  json["constant_features"] = context.constant_features;
  json["labels"] = label_names(context);
  return json;
}

}  // namespace mixbern::report
