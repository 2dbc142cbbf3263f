// Fits in several groups: what `fit --groups` and `invariance` share.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint_options.hpp"
#include "common_options.hpp"
#include "data_input.hpp"
#include "groups_report.hpp"
#include "statistics_options.hpp"
#include "survey_options.hpp"

namespace mixbern::app {

/// --groups, and --free of `fit`.
struct GroupOptions {
  std::string groups;  ///< column or file
  std::vector<std::string> free;
  bool given() const { return !groups.empty(); }
};
void add_groups_option(CLI::App& command, GroupOptions& options, bool required);
void add_free_option(CLI::App& command, GroupOptions& options);

/// Everything that such a call needs, whatever is done with it.
struct GroupCall {
  DataOptions data;
  FitArguments fit;
  RunOptions run;
  TalkOptions talk;
  GroupOptions groups;
  StatisticsOptions statistics = {};  ///< the kind of weights, what is told beside the model
  std::size_t n_components = 0;
  std::uint64_t seed = 0;
  SurveyOptions survey = {};
  CheckpointOptions checkpoint = {};
  std::vector<std::string> names = {};  ///< of the components; may be empty
  std::string report = {};              ///< file; empty: none
};

/// The rows with groups as labels, what they are called, and how to fit them.
struct GroupedData {
  Dataset data;
  GroupedNames names;
  FitOptions options;
  StatisticsOptions statistics;  ///< as they suit the weights
  SurveyDesign design = {};      ///< of the rows
  std::optional<ReplicateWeights> replicates = {};
  Checkpointing checkpointing = {};
};

/// A part of the work, by the name that who waits reads.
struct GroupStep {
  const char* name;
  std::function<void(const GroupedData&)> work;
};

/// Reads the data, runs the steps where a signal is heard, prints what `tell` makes of them. Returns the exit
/// status. What steps refer to must be made before.
int run_groups(GroupCall call, const std::vector<GroupStep>& steps,
               const std::function<void(const GroupedData&, Messages&)>& tell);

/// The items that --free names.
FreeItems free_items(const GroupOptions& options, const Dataset& data);

}  // namespace mixbern::app
