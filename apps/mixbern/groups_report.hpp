// What a mixture in several groups found, as text and as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "item_labels.hpp"
#include "mixbern/fit/group_bootstrap.hpp"
#include "mixbern/fit/group_statistics.hpp"
#include "mixbern/fit/groups.hpp"
#include "mixbern/io/answers.hpp"
#include "output.hpp"

namespace mixbern::app {

/// What results call the parts of the data.
struct GroupedNames {
  std::string data;                          ///< the file
  std::string groups;                        ///< the column of groups
  std::vector<std::string> items;            ///< one an item; may be empty
  std::vector<std::string> features;         ///< one a feature of the data; may be empty
  Answers answers = {};                      ///< of the features: what their 1 is called
  std::vector<std::string> components = {};  ///< may be empty
};

/// What is known of a model beyond its estimates, as far as it was asked for.
struct GroupedEvidence {
  std::optional<GroupedErrors> errors = {};
  std::optional<GroupedStatistics> statistics = {};
  std::optional<GroupedBootstrap> bootstrap = {}, resampling = {};
};
/// Those that were asked for, else of the rows that were drawn, else of the data sets that were.
std::optional<GroupedErrors> shown_errors(const GroupedEvidence& evidence);

/// Of features that make these items.
ItemLabels labels_of(const GroupedNames& names, const Items& items);
/// "#3" where item j has no name.
std::string name_of_item(const GroupedNames& names, std::size_t j);

Json grouped_json(const GroupedModel& model, const GroupedNames& names, const GroupedEvidence& evidence = {});
std::string grouped_text(const GroupedModel& model, const GroupedNames& names,
                         const GroupedEvidence& evidence = {});

Json invariance_json(const Invariance& found, const GroupedNames& names);
std::string invariance_text(const Invariance& found, const GroupedNames& names, double level);

}  // namespace mixbern::app
