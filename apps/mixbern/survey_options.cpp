#include "survey_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <unordered_map>

#include "data_input.hpp"
#include "mixbern/io/columns.hpp"
#include "text.hpp"

namespace mixbern::app {
namespace {

constexpr const char* kLonelyNames = "refuse|adjust";

LonelyClusters parse_lonely(const std::string& text) {
  if (const auto lonely = lonely_clusters_from_string(text)) return *lonely;
  refuse_choice("--lonely", text, kLonelyNames);
}

constexpr const char* kReplicateNames = "brr|fay:R|jk1|jkn|bootstrap";

ReplicateKind parse_replicate_kind(const std::string& text) {
  const std::size_t colon = text.find(':');
  const auto type = replicate_type_from_string(text.substr(0, colon));
  if (!type || (colon != std::string::npos) != (type == ReplicateType::kFay))
    refuse_choice("--replicate-type", text, kReplicateNames);
  ReplicateKind kind{.type = *type};
  if (colon != std::string::npos) kind.fay = parse_real("--replicate-type", text.substr(colon + 1));
  if (kind.fay >= 0 && kind.fay < 1) return kind;
  throw std::invalid_argument(
      fmt::format("--replicate-type fay:R takes a number R of at least 0 and below 1, by which Fay's weights "
                  "were made, not "
                  "\"{}\"",
                  text));
}

[[noreturn]] void refuse_row(const DataOptions& data, std::size_t i, const std::string& reason,
                             const std::string& remedy) {
  throw InputError({data.name()}, fmt::format("row {} {}", grouped(data.read.first_row + i + 1), reason),
                   remedy);
}

TextColumn read_column(const std::string& option, const std::string& name, const DataOptions& data) {
  TextColumn column = std::move(read_columns(data_files(data.paths), {name}, read_options(data)).front());
  const auto missing = std::ranges::find(column.cells, "");
  if (missing != column.cells.end()) {
    refuse_row(data, static_cast<std::size_t>(missing - column.cells.begin()),
               fmt::format("has nothing in the column '{}'", one_line(column.name)),
               fmt::format("{} needs a value in each row; leave such rows out of DATA", option));
  }
  return column;
}

std::vector<std::size_t> numbers_of(const TextColumn& column) {
  std::unordered_map<std::string, std::size_t> number;
  std::vector<std::size_t> result;
  for (const std::string& cell : column.cells)
    result.push_back(number.try_emplace(cell, number.size()).first->second);
  return result;
}

std::vector<double> fpc_of(const TextColumn& column, const DataOptions& data) {
  Variable variable = variable_of(column);
  if (variable.categories.empty()) return std::move(variable.values);
  const std::string& word = variable.categories.back();
  const auto row = std::ranges::find(column.cells, word);
  refuse_row(data, static_cast<std::size_t>(row - column.cells.begin()),
             fmt::format("has '{}' in the column '{}'", one_line(word), one_line(column.name)),
             "--fpc needs numbers: shares of 0 to 1, or how many units a stratum has");
}

void add_replicate_options(CLI::App& command, SurveyOptions& options, const std::string& group) {
  add_value(
      command, "--replicate-weights",
      [&options](const std::string& text) { options.replicates = parse_names("--replicate-weights", text); },
      "A,B:D,'rw*'",
      "Standard errors from replicate weights in these columns, named as for --columns, beside --weights",
      group);
  add_value(
      command, "--replicate-type",
      [&options](const std::string& text) { options.replicate_kind = parse_replicate_kind(text); },
      kReplicateNames,
      "How they were made: balanced repeated replication, Fay's with its R, a jackknife without or with "
      "strata, "
      "a bootstrap",
      group);
}

}  // namespace

void add_survey_options(CLI::App& command, SurveyOptions& options) {
  const std::string group = "Survey design";
  add_value(
      command, "--strata", [&options](const std::string& text) { options.strata = text; }, "COLUMN",
      "The stratum that each row was drawn from; such columns are no items", group);
  add_value(
      command, "--clusters", [&options](const std::string& text) { options.clusters = text; }, "COLUMN",
      "The cluster that each row was drawn with (school, village): standard errors let rows of a cluster be "
      "alike",
      group);
  add_value(
      command, "--fpc", [&options](const std::string& text) { options.fpc = text; }, "COLUMN",
      "Finite populations: the share of the row's stratum that was sampled, or how many clusters it has",
      group);
  add_value(
      command, "--lonely", [&options](const std::string& text) { options.lonely = parse_lonely(text); },
      kLonelyNames,
      "A stratum of one cluster: refuse it, or let it differ from the mean of all clusters [refuse]", group);
  add_replicate_options(command, options, group);
}

void check_replicates(const SurveyOptions& options, const DataOptions& data, Messages& messages) {
  if (options.replicates.empty() && !options.replicate_kind) return;
  if (options.replicates.empty())
    throw std::invalid_argument(
        "--replicate-type says how --replicate-weights were made, and none are named");
  if (!options.replicate_kind) {
    throw std::invalid_argument(fmt::format(
        "--replicate-weights needs --replicate-type {}; the survey's manual says which", kReplicateNames));
  }
  if (options.design()) {
    throw std::invalid_argument(
        "replicate weights hold the design already; leave --strata, --clusters and --fpc out, or the "
        "replicates");
  }
  if (data.weights.empty())
    messages.warn("--replicate-weights without --weights: each row of the whole sample has the weight 1");
}

std::vector<std::string> columns_of(const SurveyOptions& options) {
  std::vector<std::string> columns = options.replicates;
  for (const std::string& column : {options.strata, options.clusters, options.fpc}) {
    if (!column.empty()) columns.push_back(column);
  }
  return columns;
}

void keep_from_items(const std::vector<std::string>& columns, DataOptions& data) {
  for (const std::string& column : columns) {
    if (std::ranges::find(data.read.columns, column) != data.read.columns.end()) {
      throw std::invalid_argument(
          fmt::format("'{}' is named by --columns, which are the items, and beside them; leave it out of one",
                      one_line(column)));
    }
    data.read.exclude.push_back(column);
  }
}

std::optional<ReplicateWeights> read_replicates(const SurveyOptions& options, const DataOptions& data,
                                                std::span<const double> whole) {
  if (options.replicates.empty()) return std::nullopt;
  std::vector<std::vector<double>> weights;
  for (const TextColumn& column :
       read_columns(data_files(data.paths), options.replicates, read_options(data))) {
    Variable variable = variable_of(column);
    const bool numbers =
        variable.categories.empty() && std::ranges::all_of(variable.values, [](double w) { return w >= 0; });
    if (!numbers) {
      throw InputError({data.name()},
                       fmt::format("the column '{}' holds what is no weight", one_line(column.name)),
                       "--replicate-weights needs a number >= 0 in each row");
    }
    weights.push_back(std::move(variable.values));
  }
  return replicate_weights(*options.replicate_kind, std::move(weights), whole);
}

SurveyDesign read_design(const SurveyOptions& options, const DataOptions& data) {
  SurveyDesign design{.lonely = options.lonely};
  if (!options.design()) return design;
  if (!options.strata.empty()) design.strata = numbers_of(read_column("--strata", options.strata, data));
  if (!options.clusters.empty())
    design.clusters = numbers_of(read_column("--clusters", options.clusters, data));
  if (!options.fpc.empty())
    design.fpc = sampled_shares(design, fpc_of(read_column("--fpc", options.fpc, data), data));
  const std::size_t n_rows = std::max({design.strata.size(), design.clusters.size(), design.fpc.size()});
  static_cast<void>(size_of(design, n_rows));
  return design;
}

void adapt_to_design(const SurveyOptions& options, const DataOptions& data, StatisticsOptions& statistics,
                     Messages& messages) {
  if (!options.given()) return;
  check_replicates(options, data, messages);
  if (statistics.bootstrap > 0 || statistics.resample > 0) {
    throw std::invalid_argument(
        "--bootstrap and --resample draw rows one by one, whatever their stratum or cluster; with a survey "
        "design leave them out");
  }
  if (statistics.weights_kind == WeightsKind::kFrequency && options.design() && options.clusters.empty()) {
    throw std::invalid_argument(
        "with --weights-kind frequency a row is several units, and without --clusters the design takes it as "
        "one; leave one of them out");
  }
  if (!data.weights.empty() && !statistics.weights_kind) statistics.weights_kind = WeightsKind::kSampling;
  const auto asked = statistics.standard_errors;
  statistics.standard_errors = StandardErrorMethod::kSandwich;
  const char* source = options.design() ? "its sandwich" : "its replicates";
  if (!asked) messages.note(fmt::format("with a survey design standard errors are printed, from {}", source));
  if (asked && (asked != StandardErrorMethod::kSandwich || !options.design()))
    messages.warn(
        fmt::format("with a survey design standard errors are from {}, not {}", source, to_string(*asked)));
}

std::string design_words(const DesignSize& size) {
  return fmt::format("survey design: {} in {}, {}", counted(size.n_clusters, "cluster"),
                     size.n_strata == 1 ? "1 stratum" : grouped(size.n_strata) + " strata",
                     freedom_words(size.degrees_of_freedom()));
}

std::string design_words(const StandardErrors& errors) {
  if (errors.design) return design_words(*errors.design);
  return errors.n_replicates == 0 ? "" : replicate_words(errors.n_replicates, errors.degrees_of_freedom);
}

std::string design_remark(const StandardErrors& errors) {
  const std::string design = design_words(errors);
  return design.empty() ? "" : "They are those of the " + design + ".";
}

Json design_json(const StandardErrors& errors) {
  if (errors.design) return design_json(*errors.design);
  return replicate_json(errors.n_replicates, errors.degrees_of_freedom);
}

std::string replicate_words(std::size_t n_replicates, double degrees_of_freedom) {
  return fmt::format("survey design: {}, {}", counted(n_replicates, "replicate"),
                     freedom_words(degrees_of_freedom));
}

Json replicate_json(std::size_t n_replicates, double degrees_of_freedom) {
  return {{"replicates", n_replicates}, {"degrees_of_freedom", degrees_of_freedom}};
}

Json design_json(const DesignSize& size) {
  return {{"strata", size.n_strata},
          {"clusters", size.n_clusters},
          {"degrees_of_freedom", size.degrees_of_freedom()}};
}

}  // namespace mixbern::app
