#include "report/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "data/distinct_rows.hpp"
#include "data/for_each_one.hpp"
#include "data/pieces.hpp"
#include "io/bounded_json.hpp"

namespace mixbern::report {
namespace {

// More are identifiers rather than classes, and a table of them is of no use.
constexpr std::size_t kMostLabels = 1000;

const Json* find(const Json& record, const char* name) {
  if (!record.is_object()) return nullptr;
  const auto found = record.find(name);
  return found == record.end() ? nullptr : &*found;
}

std::vector<std::int64_t> distinct_labels(const Dataset& data) {
  std::vector<std::int64_t> labels;
  for (const std::int64_t label : data.labels) {
    if (label >= 0) labels.push_back(label);
  }
  std::ranges::sort(labels);
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

void add_row(const Dataset& data, std::size_t i, FeatureSums& sums) {
  const double weight = data.weight(i);
  for_each_one(data.ones, i, [&](std::size_t d) { sums.ones[d] += weight; });
  if (!data.missing) return;
  for_each_one(*data.missing, i, [&](std::size_t d) {
    sums.missing[d] += weight;
    sums.n_missing[d] += 1;
  });
}

FeatureSums sum_features(const Dataset& data) {
  const std::size_t n_features = data.n_features();
  FeatureSums sums{.ones = std::vector<double>(n_features, 0.0),
                   .missing = std::vector<double>(n_features, 0.0),
                   .n_missing = std::vector<double>(n_features, 0.0),
                   .total_weight = total_weight(data)};
  for_each_piece(data, [&sums](const Dataset& piece, std::size_t) {
    for (std::size_t i = 0; i < piece.n_rows(); ++i) add_row(piece, i, sums);
  });
  return sums;
}

std::vector<std::size_t> constant_features(const FeatureSums& sums) {
  std::vector<std::size_t> constant;
  for (std::size_t d = 0; d < sums.ones.size(); ++d) {
    const double zeros = sums.total_weight - sums.missing[d] - sums.ones[d];
    if (is_nothing(sums.ones[d], sums) || is_nothing(zeros, sums)) constant.push_back(d);
  }
  return constant;
}

}  // namespace

Json parsed_record(const std::string& fit_record) {
  return io::is_bounded_json(fit_record) ? Json::parse(fit_record) : Json::object();
}

Estimation recorded_estimation(const Json& record, double smoothing_if_unknown) {
  const auto word = [&](const char* name) {
    const Json recorded = recorded_text(record, name);
    return recorded.is_null() ? std::string() : recorded.get<std::string>();
  };
  const Json smoothing = recorded_number(record, "smoothing");
  const Estimation usual;
  return {.smoothing = smoothing.is_null() ? smoothing_if_unknown : smoothing.get<double>(),
          .smoothing_target =
              smoothing_target_from_string(word("smoothing_target")).value_or(usual.smoothing_target),
          .weights_kind = weights_kind_from_string(word("weights_kind")).value_or(usual.weights_kind)};
}

Estimation Source::estimation() const {
  return fit != nullptr ? fit->options.estimation : recorded_estimation(record, 0);
}

// Weights may be added up in another order than their total.
bool is_nothing(double weight, const FeatureSums& sums) {
  return weight <= 1e-12 * sums.total_weight;
}

Context make_context(const Dataset* data, Features features, const ReportOptions& options) {
  Context context{.data = data, .options = options, .features = features};
  if (data == nullptr) return context;
  if (const auto distinct = few_distinct_rows(*data)) context.n_distinct_rows = distinct->count();
  context.sums = sum_features(*data);
  context.constant_features = constant_features(context.sums);
  context.labels = distinct_labels(*data);
  context.n_labels = context.labels.size();
  if (context.n_labels > kMostLabels) context.labels.clear();
  return context;
}

Json recorded_number(const Json& record, const char* name) {
  const Json* value = find(record, name);
  return value != nullptr && value->is_number() ? *value : Json(nullptr);
}

Json recorded_text(const Json& record, const char* name) {
  const Json* value = find(record, name);
  return value != nullptr && value->is_string() ? *value : Json(nullptr);
}

Json recorded_flag(const Json& record, const char* name) {
  const Json* value = find(record, name);
  return value != nullptr && value->is_boolean() ? *value : Json(nullptr);
}

std::vector<double> recorded_numbers(const Json& record, const char* name) {
  std::vector<double> numbers;
  const Json* list = find(record, name);
  if (list == nullptr || !list->is_array()) return numbers;
  for (const Json& value : *list)
    numbers.push_back(value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN());
  return numbers;
}

std::string feature_name(const Features& features, std::size_t d) {
  return features.names.empty() || features.names[d].empty() ? fmt::format("#{}", d + 1) : features.names[d];
}

}  // namespace mixbern::report
