// Options about statistics that several commands share.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "common_options.hpp"
#include "mixbern/statistics/standard_errors.hpp"
#include "output.hpp"

namespace mixbern::app {

struct StatisticsOptions {
  bool statistics = false;
  std::optional<StandardErrorMethod> standard_errors;
  std::optional<WeightsKind> weights_kind;  ///< by default by what the weights look like
  std::size_t bootstrap = 0;                ///< data sets drawn from the model
  std::size_t resample = 0;                 ///< data sets drawn from the rows
  std::string table;                        ///< file for the estimates; empty: none
};
/// --statistics, --standard-errors, --bootstrap, --resample, --table.
void add_statistics_options(CLI::App& command, StatisticsOptions& options);
void add_weights_kind_option(CLI::App& command, std::optional<WeightsKind>& kind);
void add_table_option(CLI::App& command, std::string& table, const std::string& what);

/// Throws std::invalid_argument where options exclude each other.
void check_statistics_options(const StatisticsOptions& options, const DataOptions& data);

/// What goes with weights that turned out to be those of a sample: sandwich errors in place of others; throws
/// std::invalid_argument for a bootstrap.
void adapt_to_sampling_weights(StatisticsOptions& options);

/// Warns where weights were taken as those of a sample though nobody asked for that.
void tell_weights_kind(std::optional<WeightsKind> asked, WeightsKind taken, Messages& messages);

}  // namespace mixbern::app
