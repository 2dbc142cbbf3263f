#include "groups_fit.hpp"

#include <fmt/format.h>

#include <optional>

#include "mixbern/report/groups.hpp"
#include "output_check.hpp"
#include "report_output.hpp"
#include "statistics_report.hpp"
#include "text.hpp"

namespace mixbern::app {
namespace {

// What is found, step by step.
struct Found {
  std::optional<GroupedModel> model;
  GroupedEvidence evidence;
};

NamedGroups named(const GroupedModel& model, const GroupedData& rows) {
  const Dataset& data = rows.data;
  return {.model = model,
          .column = rows.names.groups,
          .items = {.mixture = model.mixtures.front(),
                    .feature_names = data.feature_names,
                    .codings = data.codings,
                    .threshold = data.threshold,
                    .shape = {},
                    .fit_record = {},
                    .missing_codes = data.missing_codes,
                    .component_names = rows.names.components,
                    .categorical = data.categorical}};
}

GroupedErrors errors_of(const Found& found, const GroupedData& rows) {
  const bool sampled = rows.options.estimation.weights_kind == WeightsKind::kSampling;
  const auto usual = sampled ? StandardErrorMethod::kSandwich : StandardErrorMethod::kObserved;
  return grouped_standard_errors(*found.model, rows.data,
                                 {.method = rows.statistics.standard_errors.value_or(usual),
                                  .estimation = rows.options.estimation,
                                  .threads = rows.options.threads});
}

GroupedStatistics statistics_of(const Found& found, const GroupedData& rows) {
  const bool with_pairs = rows.names.items.size() <= kMostItems;
  return grouped_statistics(*found.model, rows.data, rows.options.estimation, with_pairs,
                            rows.options.threads);
}

void write_report(const std::string& path, const Found& found, const GroupedData& rows) {
  const auto pointer = [](const auto& part) { return part ? &*part : nullptr; };
  save_page(path, report_document(named(*found.model, rows), &rows.data, pointer(found.evidence.errors),
                                  pointer(found.evidence.statistics), rows.options.estimation,
                                  {.data_name = rows.names.data,
                                   .component_names = rows.names.components,
                                   .threads = rows.options.threads}));
}

std::vector<GroupStep> steps_of(const GroupCall& call, const std::string& model, Found& found) {
  std::vector<GroupStep> steps = {{"fits by group", [&](const GroupedData& rows) {
                                     found.model = fit_groups(rows.data, free_items(call.groups, rows.data),
                                                              rows.options);
                                     if (!model.empty())
                                       save_model(model, joint_model(named(*found.model, rows)));
                                   }}};
  if (call.statistics.standard_errors) {
    steps.push_back({"standard errors",
                     [&](const GroupedData& rows) { found.evidence.errors = errors_of(found, rows); }});
  }
  if (call.statistics.statistics) {
    steps.push_back({"statistics", [&](const GroupedData& rows) {
                       found.evidence.statistics = statistics_of(found, rows);
                     }});
  }
  if (!call.report.empty()) {
    steps.push_back({"report", [&](const GroupedData& rows) { write_report(call.report, found, rows); }});
  }
  return steps;
}

void warn(const Found& found, Messages& messages) {
  for (const std::string& warning : found.model->warnings) messages.warn(warning);
  if (!found.evidence.errors) return;
  for (const std::string& warning : found.evidence.errors->joint.warnings) messages.warn(warning);
}

Json json_of(const Found& found, const GroupCall& call, const GroupedData& rows, const std::string& model) {
  Json json = grouped_json(*found.model, rows.names, found.evidence);
  json["data"] = rows.names.data;
  json["n_rows"] = rows.data.n_rows();
  json["n_features"] = rows.data.n_features();
  if (!rows.names.components.empty()) json["component_names"] = rows.names.components;
  json["seed"] = call.seed;
  json["model"] = model.empty() ? Json(nullptr) : Json(model);
  return json;
}

std::string text_of(const Found& found, const GroupedData& rows, const std::string& model) {
  std::string text = fmt::format(
      "{}: {}, {}, {}\n", one_line(rows.names.data), counted(rows.data.n_rows(), "row"),
      counted(rows.data.n_features(), "feature"), counted(found.model->group_names.size(), "group"));
  text += grouped_text(*found.model, rows.names, found.evidence);
  if (!model.empty()) {
    text += fmt::format("\nmodel saved to {}, in which {} is an item{}\n", one_line(model),
                        one_line(rows.names.groups),
                        found.model->free_items.empty() ? "" : ", and each free item is one a group");
  }
  return text;
}

}  // namespace

int fit_in_groups(const GroupCall& call, const std::string& model) {
  check_report_option(call.report);
  if (!model.empty() || !call.report.empty()) {
    Messages messages(call.talk.quiet);
    check_outputs({model, call.report}, input_files(call.data), messages);
  }
  Found found;
  return run_groups(call, steps_of(call, model, found), [&](const GroupedData& rows, Messages& messages) {
    warn(found, messages);
    if (call.talk.json) return print_json(json_of(found, call, rows, model), messages);
    write_standard_output(text_of(found, rows, model) + report_line(call.report));
  });
}

}  // namespace mixbern::app
