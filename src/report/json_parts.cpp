#include "report/json_parts.hpp"

#include <cmath>

#include "mixbern/kernels/version.hpp"

namespace mixbern::report {
namespace {

constexpr double kLevel = 0.95;

Json test_json(const TestStatistic& test) {
  return {{"statistic", test.statistic}, {"p_value", test.p_value}};
}

Json matrix_json(const std::vector<double>& values, std::size_t columns) {
  Json rows = Json::array();
  for (std::size_t begin = 0; begin < values.size(); begin += columns)
    rows.push_back(std::vector<double>(values.begin() + static_cast<std::ptrdiff_t>(begin),
                                       values.begin() + static_cast<std::ptrdiff_t>(begin + columns)));
  return rows;
}

Json interval_json(double estimate, double error, const StandardErrors& errors) {
  const Interval interval = logit_interval(estimate, error, kLevel, errors.degrees_of_freedom);
  return {interval.lower, interval.upper};
}

void add_result(Json& json, const FitResult& fit) {
  json["n_components"] = fit.mixture.n_components();
  json["n_parameters"] = fit.mixture.n_parameters();
  json["log_likelihood"] = fit.log_likelihood;
  json["mean_log_likelihood"] = fit.mean_log_likelihood();
  json["aic"] = fit.aic();
  json["bic"] = fit.bic();
  json["n_iter"] = fit.n_iter;
  json["converged"] = fit.converged;
  json["stop_reason"] = to_string(fit.stop_reason);
  json["init"] = to_string(fit.options.init);
  json["n_init"] = fit.n_init;
  json["n_init_at_best"] = fit.n_init_at_best;
  json["optimum_margin"] = fit.optimum_margin;
  if (std::isfinite(fit.unseen_share)) json["unseen_share"] = fit.unseen_share;
  if (!fit.start_kinds.empty()) json["starts"] = Json::array();
  for (const StartKind& kind : fit.start_kinds)
    json["starts"].push_back(
        {{"init", to_string(kind.init)}, {"n_init", kind.n_init}, {"n_init_at_best", kind.n_init_at_best}});
  json["log_likelihoods"] = fit.log_likelihoods;
}

void add_options(Json& json, const FitOptions& options) {
  json["max_iter"] = options.max_iter;
  json["tol"] = options.tol ? Json(*options.tol) : Json(nullptr);
  json["smoothing"] = options.estimation.smoothing;
  json["smoothing_target"] = to_string(options.estimation.smoothing_target);
  json["accelerate"] = to_string(options.acceleration);
  json["precision"] = to_string(options.precision);
  json["semi_supervised"] = options.estimation.semi_supervised;
  json["weights_kind"] = to_string(options.estimation.weights_kind);
  json["seed"] = options.seed;
}

Json saturated_json(const SaturatedTests& tests) {
  return {{"log_likelihood", tests.log_likelihood},
          {"g2", test_json(tests.g2)},
          {"degrees_of_freedom", tests.degrees_of_freedom},
          {"mcar", test_json(tests.mcar)},
          {"mcar_degrees_of_freedom", tests.mcar_degrees_of_freedom}};
}

}  // namespace

Json criteria_json(const Criteria& criteria) {
  return {{"aic", criteria.aic},   {"aic3", criteria.aic3},
          {"bic", criteria.bic},   {"sabic", criteria.sabic},
          {"caic", criteria.caic}, {"icl_bic", criteria.icl_bic},
          {"awe", criteria.awe},   {"classification_log_likelihood", criteria.classification_log_likelihood}};
}

Json classification_json(const Classification& sharp) {
  return {{"n", sharp.n},
          {"uncertainty", sharp.uncertainty},
          {"entropy", sharp.entropy},
          {"entropy_r2", sharp.entropy_r2},
          {"error", sharp.error},
          {"sizes_by_posterior", sharp.sizes_by_posterior},
          {"sizes_by_mode", sharp.sizes_by_mode},
          {"average_posteriors", matrix_json(sharp.average_posteriors, sharp.sizes_by_mode.size())}};
}

Json goodness_of_fit_json(const GoodnessOfFit& fit) {
  Json json = {{"n", fit.n},
               {"n_patterns", fit.n_patterns},
               {"n_cells", fit.n_cells},
               {"degrees_of_freedom", fit.degrees_of_freedom},
               {"sparse", fit.sparse},
               {"g2", test_json(fit.g2)},
               {"x2", test_json(fit.x2)},
               {"cressie_read", test_json(fit.cressie_read)}};
  if (fit.saturated) json["saturated"] = saturated_json(*fit.saturated);
  return json;
}

Json optima_json(std::span<const Optimum> optima) {
  Json list = Json::array();
  for (const Optimum& optimum : optima)
    list.push_back({{"log_likelihood", optimum.log_likelihood}, {"n_init", optimum.n_init}});
  return list;
}

std::size_t n_items(const Mixture& mixture) {
  return mixture.items().all(mixture.n_features()).size();
}

Json bootstrap_json(const BootstrapFit& bootstrap, const Mixture& mixture) {
  const std::size_t items = n_items(mixture);
  Json json = {{"n_samples", bootstrap.n_samples},
               {"standard_errors",
                {{"weights", bootstrap.weights},
                 {"probabilities", matrix_json(bootstrap.probabilities, mixture.n_features())}}}};
  if (bootstrap.pair_p_values.empty() && std::isnan(bootstrap.g2_p_value)) return json;
  json["g2_p_value"] = bootstrap.g2_p_value;
  json["x2_p_value"] = bootstrap.x2_p_value;
  json["cressie_read_p_value"] = bootstrap.cressie_read_p_value;
  if (!std::isnan(bootstrap.saturated_p_value)) {
    json["saturated_p_value"] = bootstrap.saturated_p_value;
    json["mcar_p_value"] = bootstrap.mcar_p_value;
  }
  json["pair_p_values"] = Json::array();
  for (std::size_t a = 0; a < items; ++a) {
    for (std::size_t b = a + 1; b < items; ++b) {
      json["pair_p_values"].push_back(
          {{"first", a}, {"second", b}, {"p_value", bootstrap.pair_p_values[pair_index(a, b, items)]}});
    }
  }
  return json;
}

Json blrt_json(const BootstrapTest& test) {
  return {{"statistic", test.statistic},     {"p_value", test.p_value},
          {"n_samples", test.n_samples},     {"n_samples_asked", test.n_samples_asked},
          {"n_exceeding", test.n_exceeding}, {"ended", to_string(test.ended)}};
}

Json vlmr_json(const LikelihoodRatioTest& test) {
  return {{"statistic", test.plain.statistic},
          {"p_value", test.plain.p_value},
          {"adjusted_statistic", test.adjusted.statistic},
          {"adjusted_p_value", test.adjusted.p_value},
          {"note", kLikelihoodRatioCaution}};
}

Json standard_errors_json(const StandardErrors& errors, const Mixture& mixture) {
  const std::size_t n_features = mixture.n_features();
  Json weights = Json::array(), probabilities = Json::array(), boundary = Json::array();
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    weights.push_back(interval_json(mixture.weights()[k], errors.weights[k], errors));
    Json row = Json::array();
    for (std::size_t d = 0; d < n_features; ++d)
      row.push_back(
          interval_json(mixture.probabilities(k)[d], errors.probabilities[k * n_features + d], errors));
    probabilities.push_back(std::move(row));
  }
  for (const std::size_t j : errors.boundary) boundary.push_back({j / n_features, j % n_features});
  return {{"method", errors.n_replicates > 0 ? "replicates" : to_string(errors.method)},
          {"weights", errors.weights},
          {"probabilities", matrix_json(errors.probabilities, n_features)},
          {"intervals", {{"level", kLevel}, {"weights", weights}, {"probabilities", probabilities}}},
          {"boundary", boundary},
          {"n_free", errors.n_free},
          {"rank", errors.rank},
          {"identified", errors.identified()}};
}

