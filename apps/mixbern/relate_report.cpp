#include "relate_report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "fit_report.hpp"
#include "survey_options.hpp"
#include "text.hpp"

namespace mixbern::app {
namespace {

constexpr std::size_t kNameWidth = 28;
constexpr double kLevel = 0.95;

std::string number(double value) {
  if (!std::isfinite(value)) return "–";
  return std::abs(value) < 1e5 ? fmt::format("{:.4f}", value) : fmt::format("{:.3e}", value);
}

std::string right(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, display_width(text)), ' ') + text;
}

std::string interval_text(const Interval& interval) {
  if (!std::isfinite(interval.lower) || !std::isfinite(interval.upper)) return "–";
  return number(interval.lower) + " … " + number(interval.upper);
}

std::string name_of(const std::string& name) {
  return "  " + fitted(one_line(name), kNameWidth - 2);
}

std::string component_name(const RelateStory& story, std::size_t k) {
  const std::string name = story.items.component(k);
  return name == std::to_string(k + 1) ? "component " + name : name;
}

std::string method_words(const RelateStory& story) {
  const RelationBase& base = story.first();
  const std::string assigned = fmt::format("{} assignment", to_string(base.assignment));
  switch (base.method) {
    case RelateMethod::kMl:
      return "three steps, " + assigned + ", its errors corrected by maximum likelihood (Vermunt 2010)";
    case RelateMethod::kBch:
      return "three steps, " + assigned + ", its errors corrected by weights (BCH 2004)";
    case RelateMethod::kTwoStep:
      return "two steps, the items' probabilities held (Bakk and Kuha 2018)";
    case RelateMethod::kOneStep:
    case RelateMethod::kAuto:
      break;
  }
  return "one step, items and covariates together";
}

std::string choice_words(const RelationBase& base) {
  if (!base.chosen_by_entropy) return "";
  return fmt::format(", chosen as the relative entropy is {} {}",
                     base.method == RelateMethod::kOneStep ? "below" : "at least", kLeastEntropy);
}

std::string error_words(const RelateStory& story) {
  if (story.design) return "standard errors of the " + design_words(*story.design);
  if (story.n_replicates > 0)
    return "standard errors of the " + replicate_words(story.n_replicates, story.replicate_freedom);
  if (const auto errors = story.first().one_step_errors)
    return fmt::format("standard errors: {}", to_string(*errors));
  return "standard errors carry every step";
}

std::string rows_words(const RelationBase& base, const char* what) {
  if (base.n_left_out == 0) return counted(base.n_rows, "row");
  return fmt::format("{}, {} more left out for want of {}", counted(base.n_rows, "row"),
                     grouped(base.n_left_out), what);
}

std::string rows_words(const OutcomeRelation& relation) {
  std::string words = rows_words(relation, "it");
  if (relation.n_without_outcome == 0) return words;
  return words + fmt::format(", {} of them without it tell of the components' sizes alone",
                             grouped(relation.n_without_outcome));
}

std::string end_line(const RelationBase& base) {
  std::string line = std::isfinite(base.log_likelihood)
                         ? fmt::format("log-likelihood {:.4f}, ", base.log_likelihood)
                         : std::string();
  line += counted(base.n_parameters, "parameter");
  if (base.entropy > 0) line += fmt::format(", relative entropy {:.3f}", base.entropy);
  return line +
         (base.converged ? "" : fmt::format("; NOT converged after {}", counted(base.n_iter, "iteration"))) +
         "\n";
}

std::string coefficient_line(const Coefficient& own, const RelateStory& story) {
  const double error = own.errors.standard_error;
  std::string line = name_of(own.name) + right(number(own.estimate), 11) + right(number(error), 12);
  if (own.name == "intercept") return line + "\n";
  const Interval interval = interval_of(own.estimate, error, story);
  return line + right(number(std::exp(own.estimate)), 12) +
         right(interval_text({std::exp(interval.lower), std::exp(interval.upper)}), 24) +
         right(p_text(p_value_of(own.estimate, error, story)), 9) + "\n";
}

