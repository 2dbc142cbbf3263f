#include "groups_report.hpp"

#include <fmt/format.h>

#include "groups_statistics.hpp"
#include "groups_table.hpp"
#include "mixbern/report/groups.hpp"
#include "survey_options.hpp"
#include "text.hpp"

namespace mixbern::app {
namespace {

constexpr std::size_t kNameWidth = 32;

constexpr std::size_t kWidth = 10, kWidthWithErrors = 18;

std::vector<std::string> names_of(const FreeItems& items, const GroupedNames& names) {
  std::vector<std::string> result;
  for (const std::size_t j : items) result.push_back(name_of_item(names, j));
  return result;
}

// The lines of a table, a number a component under its name.
class Text {
 public:
  explicit Text(const PaperTable& table) : table_(table) {}

  std::string header(const std::string& what) const {
    std::string text = fitted(what, kNameWidth + 2);
    // Over the estimate, which its error stands behind.
    const std::size_t behind = table_.with_errors ? 9 : 0, n_components = table_.lines.front().cells.size();
    for (std::size_t k = 0; k < n_components; ++k) {
      const std::string name = table_.items.component(k, width() - behind - 1);
      text += std::string(width() - behind - display_width(name), ' ') + name +
              std::string(k + 1 < n_components ? behind : 0, ' ');
    }
    return text + "\n";
  }
  std::string line(const std::string& name, const PaperLine& line) const {
    std::string text = "  " + fitted(name, kNameWidth);
    for (const EstimateCell& cell : line.cells) {
      const std::string shown = terminal_cell(cell, table_.with_errors);
      text += std::string(width() - display_width(shown), ' ') + shown;
    }
    return text + "\n";
  }

 private:
  std::size_t width() const { return table_.with_errors ? kWidthWithErrors : kWidth; }

