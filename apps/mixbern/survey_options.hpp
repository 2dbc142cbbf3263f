// How rows were drawn, as the options say.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common_options.hpp"
#include "mixbern/statistics/replicates.hpp"
#include "mixbern/statistics/survey.hpp"
#include "output.hpp"
#include "statistics_options.hpp"

namespace mixbern::app {

struct SurveyOptions {
  std::string strata;    ///< column; empty: one stratum
  std::string clusters;  ///< column; empty: each row its own
  std::string fpc;       ///< column; empty: none
  LonelyClusters lonely = LonelyClusters::kRefuse;
  std::vector<std::string> replicates;  ///< columns of weights; empty: none
  std::optional<ReplicateKind> replicate_kind;
  bool design() const { return !strata.empty() || !clusters.empty() || !fpc.empty(); }
  bool given() const { return design() || !replicates.empty() || replicate_kind; }
};
/// --strata, --clusters, --fpc, --lonely, --replicate-weights, --replicate-type.
void add_survey_options(CLI::App& command, SurveyOptions& options);

/// Columns of DATA that are no items although nobody excluded them. Throws std::invalid_argument for one that
/// --columns names.
void keep_from_items(const std::vector<std::string>& columns, DataOptions& data);
std::vector<std::string> columns_of(const SurveyOptions& options);

/// The design of the rows of DATA. Throws InputError for a row without a part of it, std::invalid_argument
/// for a design that shows no variance.
SurveyDesign read_design(const SurveyOptions& options, const DataOptions& data);

/// The replicate weights of the rows of DATA, whose weights before they were settled are `whole`; none where
/// none were asked for. Throws InputError for a cell that is no weight.
std::optional<ReplicateWeights> read_replicates(const SurveyOptions& options, const DataOptions& data,
                                                std::span<const double> whole);

/// Throws std::invalid_argument where replicates are named without their type, or beside a design.
void check_replicates(const SurveyOptions& options, const DataOptions& data, Messages& messages);

/// What goes with a design: sandwich errors, and weights that are those of a sample unless somebody says
/// otherwise. Throws std::invalid_argument for a bootstrap, and for frequencies of rows that are units.
void adapt_to_design(const SurveyOptions& options, const DataOptions& data, StatisticsOptions& statistics,
                     Messages& messages);

/// "survey design: 45 clusters in 1 stratum, 44 degrees of freedom".
std::string design_words(const DesignSize& size);
/// The same of where standard errors come from; empty where rows are independent.
std::string design_words(const StandardErrors& errors);
/// "They are those of the survey design: …", of standard errors; empty where rows are independent.
std::string design_remark(const StandardErrors& errors);
std::string replicate_words(std::size_t n_replicates, double degrees_of_freedom);
Json design_json(const DesignSize& size);
Json replicate_json(std::size_t n_replicates, double degrees_of_freedom);
Json design_json(const StandardErrors& errors);

}  // namespace mixbern::app