std::string coefficients_text(const RelateStory& story, std::size_t reference) {
  std::string out = fitted("against " + component_name(story, reference), kNameWidth) +
                    right("log odds", 11) + right("std. error", 12) + right("odds ratio", 12) +
                    right("95 % interval", 24) + right("p", 9) + "\n";
  std::size_t component = story.n_components;
  for (const Coefficient& own : coefficients(*story.covariates, reference)) {
    if (own.component != component) out += component_name(story, own.component) + "\n";
    component = own.component;
    out += coefficient_line(own, story);
  }
  return out;
}

std::string test_line(const RelateTest& test, bool adjusted) {
  return name_of(test.name) + right(number(test.statistic), 11) +
         right(fmt::format("{:g}", test.degrees_of_freedom), 6) + right(p_text(test.p_value), 10) +
         (adjusted ? right(p_text(test.adjusted_p_value), 12) : "") + "\n";
}

std::string covariates_text(const RelateStory& story) {
  const Relation& relation = *story.covariates;
  std::string out =
      "\nWhat predicts the component: " + rows_words(relation, "a covariate") + "\n" + end_line(relation);
  for (std::size_t k = 0; k < story.n_components; ++k) {
    if (story.all_references || k == story.reference) out += "\n" + coefficients_text(story, k);
  }
  out += "\n" + fitted("all coefficients are 0", kNameWidth) + right("Wald", 11) + right("df", 6) +
         right("p", 10) + "\n";
  for (const RelateTest& test : relation.tests) out += test_line(test, false);
  return out;
}

std::string means_text(const OutcomeRelation& relation, const RelateStory& story) {
  const bool nominal = relation.kind == OutcomeKind::kNominal;
  std::string out = fitted("component", kNameWidth) + right(nominal ? "share" : "mean", 11) +
                    right("std. error", 12) + right("95 % interval", 24) +
                    (nominal ? "" : right("variance", 12)) + "\n";
  for (const ClassOutcome& own : relation.classes) {
    const std::string name =
        story.items.component(own.component) + (own.category.empty() ? "" : ", " + own.category);
    out += name_of(name) + right(number(own.mean), 11) + right(number(own.errors.standard_error), 12) +
           right(interval_text(interval_of(own, relation.kind, story)), 24) +
           (nominal ? "" : right(number(own.variance), 12)) + "\n";
  }
  return out;
}

std::string outcome_text(const OutcomeRelation& relation, const RelateStory& story) {
  std::string out = fmt::format("\n{} by component: {}, {}\n", one_line(relation.name),
                                to_string(relation.kind), rows_words(relation)) +
                    end_line(relation) + "\n" + means_text(relation, story);
  out += "\n" + fitted("components are equal", kNameWidth) + right("Wald", 11) + right("df", 6) +
         right("p", 10) + (relation.tests.size() > 1 ? right("adjusted p", 12) : "") + "\n";
  for (std::size_t t = 0; t < relation.tests.size(); ++t) out += test_line(relation.tests[t], t > 0);
  return out;
}

}  // namespace

double RelateStory::degrees_of_freedom() const {
  if (n_replicates > 0) return replicate_freedom;
  return design ? design->degrees_of_freedom() : std::numeric_limits<double>::infinity();
}

const RelationBase& RelateStory::first() const {
  if (covariates) return *covariates;
  return outcomes.front();
}

Interval interval_of(double estimate, double error, const RelateStory& story) {
  return wald_interval(estimate, error, kLevel, story.degrees_of_freedom());
}

Interval interval_of(const ClassOutcome& own, OutcomeKind kind, const RelateStory& story) {
  return outcome_interval(own, kind, kLevel, story.degrees_of_freedom());
}

double p_value_of(double estimate, double error, const RelateStory& story) {
  return two_sided_p_value(estimate / error, story.degrees_of_freedom());
}

std::string relate_text(const RelateStory& story) {
  const std::string how =
      fmt::format("{} of {}: {}; {}", counted(story.n_components, "component"), one_line(story.model_name),
                  method_words(story) + choice_words(story.first()), error_words(story));
  std::string out = data_line(story.data, story.data_name) + "\n" + joined(wrapped(how, 100), "\n") + "\n";
  if (story.covariates) out += covariates_text(story);
  for (const OutcomeRelation& outcome : story.outcomes) out += outcome_text(outcome, story);
  return out;
}

}  // namespace mixbern::app
