#include "groups_fit.hpp"

#include <fmt/format.h>

#include <optional>

#include "output_check.hpp"
#include "text.hpp"

namespace mixbern::app {
namespace {

void save(const std::string& path, const GroupedModel& found, const GroupedData& rows) {
  const Dataset joint = by_group(rows.data, found.free_items, rows.names.groups);
  save_model(path, {.mixture = found.joint,
                    .feature_names = joint.feature_names,
                    .codings = joint.codings,
                    .threshold = {},
                    .shape = {},
                    .fit_record = grouped_json(found, rows.names).dump(),
                    .missing_codes = rows.data.missing_codes,
                    .categorical = joint.categorical});
}

}  // namespace

int fit_in_groups(const GroupCall& call, const std::string& model) {
  if (!model.empty()) {
    Messages messages(call.talk.quiet);
    check_outputs({model}, input_files(call.data), messages);
  }
  std::optional<GroupedModel> found;
  return run_groups(
      call,
      [&](const GroupedData& rows) {
        found = fit_groups(rows.data, free_items(call.groups, rows.data), rows.options);
        if (!model.empty()) save(model, *found, rows);
      },
      [&](const GroupedData& rows, Messages& messages) {
        for (const std::string& warning : found->warnings) messages.warn(warning);
        if (call.talk.json) {
          Json json = grouped_json(*found, rows.names);
          json["data"] = rows.names.data;
          json["n_rows"] = rows.data.n_rows();
          json["n_features"] = rows.data.n_features();
          json["seed"] = call.seed;
          json["model"] = model.empty() ? Json(nullptr) : Json(model);
          return print_json(std::move(json), messages);
        }
        std::string text = fmt::format(
            "{}: {}, {}, {}\n", one_line(rows.names.data), counted(rows.data.n_rows(), "row"),
            counted(rows.data.n_features(), "feature"), counted(found->group_names.size(), "group"));
        text += grouped_text(*found, rows.names);
        if (!model.empty()) {
          text += fmt::format("\nmodel saved to {}, in which {} is an item{}\n", one_line(model),
                              one_line(rows.names.groups),
                              found->free_items.empty() ? "" : ", and each free item is one a group");
        }
        write_standard_output(text);
      });
}

}  // namespace mixbern::app
