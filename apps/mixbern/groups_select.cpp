#include "groups_select.hpp"

#include <fmt/format.h>

#include "groups_fit.hpp"
#include "groups_report.hpp"
#include "mixbern/kernels/version.hpp"
#include "mixbern/report/groups.hpp"
#include "mixbern/select/grouped.hpp"
#include "output_check.hpp"
#include "select_report.hpp"
#include "text.hpp"

namespace mixbern::app {
namespace {

using Found = std::optional<GroupedSelection>;

std::vector<GroupStep> steps_of(const GroupSelectCall& select, Found& found) {
  const auto fits = [&](const GroupedData& rows) {
    SelectOptions options = select.options;
    options.fit = rows.options;
    found = select_groups(rows.data, free_items(select.call.groups, rows.data), options);
  };
  const auto save = [&](const GroupedData& rows) {
    const GroupedModel& best = found->models[found->selection.best];
    if (!select.model.empty()) save_model(select.model, joint_model(named(best, rows)));
    if (select.table.empty()) return;
    write_result(select.table, [&](const ByteSink& sink) {
      sink(selection_table(found->selection, table_format(select.table)));
    });
  };
  return {{"fits by group", fits}, {"files", save}};
}

Json json_of(const GroupSelectCall& select, const GroupedSelection& found, const GroupedData& rows) {
  Json json = {{"version", version()},
               {"data", rows.names.data},
               {"criterion", to_string(select.options.criterion)},
               {"best", found.models[found.selection.best].joint.n_components()},
               {"models", Json::array()}};
  for (std::size_t at = 0; at < found.models.size(); ++at) {
    Json model = grouped_json(found.models[at], rows.names);
    add_candidate(model, found.selection.candidates[at]);
    json["models"].push_back(std::move(model));
  }
  json["model"] = select.model.empty() ? Json(nullptr) : Json(select.model);
  return json;
}

std::string text_of(const GroupSelectCall& select, const GroupedSelection& found, const GroupedData& rows) {
  std::string text =
      fmt::format("{}: {}, {}, {}; log-likelihoods given the groups\n\n", one_line(rows.names.data),
                  counted(rows.data.n_rows(), "row"), counted(rows.data.n_features(), "feature"),
                  counted(found.models.front().group_names.size(), "group"));
  text += selection_text(found.selection, select.options.criterion);
  if (!select.model.empty()) text += fmt::format("model saved to {}\n", one_line(select.model));
  return text;
}

}  // namespace

int select_in_groups(const GroupSelectCall& select) {
  Messages messages(select.call.talk.quiet);
  check_outputs({select.model, select.table}, input_files(select.call.data), messages);
  Found found;
  return run_groups(select.call, steps_of(select, found), [&](const GroupedData& rows, Messages& told) {
    for (const Candidate& candidate : found->selection.candidates) {
      for (const std::string& warning : candidate.warnings)
        told.warn(fmt::format("K = {}: {}", candidate.fit.mixture.n_components(), warning));
    }
    if (const std::string end = end_of_list(found->selection); !end.empty()) told.note(end);
    if (select.call.talk.json) return print_json(json_of(select, *found, rows), told);
    write_standard_output(text_of(select, *found, rows));
  });
}

}  // namespace mixbern::app
