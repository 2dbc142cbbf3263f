// What was asked of `mixbern select`, checked, and the options that follow from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data_input.hpp"
#include "groups_select.hpp"
#include "mixbern/select/selection.hpp"

namespace mixbern::app {

struct SelectCall {
  DataOptions data;
  FitArguments fit;
  RunOptions run;
  TalkOptions talk;
  std::vector<std::size_t> n_components;
  Criterion criterion = Criterion::kBic;
  std::size_t blrt_samples = 0;
  std::size_t n_folds = 0;
  bool vlmr = false;
  std::uint64_t seed = 0;
  std::optional<WeightsKind> weights_kind;
  GroupOptions groups;
  std::string model;
  std::string table;
  std::string report;
};

/// What is wrong with the call alone, told before anything is read.
///
/// @throws std::invalid_argument
void check_call(const SelectCall& call);

/// No test of the list knows sampling weights.
///
/// @throws std::invalid_argument
void refuse_tests(const SelectCall& call);

/// Rows that keep their labels need labels, and a component for each in every model.
///
/// @throws std::invalid_argument
void check_held_labels(const SelectCall& call, const Dataset& data);

SelectOptions select_options(const SelectCall& call);

/// What goes with groups.
///
/// @throws std::invalid_argument  there is more
GroupSelectCall group_call(const SelectCall& call);

}  // namespace mixbern::app
