#include "statistics_options.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "estimates_table.hpp"

namespace mixbern::app {

namespace {

StandardErrorMethod parse_method(const std::string& text) {
  if (const auto method = standard_error_method_from_string(text)) return *method;
  throw std::invalid_argument(
      fmt::format("--standard-errors takes observed, opg or sandwich, not \"{}\"", text));
}

std::optional<WeightsKind> parse_weights_kind(const std::string& text) {
  if (text == "auto") return std::nullopt;
  if (const auto kind = weights_kind_from_string(text)) return kind;
  throw std::invalid_argument(
      fmt::format("--weights-kind takes auto, frequency or sampling, not \"{}\"", text));
}

void refuse_bootstraps(const StatisticsOptions& options) {
  if (options.bootstrap == 0 && options.resample == 0) return;
  throw std::invalid_argument(
      "--bootstrap and --resample draw rows with equal chances, so they cannot go with sampling weights, "
      "which "
      "all but whole numbers are taken as; --standard-errors sandwich can, and --weights-kind frequency "
      "takes a weight as so many equal rows");
}

}  // namespace

void add_weights_kind_option(CLI::App& command, std::optional<WeightsKind>& kind) {
  add_value(
      command, "--weights-kind", [&kind](const std::string& text) { kind = parse_weights_kind(text); },
      "auto|frequency|sampling",
      "What weights are: how often a row was seen, or how many it stands for, scaled so that N counts rows; "
      "auto takes whole numbers as the first, others as the second [auto]",
      "Data");
}

void add_table_option(CLI::App& command, std::string& table, const std::string& what) {
  add_value(
      command, "--table",
      [&table](const std::string& text) {
        static_cast<void>(table_format(text));
        table = text;
      },
      "OUT", what + " in this file: Markdown (.md), LaTeX (.tex) or CSV (.csv)", "Output");
}

void add_statistics_options(CLI::App& command, StatisticsOptions& options) {
  const std::string group = "Statistics";
  add_switch(command, "--statistics", options.statistics,
             "Also all criteria, how sharply rows are assigned, the fit to the table, residuals", group);
  add_value(
      command, "--standard-errors",
      [&options](const std::string& text) { options.standard_errors = parse_method(text); },
      "observed|opg|sandwich", "Standard errors and 95 % intervals: which information matrix they come from",
      group);
  add_value(
      command, "--bootstrap",
      [&options](const std::string& text) {
        options.bootstrap = parse_count("--bootstrap", text, 1, 1'000'000);
      },
      "B",
      "Draw B data sets from the model and fit it again: p-values of the fit that hold for sparse tables "
      "too, "
      "and standard errors",
      group);
  add_value(
      command, "--resample",
      [&options](const std::string& text) {
        options.resample = parse_count("--resample", text, 1, 1'000'000);
      },
      "B", "Draw B data sets from the rows and fit them: standard errors that do not lean on the model",
      group);
  add_weights_kind_option(command, options.weights_kind);
  add_table_option(command, options.table,
                   "Save the probabilities of all items by class as a table for a paper");
}

void check_statistics_options(const StatisticsOptions& options, const DataOptions& data) {
  if (options.weights_kind != WeightsKind::kSampling) return;
  if (data.weights.empty()) {
    throw std::invalid_argument(
        "--weights-kind sampling needs weights: name a column or a file with --weights");
  }
  refuse_bootstraps(options);
  if (options.standard_errors && *options.standard_errors != StandardErrorMethod::kSandwich) {
    throw std::invalid_argument(
        fmt::format("with --weights-kind sampling only --standard-errors sandwich is right, not {}",
                    to_string(*options.standard_errors)));
  }
}

void adapt_to_sampling_weights(StatisticsOptions& options) {
  refuse_bootstraps(options);
  if (options.standard_errors) options.standard_errors = StandardErrorMethod::kSandwich;
}

void tell_weights_kind(std::optional<WeightsKind> asked, WeightsKind taken, Messages& messages) {
  if (asked || taken == WeightsKind::kFrequency) return;
  messages.warn(
      "weights are not whole numbers: taken as sampling weights, scaled to sum to the number of rows, with "
      "sandwich standard errors; --weights-kind frequency takes a weight as so many equal rows");
}

}  // namespace mixbern::app
