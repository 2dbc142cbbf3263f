// Relations as JSON and as CSV.
#include <fmt/format.h>

#include <cmath>

#include "relate_report.hpp"
#include "survey_options.hpp"
#include "text.hpp"

namespace mixbern::app {
namespace {

Json matrix_json(const std::vector<double>& values, std::size_t n_columns) {
  Json rows = Json::array();
  for (std::size_t begin = 0; begin < values.size(); begin += n_columns) {
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(begin);
    rows.push_back(std::vector<double>(first, first + static_cast<std::ptrdiff_t>(n_columns)));
  }
  return rows;
}

void add_errors(Json& json, const StepErrors& errors) {
  json["standard_error"] = errors.standard_error;
  json["step3_standard_error"] = errors.step3_standard_error;
  if (!std::isnan(errors.corrected_standard_error))
    json["corrected_standard_error"] = errors.corrected_standard_error;
}

Json interval_json(const Interval& interval) {
  return {interval.lower, interval.upper};
}

Json coefficient_json(const Coefficient& own, const RelateStory& story) {
  const Interval interval = interval_of(own.estimate, own.errors.standard_error, story);
  Json json = {{"component", own.component + 1}, {"name", own.name}, {"estimate", own.estimate}};
  add_errors(json, own.errors);
  json["interval"] = interval_json(interval);
  json["odds_ratio"] = std::exp(own.estimate);
  json["odds_ratio_interval"] = interval_json({std::exp(interval.lower), std::exp(interval.upper)});
  json["p_value"] = p_value_of(own.estimate, own.errors.standard_error, story);
  return json;
}

Json coefficients_json(const RelateStory& story, std::size_t reference) {
  Json list = Json::array();
  for (const Coefficient& own : coefficients(*story.covariates, reference))
    list.push_back(coefficient_json(own, story));
  return list;
}

Json test_json(const RelateTest& test, const std::string& of) {
  return {{"of", of},
          {"name", test.name},
          {"statistic", test.statistic},
          {"degrees_of_freedom", test.degrees_of_freedom},
          {"p_value", test.p_value},
          {"adjusted_p_value", test.adjusted_p_value},
          {"step3_statistic", test.step3_statistic}};
}

Json outcome_json(const ClassOutcome& own, const OutcomeRelation& relation, const RelateStory& story) {
  Json json = {{"name", relation.name}, {"component", own.component + 1}};
  if (!own.category.empty()) json["category"] = own.category;
  json["mean"] = own.mean;
  add_errors(json, own.errors);
  json["interval"] = interval_json(interval_of(own, relation.kind, story));
  json["variance"] = own.variance;
  return json;
}

/// What every relation tells of how it was made. BCH maximises no likelihood.
Json base_json(const RelationBase& base) {
  return {{"log_likelihood", std::isnan(base.log_likelihood) ? Json(nullptr) : Json(base.log_likelihood)},
          {"n_parameters", base.n_parameters},
          {"n_rows", base.n_rows},
          {"n_left_out", base.n_left_out},
          {"n_rows_of_model", base.n_rows_of_model},
          {"converged", base.converged},
          {"n_iter", base.n_iter}};
}

void add_covariates(Json& json, const RelateStory& story) {
  const Relation& relation = *story.covariates;
  json["coefficients"] = coefficients_json(story, story.reference);
  if (story.all_references) {
    json["references"] = Json::array();
    for (std::size_t k = 0; k < story.n_components; ++k)
      json["references"].push_back({{"reference", k + 1}, {"coefficients", coefficients_json(story, k)}});
  }
  json["curves"] = Json::array();
  for (const MembershipCurve& curve : story.curves) {
    Json one = {{"name", curve.name}};
    one["values"] = curve.categories.empty() ? Json(curve.values) : Json(curve.categories);
    one["shares"] = matrix_json(curve.shares, story.n_components);
    json["curves"].push_back(std::move(one));
  }
  if (!relation.mixture) return;
  const Mixture& mixture = *relation.mixture;
  json["weights"] = std::vector<double>(mixture.weights().begin(), mixture.weights().end());
  const auto theta = mixture.probabilities();
  json["probabilities"] = matrix_json({theta.begin(), theta.end()}, mixture.n_features());
}

std::string cell(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : "";
}

std::string coefficient_lines(const RelateStory& story, std::size_t reference) {
  std::string out;
  for (const Coefficient& own : coefficients(*story.covariates, reference)) {
    const double error = own.errors.standard_error;
    const Interval interval = interval_of(own.estimate, error, story);
    out += fmt::format("covariates,{},{},{},{},{},{},{},{},{},{}\n", csv_cell(own.name),
                       csv_cell(story.items.component(own.component)),
                       csv_cell(story.items.component(reference)), cell(own.estimate), cell(error),
                       cell(own.errors.step3_standard_error), cell(interval.lower), cell(interval.upper),
                       cell(std::exp(own.estimate)), cell(p_value_of(own.estimate, error, story)));
  }
  return out;
}

std::string outcome_lines(const OutcomeRelation& relation, const RelateStory& story) {
  std::string out;
  for (const ClassOutcome& own : relation.classes) {
    const Interval interval = interval_of(own, relation.kind, story);
    const std::string name = relation.name + (own.category.empty() ? "" : "=" + own.category);
    out += fmt::format("outcome,{},{},,{},{},{},{},{},,\n", csv_cell(name),
                       csv_cell(story.items.component(own.component)), cell(own.mean),
                       cell(own.errors.standard_error), cell(own.errors.step3_standard_error),
                       cell(interval.lower), cell(interval.upper));
  }
  return out;
}

}  // namespace

Json relate_json(const RelateStory& story) {
  const RelationBase& first = story.first();
  Json json = {{"data", story.data_name}, {"model", story.model_name}};
  json.update(base_json(first));
  json["n_components"] = story.n_components;
  json["method"] = to_string(first.method);
  json["method_chosen_by"] = first.chosen_by_entropy ? "entropy" : "caller";
  json["assignment"] = to_string(first.assignment);
  if (first.one_step_errors) json["one_step_errors"] = to_string(*first.one_step_errors);
  if (!first.classification.empty())
    json["classification"] = matrix_json(first.classification, story.n_components);
  json["entropy"] = first.entropy;
  if (story.design) json["design"] = design_json(*story.design);
  if (story.n_replicates > 0) json["design"] = replicate_json(story.n_replicates, story.replicate_freedom);
  json["reference"] = story.reference + 1;
  json["coefficients"] = Json::array();
  if (story.covariates) add_covariates(json, story);
  json["outcomes"] = json["outcome_models"] = json["tests"] = Json::array();
  for (const RelateTest& test : story.covariates ? story.covariates->tests : std::vector<RelateTest>())
    json["tests"].push_back(test_json(test, "covariates"));
  for (const OutcomeRelation& relation : story.outcomes) {
    for (const ClassOutcome& own : relation.classes)
      json["outcomes"].push_back(outcome_json(own, relation, story));
    for (const RelateTest& test : relation.tests) json["tests"].push_back(test_json(test, relation.name));
    Json model = {{"name", relation.name}, {"kind", to_string(relation.kind)}};
    model.update(base_json(relation));
    model["n_without_outcome"] = relation.n_without_outcome;
    json["outcome_models"].push_back(std::move(model));
  }
  json["seconds"] = {{"read", story.seconds_read}, {"relate", story.seconds_relate}};
  return json;
}

std::string relate_csv(const RelateStory& story) {
  std::string out =
      "part,name,component,reference,estimate,standard_error,step3_standard_error,lower,upper,odds_ratio,"
      "p_value\n";
  for (std::size_t k = 0; story.covariates && k < story.n_components; ++k) {
    if (story.all_references || k == story.reference) out += coefficient_lines(story, k);
  }
  for (const OutcomeRelation& relation : story.outcomes) out += outcome_lines(relation, story);
  return out;
}

}  // namespace mixbern::app
