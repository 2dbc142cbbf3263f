// What was asked of `mixbern fit`, checked, and the data and options that follow from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint_options.hpp"
#include "data_input.hpp"
#include "groups_run.hpp"
#include "statistics_options.hpp"
#include "survey_options.hpp"

namespace mixbern::app {

struct FitCall {
  DataOptions data;
  FitArguments fit;
  RunOptions run;
  TalkOptions talk;
  StatisticsOptions statistics;
  SurveyOptions survey;
  SurveyDesign design;                         // of the rows, read with them
  std::optional<ReplicateWeights> replicates;  // the same
  CheckpointOptions checkpoint;
  GroupOptions groups;
  std::size_t n_components = 0;
  std::uint64_t seed = 0;
  std::string model;
  std::string constraints;  // file; empty: none
  std::string report;
  std::vector<std::string> names;
  std::vector<std::size_t> order;
  bool trace = false;
};

/// What is wrong with the call alone, told before anything is read. A design settles other options.
///
/// @throws std::invalid_argument
void check_call(FitCall& call, Messages& messages);

/// The rows, with their design and the kind of their weights settled in `call`.
Dataset read_rows(FitCall& call, Messages& messages);

/// @throws std::invalid_argument  labels or the model to start from don't go with the data
FitOptions fit_options(const FitCall& call, const Dataset& data);

/// What goes with groups: a fit and its model.
///
/// @throws std::invalid_argument  more was asked for
GroupCall group_call(const FitCall& call);

}  // namespace mixbern::app
