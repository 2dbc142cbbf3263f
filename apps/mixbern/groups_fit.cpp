#include "groups_fit.hpp"

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <utility>

#include "groups_table.hpp"
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

// By the replicates where there are some.
GroupedErrors errors_of(const Found& found, const GroupedData& rows) {
  const Estimation& estimation = rows.options.estimation;
  if (rows.replicates) {
    return grouped_replicate_errors(
        *found.model, rows.data, *rows.replicates,
        {.estimation = estimation, .threads = rows.options.threads, .watch = rows.options.watch});
  }
  const StandardErrorMethod usual = usual_method(estimation.weights_kind);
  return grouped_standard_errors(*found.model, rows.data,
                                 {.method = rows.statistics.standard_errors.value_or(usual),
                                  .estimation = estimation,
                                  .design = rows.design,
                                  .threads = rows.options.threads});
}

GroupedBootstrap drawn(const Found& found, const GroupedData& rows, BootstrapKind kind,
                       std::size_t n_samples) {
  return grouped_bootstrap(*found.model, rows.data, kind,
                           {.n_samples = n_samples,
                            .seed = rows.options.seed,
                            .threads = rows.options.threads,
                            .estimation = rows.options.estimation,
                            .watch = rows.options.watch});
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

void save_table(const std::string& path, const Found& found, const GroupedData& rows) {
  const std::optional<GroupedErrors> errors = shown_errors(found.evidence);
  const ItemLabels items = labels_of(rows.names, rows.data.items());
  const PaperTable table = table_of(*found.model, items, errors ? &*errors : nullptr);
  write_result(path, [&](const ByteSink& sink) { sink(paper_table(table, table_format(path))); });
}

GroupedModel fitted(const GroupCall& call, const GroupedData& rows) {
  try {
    return fit_groups(rows.data, free_items(call.groups, rows.data), rows.options, rows.checkpointing);
  } catch (const CheckpointError& error) {
    refuse_checkpoint(call.checkpoint, error);
  }
}

// The fit and what was asked for beside it.
std::vector<GroupStep> steps_of(const GroupCall& call, const std::string& model, Found& found) {
  std::vector<GroupStep> steps;
  const auto add = [&steps](bool wanted, const char* name, std::function<void(const GroupedData&)> work) {
    if (wanted) steps.push_back({name, std::move(work)});
  };
  const StatisticsOptions& wanted = call.statistics;
  GroupedEvidence& evidence = found.evidence;
  add(true, "fits by group", [&](const GroupedData& rows) {
    found.model = fitted(call, rows);
    if (!model.empty() && !is_cancelled(rows.options.watch))
      save_model(model, joint_model(named(*found.model, rows)));
  });
  // A survey's design asks for them.
  add(wanted.standard_errors || call.survey.given(), "standard errors",
      [&](const GroupedData& rows) { evidence.errors = errors_of(found, rows); });
  add(wanted.statistics, "statistics",
      [&](const GroupedData& rows) { evidence.statistics = statistics_of(found, rows); });
  add(wanted.bootstrap > 0, "bootstrap", [&](const GroupedData& rows) {
    evidence.bootstrap = drawn(found, rows, BootstrapKind::kParametric, wanted.bootstrap);
  });
  add(wanted.resample > 0, "resampling", [&](const GroupedData& rows) {
    evidence.resampling = drawn(found, rows, BootstrapKind::kResampling, wanted.resample);
  });
  add(!wanted.table.empty(), "table",
      [&](const GroupedData& rows) { save_table(wanted.table, found, rows); });
  add(!call.report.empty(), "report",
      [&](const GroupedData& rows) { write_report(call.report, found, rows); });
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

int fit_in_groups(const GroupCall& call, const std::string& model) {
  check_report_option(call.report);
  std::vector<std::string> inputs = input_files(call.data);
  add_input(call.checkpoint, inputs);
  Messages messages(call.talk.quiet);
  check_outputs({model, call.statistics.table, call.report, call.checkpoint.path}, inputs, messages);
  Found found;
  return run_groups(call, steps_of(call, model, found), [&](const GroupedData& rows, Messages& told) {
    warn(found, told);
    if (call.talk.json) return print_json(json_of(found, call, rows, model), told);
    write_standard_output(text_of(found, rows, model) + report_line(call.report));
  });
}

}  // namespace mixbern::app
