#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

#include "mixbern/kernels/kernels.hpp"
#include "mixbern/kernels/version.hpp"
#include "report/sections.hpp"

namespace mixbern {
namespace report {
namespace {

// Models beside the one that is looked at first.
constexpr std::size_t kRowsOfOthers = 1000;
constexpr std::size_t kTracesOfOthers = 30;

std::string now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

Features features_of(const Dataset& data) {
  return {data.feature_names, data.codings, data.threshold, data.shape, data.categorical};
}

Json title_of(const Context& context, const Source& source) {
  const ReportOptions& options = context.options;
  if (!options.title.empty()) return options.title;
  if (!options.data_name.empty()) return options.data_name;
  const Json recorded = recorded_text(source.record, "data");
  return recorded.is_null() ? Json("") : recorded;
}

/// In a page a script ends at the first "</script", wherever it stands, and some readers of JSON as a program
/// take U+2028 and U+2029 for ends of lines.
std::string escaped(const std::string& json) {
  std::string text;
  text.reserve(json.size() + json.size() / 64);
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string_view rest = std::string_view(json).substr(i, 3);
    if (rest[0] == '<') {
      text += "\\u003c";
    } else if (rest == "\xE2\x80\xA8" || rest == "\xE2\x80\xA9") {
      text += rest[2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      text += rest[0];
    }
  }
  return text;
}

std::string document(const std::vector<Source>& sources, std::size_t best, const Json& selection,
                     const Context& context) {
  Json json = {{"format", "mixbern-report"},
               {"format_version", 1},
               {"version", version()},
               {"kernel", active_kernel()},
               {"created", context.options.created.empty() ? now() : context.options.created},
               {"title", title_of(context, sources[best])},
               {"data", data_section(sources[best], context)},
               {"models", Json::array()},
               {"best", best},
               {"selection", selection},
               {"relations", nullptr},
               {"groups", nullptr}};
  if (context.options.relations != nullptr) json["relations"] = relations_section(*context.options.relations);
  if (context.options.groups != nullptr) json["groups"] = groups_section(*context.options.groups);
  for (const Source& source : sources)
    json["models"].push_back(model_section(source, context, find(source, context)));
  return escaped(printed(json));
}

}  // namespace
}  // namespace report

std::string report_document(const FitResult& fit, const Dataset& data, const ReportOptions& options) {
  const auto context = report::make_context(&data, report::features_of(data), options);
  return report::document({{.mixture = fit.mixture,
                            .fit = &fit,
                            .record = report::fit_record_json(fit, data, options.data_name)}},
                          0, nullptr, context);
}

std::string report_document(const Model& model, const Dataset* data, const ReportOptions& options) {
  ReportOptions named = options;
  if (named.component_names.empty()) named.component_names = model.component_names;
  const ImageShape shape = data != nullptr && data->shape.known() ? data->shape : model.shape;
  report::Source source{.mixture = model.mixture, .record = report::parsed_record(model.fit_record)};
  Dataset scaled;
  if (data != nullptr && !data->weights.empty() &&
      source.estimation().weights_kind == WeightsKind::kSampling) {
    scaled = *data;
    scaled.weights = sampling_weights(*data);
    data = &scaled;
  }
  const auto context = report::make_context(
      data, {model.feature_names, model.codings, model.threshold, shape, model.categorical}, named);
  return report::document({std::move(source)}, 0, nullptr, context);
}

std::string report_document(const Selection& selection, Criterion criterion, const Dataset& data,
                            const ReportOptions& options) {
  const auto context = report::make_context(&data, report::features_of(data), options);
  std::vector<report::Source> sources;
  for (const Candidate& candidate : selection.candidates) {
    sources.push_back({.mixture = candidate.fit.mixture,
                       .fit = &candidate.fit,
                       .candidate = &candidate,
                       .record = report::fit_record_json(candidate.fit, data, options.data_name)});
    if (sources.size() == selection.best + 1) continue;
    sources.back().most_rows = report::kRowsOfOthers;
    sources.back().most_traces = report::kTracesOfOthers;
  }
  return report::document(sources, selection.best, report::selection_section(selection, criterion), context);
}

}  // namespace mixbern
