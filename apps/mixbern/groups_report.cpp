#include "groups_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "groups_statistics.hpp"
#include "item_labels.hpp"
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

// The table of a model: a number a component, with its standard error where there are any.
class Lines {
 public:
  Lines(const GroupedModel& model, const GroupedNames& names, const GroupedErrors* errors)
      : model_(model),
        names_(names),
        labels_(names.features, names.answers, names.components, model.mixtures[0].items()),
        errors_(errors),
        n_components_(model.joint.n_components()) {}

  std::string weights() const {
    std::string out = header(fmt::format("weights by {}", one_line(names_.groups)));
    for (std::size_t g = 0; g < model_.group_names.size(); ++g) {
      const std::size_t first = g * n_components_;
      out += line(fmt::format("{} ({:.6g})", one_line(model_.group_names[g]), model_.group_sizes[g]),
                  part(model_.weights, first), errors_ != nullptr ? part(errors_->weights, first) : Part());
    }
    const Part of_all = errors_ != nullptr ? part(errors_->weights_of_all, 0) : Part();
    return out + line("all", model_.joint.weights(), of_all);
  }
  std::string probabilities() const {
    const std::string caption = labels_.caption();
    const std::string equal = model_.free_items.empty() ? "equal over groups" : "";
    std::string out = caption.empty() ? header("probabilities" + (equal.empty() ? "" : ", " + equal))
                                      : caption + "\n" + header(equal);
    const Mixture& first = model_.mixtures[0];
    const std::vector<Items::Group> items = first.items().all(first.n_features());
    for (std::size_t j = 0; j < items.size(); ++j) out += item(items[j], is_free(j));
    return out;
  }

 private:
  using Part = std::span<const double>;

  bool is_free(std::size_t j) const { return std::ranges::binary_search(model_.free_items, j); }
  std::size_t width() const { return errors_ != nullptr ? kWidthWithErrors : kWidth; }
  Part part(const std::vector<double>& values, std::size_t first) const {
    return Part(values).subspan(first, n_components_);
  }

  std::string header(const std::string& what) const {
    std::string text = fitted(what, kNameWidth + 2);
    for (std::size_t k = 0; k < n_components_; ++k) {
      // Over the estimate, which its error stands behind.
      const std::size_t behind = errors_ != nullptr ? 9 : 0;
      const std::string name = labels_.component(k, width() - behind - 1);
      text += std::string(width() - behind - display_width(name), ' ') + name +
              std::string(k + 1 < n_components_ ? behind : 0, ' ');
    }
    return text + "\n";
  }
  // Only the weight of a single component is known whatever the data.
  std::string error_text(double error) const {
    if (error == 0 && n_components_ == 1) return "  (fixed)";
    return std::isnan(error) ? "    –    " : fmt::format(" ({:.4f})", error);
  }
  std::string line(const std::string& name, Part values, Part errors) const {
    std::string text = "  " + fitted(name, kNameWidth);
    for (std::size_t k = 0; k < values.size(); ++k) {
      text += fmt::format("{:>{}.4f}", values[k], width() - (errors.empty() ? 0 : 9));
      if (!errors.empty()) text += error_text(errors[k]);
    }
    return text + "\n";
  }
  // The features of an item in the eyes of all groups.
  std::string item(const Items::Group& item, bool is_free) const {
    std::string out;
    for (std::size_t d = item.first; d < item.end(); ++d) {
      for (std::size_t g = 0; g < (is_free ? model_.mixtures.size() : 1); ++g) {
        const std::string at = is_free ? " @ " + one_line(model_.group_names[g]) : "";
        out += cells(labels_.label(d) + at, g, d);
      }
    }
    return out;
  }
  std::string cells(const std::string& name, std::size_t g, std::size_t d) const {
    const std::size_t n_features = model_.mixtures[g].n_features();
    std::vector<double> values, errors;
    for (std::size_t k = 0; k < n_components_; ++k) {
      values.push_back(model_.mixtures[g].probabilities(k)[d]);
      if (errors_ != nullptr)
        errors.push_back(errors_->probabilities[(g * n_components_ + k) * n_features + d]);
    }
    return line(name, values, errors);
  }

  const GroupedModel& model_;
  const GroupedNames& names_;
  ItemLabels labels_;
  const GroupedErrors* errors_;
  std::size_t n_components_;
};

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
  const Lines lines(model, names, errors ? &*errors : nullptr);
  out += lines.weights() + "\n" + lines.probabilities();
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