Json agreement_json(const Agreement& agreement, std::size_t n_components) {
  Json json = {{"n", agreement.n},
               {"labels", agreement.labels},
               {"table", matrix_json(agreement.table, n_components)},
               {"purity", agreement.purity},
               {"adjusted_rand", agreement.adjusted_rand},
               {"normalised_mutual_information", agreement.normalised_mutual_information}};
  if (!agreement.label_names.empty()) json["label_names"] = agreement.label_names;
  return json;
}

Json fit_record_json(const FitResult& fit, const Dataset& data, const std::string& data_name) {
  Json json = {{"version", version()},
               {"data", data_name},
               {"n_rows", fit.n_rows},
               {"n_distinct_rows", counted_or_null(fit.n_distinct_rows)},
               {"n_features", fit.mixture.n_features()},
               {"total_weight", fit.total_weight},
               {"missing_share", missing_share(data)}};
  add_result(json, fit);
  add_options(json, fit.options);
  return json;
}

Json counted_or_null(std::size_t n_distinct_rows) {
  return n_distinct_rows != 0 ? Json(n_distinct_rows) : Json(nullptr);
}

double missing_share(const Dataset& data) {
  const double cells = static_cast<double>(data.n_rows()) * static_cast<double>(data.n_features());
  return data.missing && cells > 0 ? static_cast<double>(count_ones(*data.missing)) / cells : 0.0;
}

std::string printed(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace mixbern::report
