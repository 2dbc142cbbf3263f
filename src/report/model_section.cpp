#include <algorithm>
#include <cmath>
#include <numeric>

#include "report/sections.hpp"
#include "report/tensor.hpp"

namespace mixbern::report {
namespace {

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Classification classify(const Source& source, const Context& context) {
  if (source.candidate != nullptr) return source.candidate->classification;
  return classification(
      source.mixture, *context.data,
      {.threads = context.options.threads, .semi_supervised = source.estimation().semi_supervised});
}

// Given the groups their shares are no parameters.
std::size_t n_parameters(const Source& source, const Context& context) {
  const ReportGroups* groups = context.options.groups;
  return groups != nullptr ? groups->model->n_parameters : source.mixture.n_parameters();
}

Json criteria_section(const Source& source, const Context& context, const Findings& findings) {
  const double log_likelihood = findings.log_likelihood.value_or(std::nan(""));
  const std::size_t p = n_parameters(source, context);
  if (findings.classification) {
    return criteria_json(
        criteria(log_likelihood, p, findings.classification->n, findings.classification->uncertainty));
  }
  Json json = criteria_json(criteria(log_likelihood, p, std::nan(""), std::nan("")));
  json["bic"] = recorded_number(source.record, "bic");
  return json;
}

Json classification_section(const Findings& findings) {
  if (!findings.classification) return nullptr;
  const Classification& sharp = *findings.classification;
  const std::size_t n_components = sharp.sizes_by_mode.size();
  return {{"entropy", sharp.entropy},
          {"entropy_r2", sharp.entropy_r2},
          {"error", sharp.error},
          {"sizes_by_posterior", sharp.sizes_by_posterior},
          {"sizes_by_mode", sharp.sizes_by_mode},
          {"average_posteriors",
           tensor(std::span<const double>(sharp.average_posteriors), {n_components, n_components})}};
}

Json seconds_section(const FitResult& fit, const ReportOptions& options) {
  return {{"read", number_or_null(options.seconds_read)},
          {"init", fit.seconds_init},
          {"em", fit.seconds_em},
          {"total", number_or_null(options.seconds_total)}};
}

Json fit_section(const Source& source, const Context& context) {
  const Json& record = source.record;
  Json json = Json::object();
  json["converged"] = recorded_flag(record, "converged");
  json["stop_reason"] = recorded_text(record, "stop_reason");
  json["n_iter"] = recorded_number(record, "n_iter");
  json["init"] = recorded_text(record, "init");
  for (const char* name : {"n_init", "n_init_at_best", "seed", "tol", "max_iter", "smoothing"})
    json[name] = recorded_number(record, name);
  for (const char* name : {"smoothing_target", "accelerate", "precision"})
    json[name] = recorded_text(record, name);
  json["semi_supervised"] = recorded_flag(record, "semi_supervised");
  const FitResult* fit = source.fit;
  json["threads"] = fit != nullptr ? Json(fit->threads) : Json(nullptr);
  json["kernel"] = fit != nullptr ? Json(fit->kernel) : Json(nullptr);
  json["total_iterations"] = fit != nullptr ? Json(fit->total_iterations) : Json(nullptr);
  json["seconds"] = fit != nullptr ? seconds_section(*fit, context.options) : Json(nullptr);
  json["warnings"] = source.candidate != nullptr ? Json(source.candidate->warnings)
                     : fit != nullptr            ? Json(fit->warnings)
                                                 : Json::array();
  return json;
}

std::vector<double> log_likelihoods_of(const Source& source) {
  return source.fit != nullptr ? source.fit->log_likelihoods
                               : recorded_numbers(source.record, "log_likelihoods");
}

std::optional<double> optimum_margin_of(const Source& source) {
  if (source.fit != nullptr) return source.fit->optimum_margin;
  const Json margin = recorded_number(source.record, "optimum_margin");
  return margin.is_number() ? std::optional(margin.get<double>()) : std::nullopt;
}

/// Which starts show their traces: the best ones.
std::vector<bool> with_trace(const std::vector<double>& log_likelihoods, std::size_t most) {
  std::vector<std::size_t> order(log_likelihoods.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto value = [&](std::size_t i) {
    return std::isnan(log_likelihoods[i]) ? -HUGE_VAL : log_likelihoods[i];
  };
  std::ranges::stable_sort(order, std::greater<>(), value);
  std::vector<bool> shown(order.size(), false);
  for (std::size_t i = 0; i < std::min(order.size(), most); ++i) shown[order[i]] = true;
  return shown;
}

Json starts_section(const Source& source) {
  const std::vector<double> log_likelihoods = log_likelihoods_of(source);
  const std::vector<bool> shown = with_trace(log_likelihoods, source.most_traces);
  Json list = Json::array();
  for (std::size_t i = 0; i < log_likelihoods.size(); ++i) {
    const StartTrace* trace =
        source.fit != nullptr && i < source.fit->traces.size() ? &source.fit->traces[i] : nullptr;
    Json start = {{"log_likelihood", log_likelihoods[i]}, {"trace", nullptr}};
    if (trace != nullptr && !trace->iterations.empty() && shown[i]) {
      start["trace"] = {{"iteration", trace->iterations},
                        {"mean_log_likelihood", trace->mean_log_likelihoods}};
    }
    list.push_back(std::move(start));
  }
  return list;
}

Json labels_section(const Source& source, const Context& context, const Findings& findings) {
  if (!findings.rows || context.labels.empty()) return nullptr;
  const std::size_t n_components = source.mixture.n_components(), n_labels = context.labels.size();
  // Held labels would agree with themselves.
  const Agreement agreed =
      source.estimation().semi_supervised
          ? agreement(source.mixture, *context.data, {.threads = context.options.threads})
          : agreement(findings.rows->components, n_components, context.data->labels, context.data->weights);
  std::vector<double> table(agreed.table.size());
  for (std::size_t l = 0; l < n_labels; ++l) {
    for (std::size_t k = 0; k < n_components; ++k)
      table[k * n_labels + l] = agreed.table[l * n_components + k];
  }
  return {{"table", tensor(std::span<const double>(table), {n_components, n_labels})},
          {"purity", agreed.purity},
          {"adjusted_rand", agreed.adjusted_rand},
          {"normalised_mutual_information", agreed.normalised_mutual_information},
          {"n", agreed.n}};
}

Json mean_log_likelihood(const Findings& findings) {
  if (!findings.log_likelihood || !findings.total_weight || !(*findings.total_weight > 0)) return nullptr;
  return *findings.log_likelihood / *findings.total_weight;
}

std::optional<double> optional_number(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<double>());
}

}  // namespace

Findings find(const Source& source, const Context& context) {
  if (context.data == nullptr) {
    return {.log_likelihood = optional_number(recorded_number(source.record, "log_likelihood")),
            .total_weight = optional_number(recorded_number(source.record, "total_weight"))};
  }
  Findings findings{.classification = classify(source, context),
                    .rows = tabulate_rows(source, context),
                    .table = table_statistics(source, context),
                    .total_weight = context.sums.total_weight};
  if (context.options.groups != nullptr) {
    findings.log_likelihood = context.options.groups->model->log_likelihood;
    return findings;
  }
  findings.log_likelihood =
      source.fit != nullptr ? source.fit->log_likelihood : findings.rows->log_likelihood;
  return findings;
}

Json model_section(const Source& source, const Context& context, const Findings& findings) {
  const Mixture& mixture = source.mixture;
  Json json = {
      {"n_components", mixture.n_components()},
      {"n_parameters", n_parameters(source, context)},
      {"log_likelihood", number_or_null(findings.log_likelihood)},
      {"mean_log_likelihood", mean_log_likelihood(findings)},
      {"weights", std::vector<double>(mixture.weights().begin(), mixture.weights().end())},
      {"probabilities", tensor(mixture.probabilities(), {mixture.n_components(), mixture.n_features()})}};
  json["standard_errors"] = standard_errors_section(findings.table, context, mixture);
  json["criteria"] = criteria_section(source, context, findings);
  json["classification"] = classification_section(findings);
  json["verdict"] = verdict_section(source, context, findings);
  json["fit"] = fit_section(source, context);
  json["starts"] = starts_section(source);
  json["optima"] = optima_json(distinct_optima(log_likelihoods_of(source), optimum_margin_of(source)));
  json["components"] = components_section(source, context, findings);
  json["rows"] = findings.rows ? rows_section(*findings.rows, context) : Json(nullptr);
  json["labels"] = labels_section(source, context, findings);
  json["goodness_of_fit"] =
      findings.table.goodness_of_fit ? goodness_of_fit_json(*findings.table.goodness_of_fit) : Json(nullptr);
  json["bivariate_residuals"] = bivariate_residuals_section(findings, context, n_items(mixture));
  json["pattern_residuals"] = pattern_residuals_section(findings, context);
  return json;
}

}  // namespace mixbern::report
