// Options about statistics that several commands share.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "common_options.hpp"
#include "mixbern/standard_errors.hpp"

namespace mixbern::app {

struct StatisticsOptions {
  bool statistics = false;
  std::optional<StandardErrorMethod> standard_errors;
  WeightsKind weights_kind = WeightsKind::kFrequency;
  std::size_t bootstrap = 0;  ///< data sets drawn from the model
  std::size_t resample = 0;   ///< data sets drawn from the rows
  std::string table;          ///< file for the estimates; empty: none
};
/// --statistics, --standard-errors, --bootstrap, --resample, --table.
void add_statistics_options(CLI::App& command, StatisticsOptions& options);
void add_weights_kind_option(CLI::App& command, WeightsKind& kind);
void add_table_option(CLI::App& command, std::string& table, const std::string& what);

/// Throws std::invalid_argument where options exclude each other.
void check_statistics_options(const StatisticsOptions& options, const DataOptions& data);

/// Scales the weights of a sample so that N counts its rows; leaves frequency weights alone.
void apply_weights_kind(WeightsKind kind, Dataset& data);

}  // namespace mixbern::app
