#include "fit_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "held_labels.hpp"
#include "mixbern/io/constraints.hpp"
#include "output_check.hpp"
#include "report_output.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

/// The start that was asked for, or that follows from what was given for it. Rows that may be of one of some
/// classes do not say where these begin.
InitMethod chosen_init(const FitCall& call, bool has_class_sets = false) {
  const bool has_model = !call.fit.init_model.empty();
  const InitMethod fallback = has_model                   ? InitMethod::kModel
                              : has_class_sets            ? InitMethod::kPortfolio
                              : !call.data.labels.empty() ? InitMethod::kLabels
                                                          : InitMethod::kPortfolio;
  const InitMethod init = call.fit.init.value_or(fallback);
  if (init == InitMethod::kModel && !has_model) {
    throw std::invalid_argument("--init model needs --init-model FILE, the model to start from");
  }
  if (init != InitMethod::kModel && has_model) {
    throw std::invalid_argument(
        fmt::format("--init {} and --init-model exclude each other; leave one of them out", to_string(init)));
  }
  return init;
}

Mixture start_model(const FitCall& call, const Dataset& data) {
  const Mixture mixture = load_model(call.fit.init_model).mixture;
  if (mixture.n_components() != call.n_components || mixture.n_features() != data.n_features()) {
    throw std::invalid_argument(fmt::format(
        "--init-model {} has {} and {}, but the fit has {} and {}", base_name(call.fit.init_model),
        counted(mixture.n_components(), "component"), counted(mixture.n_features(), "feature"),
        counted(call.n_components, "component"), counted(data.n_features(), "feature")));
  }
  return mixture;
}

void check_labels(const FitCall& call, InitMethod init, const Dataset& data) {
  const char* option = call.fit.estimation.semi_supervised ? "--semi-supervised"
                       : init == InitMethod::kLabels       ? "--init labels"
                                                           : nullptr;
  if (option == nullptr) return;
  if (call.statistics.bootstrap > 0) refuse_class_sets(data, "--bootstrap");
  if (data.labels.empty()) {
    throw std::invalid_argument(
        fmt::format("{} needs labels: name a column or a file with --labels", option));
  }
  const std::int64_t largest = largest_class(data);
  if (largest >= static_cast<std::int64_t>(call.n_components)) {
    throw std::invalid_argument(
        fmt::format("the labels go up to {} and count from 0, so they need -k {} at least, not {}", largest,
                    static_cast<std::uint64_t>(largest) + 1, call.n_components));
  }
}

/// Labels that count from 1, as R's do, where K as the largest and no 0 leave no doubt.
void count_labels_from_zero(Dataset& data, std::size_t n_components) {
  if (!data.label_names.empty() || largest_class(data) != static_cast<std::int64_t>(n_components)) return;
  ClassSets from_zero;
  std::vector<std::int64_t> labels;
  for (const std::int64_t& label : data.labels) {
    const auto allowed = data.class_sets.allowed(label);
    if (!allowed.empty() && allowed.front() == 0) return;
    std::vector<std::int64_t> classes(allowed.begin(), allowed.end());
    for (std::int64_t& k : classes) --k;
    labels.push_back(classes.empty() ? -1 : from_zero.label_of(std::move(classes)));
  }
  data.labels = std::move(labels);
  data.class_sets = std::move(from_zero);
}

std::vector<std::string> all_inputs(const FitCall& call) {
  std::vector<std::string> files = input_files(call.data, call.fit.init_model);
  if (!call.constraints.empty()) files.push_back(call.constraints);
  add_input(call.checkpoint, files);
  return files;
}

}  // namespace

void check_call(FitCall& call, Messages& messages) {
  check_report_option(call.report);
  check_component_names(call.names, call.n_components);
  check_component_order(call.order, call.n_components, call.fit.estimation.semi_supervised);
  check_checkpoint_options(call.checkpoint);
  check_outputs({call.model, call.statistics.table, call.report, call.checkpoint.path}, all_inputs(call),
                messages);
  adapt_to_design(call.survey, call.data, call.statistics, messages);
  check_statistics_options(call.statistics, call.data);
  keep_from_items(columns_of(call.survey), call.data);
  static_cast<void>(chosen_init(call));  // a wrong call is told before anything is read
}

Dataset read_rows(FitCall& call, Messages& messages) {
  Dataset data = load_data(call.data, messages);
  refuse_weightless(data, call.data);
  call.design = read_design(call.survey, call.data);
  call.replicates = read_replicates(call.survey, call.data, data.weights);
  const WeightsKind kind = settle_weights(data, call.statistics.weights_kind);
  if (kind == WeightsKind::kSampling) adapt_to_sampling_weights(call.statistics);
  tell_weights_kind(call.statistics.weights_kind, kind, messages);
  call.fit.estimation.weights_kind = kind;
  if (call.fit.estimation.semi_supervised) split_labels(call.data, data);
  count_labels_from_zero(data, call.n_components);
  return data;
}

FitOptions fit_options(const FitCall& call, const Dataset& data) {
  FitOptions options = fit_options_of(call.fit, call.run, call.seed);
  options.n_components = call.n_components;
  options.init = chosen_init(call, !data.class_sets.empty());
  check_labels(call, options.init, data);
  if (!call.constraints.empty())
    options.constraints = read_constraints(call.constraints, data, call.n_components);
  if (options.init == InitMethod::kModel) options.init_model = start_model(call, data);
  return options;
}

GroupCall group_call(const FitCall& call) {
  if (!call.constraints.empty()) {
    throw std::invalid_argument(
        "with --groups probabilities are equal or --free, and --constraints cannot tie them otherwise; leave "
        "one of "
        "them out");
  }
  if (!call.order.empty()) {
    throw std::invalid_argument(
        "with --groups components are ordered by their weight in all groups; leave --order out and name them "
        "with "
        "--names");
  }
  if (call.trace)
    throw std::invalid_argument(
        "a fit with --groups may be several fits, which have no one --trace; leave it out");
  check_component_names(call.names, call.n_components);
  return {.data = call.data,
          .fit = call.fit,
          .run = call.run,
          .talk = call.talk,
          .groups = call.groups,
          .statistics = call.statistics,
          .n_components = call.n_components,
          .seed = call.seed,
          .survey = call.survey,
          .checkpoint = call.checkpoint,
          .names = call.names,
          .report = call.report};
}

}  // namespace mixbern::app
