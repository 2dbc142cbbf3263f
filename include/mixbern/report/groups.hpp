// A model in groups as files and reports have it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mixbern/fit/groups.hpp"
#include "mixbern/io/io.hpp"
#include "mixbern/report/report.hpp"

namespace mixbern {

/// A model in groups and what its parts are called.
struct NamedGroups {
  GroupedModel model;
  std::string column = {};  ///< what the groups are
  /// Of the rows of one group: names, codings, items, missing codes, threshold and names of components as
  /// fits to such rows have them. Its mixture is that of the first group.
  Model items;
};

/// What a model file records of a model in groups (Model::fit_record), which is also how `fit --groups
/// --json` begins: one object. `items` are names, one an item, or none. Nothing in it depends on the machine,
/// the time, the threads or the blocks.
std::string group_record(const GroupedModel& model, const std::string& column,
                         const std::vector<std::string>& items);

/// The model of a file: GroupedModel::joint, of data in which the group is an item, and each free item one a
/// group. Commands that know nothing of groups take it as any other.
Model joint_model(const NamedGroups& groups);

/// What joint_model() made `stored` of, to the last bit; nothing where it is a model of another kind. Throws
/// std::invalid_argument where its record and its items contradict each other.
std::optional<NamedGroups> stored_groups(const Model& stored);

/// report_document() of the joint model, with the section about groups. Standard errors and statistics that
/// are not given are computed where `data`, the rows of the fit with their groups as labels, is there and
/// that takes no time. Throws as report_document().
std::string report_document(const NamedGroups& groups, const Dataset* data, const GroupedErrors* errors,
                            const GroupedStatistics* statistics, const Estimation& estimation,
                            const ReportOptions& options = {});

}  // namespace mixbern
