// Fits in several groups: what `fit --groups` and `invariance` share.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common_options.hpp"
#include "data_input.hpp"
#include "groups_report.hpp"

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
  std::optional<WeightsKind> weights_kind = {};
  std::size_t n_components = 0;
  std::uint64_t seed = 0;
};

/// The rows with groups as labels, what they are called, and how to fit them.
struct GroupedData {
  Dataset data;
  GroupedNames names;
  FitOptions options;
};

/// Reads the data, runs `work` where a signal is heard, prints what `tell` makes of it. Returns the exit
/// status.
int run_groups(GroupCall call, const std::function<void(const GroupedData&)>& work,
               const std::function<void(const GroupedData&, Messages&)>& tell);

/// The items that --free names.
FreeItems free_items(const GroupOptions& options, const Dataset& data);

}  // namespace mixbern::app