  const PaperTable& table_;
};

std::string header_of_probabilities(const GroupedModel& model, const PaperTable& table) {
  const std::string caption = table.items.caption();
  const std::string equal = model.free_items.empty() ? "equal over groups" : "";
  return caption.empty() ? Text(table).header("probabilities" + (equal.empty() ? "" : ", " + equal))
                         : caption + "\n" + Text(table).header(equal);
}

std::string estimates_text(const GroupedModel& model, const GroupedNames& names, const PaperTable& table) {
  const Text text(table);
  std::string out = text.header(fmt::format("weights by {}", one_line(names.groups)));
  const std::size_t n_groups = model.group_names.size();
  for (std::size_t g = 0; g < n_groups; ++g) {
    const std::string name = fmt::format("{} ({:.6g})", one_line(model.group_names[g]), model.group_sizes[g]);
    out += text.line(name, table.lines[g]);
  }
  out += text.line("all", table.lines[n_groups]) + "\n" + header_of_probabilities(model, table);
  for (std::size_t at = n_groups + 1; at < table.lines.size(); ++at)
    out += text.line(table.lines[at].label, table.lines[at]);
  return out;
}

Json test_json(const InvarianceTest& test, const GroupedNames& names) {
  Json json = {{"restricted", test.restricted},
               {"general", test.general},
               {"statistic", test.likelihood_ratio.statistic},
               {"degrees_of_freedom", test.degrees_of_freedom},
               {"p_value", test.likelihood_ratio.p_value}};
  if (test.item) json["item"] = name_of_item(names, *test.item);
  if (test.item) json["adjusted_p_value"] = test.adjusted_p_value;
  if (test.bootstrap) {
    json["bootstrap"] = {{"p_value", test.bootstrap->p_value},
                         {"n_samples", test.bootstrap->n_samples},
                         {"n_exceeding", test.bootstrap->n_exceeding},
                         {"ended", to_string(test.bootstrap->ended)}};
  }
  if (test.score) {
    json["score"] = {{"statistic", test.score->statistic},
                     {"degrees_of_freedom", test.score_degrees_of_freedom},
                     {"p_value", test.score->p_value},
                     {"adjusted_p_value", test.adjusted_score_p_value}};
  }
  return json;
}

std::string test_line(const std::string& name, const InvarianceTest& test) {
  return fmt::format("  {}{:>10.4f}{:>8.6g}   p {}", fitted(name, kNameWidth),
                     test.likelihood_ratio.statistic, test.degrees_of_freedom, p_text(test.p_value()));
}

std::string score_line(const std::string& name, const InvarianceTest& test, double level) {
  return fmt::format("  {}{:>10.4f}{:>8.6g}   p {}   adjusted {}{}\n", fitted(name, kNameWidth),
                     test.score->statistic, test.score_degrees_of_freedom, p_text(test.score->p_value),
                     p_text(test.adjusted_score_p_value),
                     test.adjusted_score_p_value <= level ? "  differs" : "");
}

std::string drawn_words(const std::vector<InvarianceTest>& tests) {
  const bool drawn = !tests.empty() && tests.front().bootstrap;
  return drawn ? ", p from drawn data sets" : "";
}

}  // namespace

std::string name_of_item(const GroupedNames& names, std::size_t j) {
  return names.items.empty() || names.items[j].empty() ? fmt::format("#{}", j + 1) : names.items[j];
}

ItemLabels labels_of(const GroupedNames& names, const Items& items) {
  return {names.features, names.answers, names.components, items};
}

std::optional<GroupedErrors> shown_errors(const GroupedEvidence& evidence) {
  if (evidence.errors) return evidence.errors;
  const std::optional<GroupedBootstrap>& drawn =
      evidence.resampling ? evidence.resampling : evidence.bootstrap;
  if (!drawn) return std::nullopt;
  return GroupedErrors{.weights = drawn->weights,
                       .weights_of_all = drawn->weights_of_all,
                       .probabilities = drawn->probabilities};
}

Json grouped_json(const GroupedModel& model, const GroupedNames& names, const GroupedEvidence& evidence) {
  Json json = parsed(group_record(model, names.groups, names.items));
  json["answers"] = names.answers.of_item;
  if (evidence.errors) {
    const std::size_t n_components = model.joint.n_components(), n_groups = model.group_names.size();
    for (std::size_t g = 0; g < n_groups; ++g)
      json["groups"][g]["standard_errors"] = errors_of_group(
          evidence.errors->weights, evidence.errors->probabilities, g, n_groups, n_components);
    json["standard_errors"] = grouped_errors_json(*evidence.errors);
    if (!design_words(evidence.errors->joint).empty()) json["design"] = design_json(evidence.errors->joint);
  }
  if (evidence.bootstrap) json["bootstrap"] = grouped_bootstrap_json(*evidence.bootstrap, model);
  if (evidence.resampling) json["resampling"] = grouped_bootstrap_json(*evidence.resampling, model);
  if (evidence.statistics) json["statistics"] = grouped_statistics_json(*evidence.statistics, model, names);
  return json;
}

std::string grouped_text(const GroupedModel& model, const GroupedNames& names,
                         const GroupedEvidence& evidence) {
  std::string out = fmt::format(
      "log-likelihood given the groups {:.4f}\nAIC {:.4f}, BIC {:.4f}, {}\n{}, reached by {}{}\n\n",
      model.log_likelihood, model.aic(), model.bic(), counted(model.n_parameters, "parameter"),
      counted(model.n_init, "start"), grouped(model.n_init_at_best),
      model.converged ? "" : "; NOT converged");
  const std::optional<GroupedErrors> errors = shown_errors(evidence);
  const ItemLabels items = labels_of(names, model.mixtures.front().items());
  out += estimates_text(model, names, table_of(model, items, errors ? &*errors : nullptr));
  if (errors) {
    out += "\nstandard errors in brackets; – where a parameter lies at a bound or is not identified\n";
    const std::string design = design_remark(errors->joint);
    if (!design.empty()) out += design + "\n";
  }
  if (evidence.statistics) out += grouped_statistics_text(*evidence.statistics, model, names);
  if (evidence.bootstrap) out += grouped_bootstrap_text(*evidence.bootstrap);
  return out;
}

Json invariance_json(const Invariance& found, const GroupedNames& names) {
  Json json = {{"models", Json::array()}, {"tests", Json::array()}, {"items", Json::array()}};
  for (const NamedModel& named : found.models) {
    Json model = grouped_json(named.model, names);
    model["name"] = named.name;
    json["models"].push_back(std::move(model));
  }
  for (const InvarianceTest& test : found.tests) json["tests"].push_back(test_json(test, names));
  for (const InvarianceTest& test : found.items) json["items"].push_back(test_json(test, names));
  json["differing"] = names_of(found.differing, names);
  return json;
}

std::string invariance_text(const Invariance& found, const GroupedNames& names, double level) {
  std::string out = fmt::format("{}{:>16}{:>12}{:>14}{:>14}\n", fitted("model", 10), "log-likelihood",
                                "parameters", "AIC", "BIC");
  for (const NamedModel& named : found.models) {
    out += fmt::format("{}{:>16.4f}{:>12}{:>14.4f}{:>14.4f}\n", fitted(named.name, 10),
                       named.model.log_likelihood, named.model.n_parameters, named.model.aic(),
                       named.model.bic());
  }
  out += fmt::format("\nlikelihood ratios of the models, degrees of freedom{}\n", drawn_words(found.tests));
  for (const InvarianceTest& test : found.tests)
    out += test_line(test.restricted + " against " + test.general, test) + "\n";
  out += "\nitems: is it equal over the groups? (p adjusted by Holm over the items of a step)\n";
  for (const InvarianceTest& test : found.items) {
    out += test_line(one_line(name_of_item(names, *test.item)), test) +
           fmt::format("   adjusted {}{}\n", p_text(test.adjusted_p_value),
                       test.adjusted_p_value <= level ? "  differs" : "");
  }
  out += "\nitems by score tests at the equal or partial model\n";
  for (const InvarianceTest& test : found.items)
    out += score_line(one_line(name_of_item(names, *test.item)), test, level);
  const std::string which = joined(names_of(found.differing, names), ", ");
  return out + (found.differing.empty()
                    ? "\nno item differs between groups\n"
                    : fmt::format("\n{} between groups: {}\n",
                                  found.differing.size() == 1 ? "one item differs" : "items that differ",
                                  one_line(which)));
}

}  // namespace mixbern::app
