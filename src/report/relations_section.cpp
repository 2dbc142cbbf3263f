#include <cmath>

#include "report/sections.hpp"

namespace mixbern::report {
namespace {

constexpr double kLevel = 0.95;

Json interval_json(const Interval& interval) {
  return {interval.lower, interval.upper};
}

Json coefficient_json(const Coefficient& own, double degrees_of_freedom) {
  const double error = own.errors.standard_error;
  const Interval interval = wald_interval(own.estimate, error, kLevel, degrees_of_freedom);
  return {{"component", own.component},
          {"name", own.name},
          {"estimate", own.estimate},
          {"standard_error", error},
          {"odds_ratio", std::exp(own.estimate)},
          {"interval", interval_json({std::exp(interval.lower), std::exp(interval.upper)})},
          {"p_value", two_sided_p_value(own.estimate / error, degrees_of_freedom)}};
}

Json tests_json(const std::vector<RelateTest>& tests) {
  Json list = Json::array();
  for (const RelateTest& test : tests) {
    list.push_back({{"name", test.name},
                    {"statistic", test.statistic},
                    {"degrees_of_freedom", test.degrees_of_freedom},
                    {"p_value", test.p_value},
                    {"adjusted_p_value", test.adjusted_p_value}});
  }
  return list;
}

Json base_json(const RelationBase& base) {
  return {{"method", to_string(base.method)},
          {"method_chosen_by", base.chosen_by_entropy ? "entropy" : "caller"},
          {"assignment", to_string(base.assignment)},
          {"one_step_errors", base.one_step_errors ? Json(to_string(*base.one_step_errors)) : Json(nullptr)},
          {"n_rows", base.n_rows},
          {"n_left_out", base.n_left_out},
          {"log_likelihood", base.log_likelihood},
          {"entropy", base.entropy},
          {"converged", base.converged},
          {"warnings", base.warnings}};
}

Json covariates_json(const Relations& relations) {
  if (relations.covariates == nullptr) return nullptr;
  const Relation& relation = *relations.covariates;
  Json json = base_json(relation);
  json["reference"] = relation.reference;
  json["coefficients"] = json["curves"] = Json::array();
  for (const Coefficient& own : coefficients(relation, relation.reference))
    json["coefficients"].push_back(coefficient_json(own, relations.degrees_of_freedom));
  json["tests"] = tests_json(relation.tests);
  for (const MembershipCurve& curve : relations.curves) {
    json["curves"].push_back({{"name", curve.name},
                              {"values", curve.values},
                              {"categories", curve.categories},
                              {"shares", curve.shares}});
  }
  return json;
}

Json outcome_json(const OutcomeRelation& relation, double degrees_of_freedom) {
  Json json = base_json(relation);
  json["name"] = relation.name;
  json["kind"] = to_string(relation.kind);
  json["classes"] = Json::array();
  for (const ClassOutcome& own : relation.classes) {
    json["classes"].push_back(
        {{"component", own.component},
         {"category", own.category},
         {"mean", own.mean},
         {"standard_error", own.errors.standard_error},
         {"variance", own.variance},
         {"interval", interval_json(outcome_interval(own, relation.kind, kLevel, degrees_of_freedom))}});
  }
  json["tests"] = tests_json(relation.tests);
  return json;
}

}  // namespace

Json relations_section(const Relations& relations) {
  Json outcomes = Json::array();
  for (const OutcomeRelation& outcome : relations.outcomes)
    outcomes.push_back(outcome_json(outcome, relations.degrees_of_freedom));
  return {{"covariates", covariates_json(relations)}, {"outcomes", std::move(outcomes)}};
}

}  // namespace mixbern::report
