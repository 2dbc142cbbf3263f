#include "groups_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "text.hpp"

namespace mixbern::app {
namespace {

constexpr std::size_t kNameWidth = 28;

std::vector<std::vector<double>> rows_of(const Mixture& mixture) {
  std::vector<std::vector<double>> rows;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const auto theta = mixture.probabilities(k);
    rows.emplace_back(theta.begin(), theta.end());
  }
  return rows;
}

std::vector<std::string> names_of(const FreeItems& items, const GroupedNames& names) {
  std::vector<std::string> result;
  for (const std::size_t j : items) result.push_back(name_of_item(names, j));
  return result;
}

std::string feature_name(const GroupedNames& names, std::size_t d) {
  return names.features.empty() || names.features[d].empty() ? fmt::format("#{}", d + 1)
                                                             : one_line(names.features[d]);
}

// A line a group, or a feature: its name and a number a component.
std::string line_of(const std::string& name, std::span<const double> values) {
  std::string line = "  " + fitted(name, kNameWidth);
  for (const double value : values) line += fmt::format("{:>10.4f}", value);
  return line + "\n";
}

std::string header(const std::string& what, std::size_t n_components) {
  std::string line = fitted(what, kNameWidth + 2);
  for (std::size_t k = 0; k < n_components; ++k) line += fmt::format("{:>10}", k + 1);
  return line + "\n";
}

std::string weight_lines(const GroupedModel& model, const GroupedNames& names) {
  const std::size_t n_components = model.joint.n_components();
  std::string out = header(fmt::format("weights by {}", one_line(names.groups)), n_components);
  for (std::size_t g = 0; g < model.group_names.size(); ++g) {
    const std::span<const double> weights(model.weights.data() + g * n_components, n_components);
    out += line_of(fmt::format("{} ({:.6g})", one_line(model.group_names[g]), model.group_sizes[g]), weights);
  }
  return out + line_of("all", model.joint.weights());
}

// The features of an item in the eyes of all groups.
std::string item_lines(const GroupedModel& model, const GroupedNames& names, const Items::Group& item,
                       bool is_free) {
  const std::size_t n_components = model.joint.n_components();
  std::string out;
  for (std::size_t d = item.first; d < item.end(); ++d) {
    for (std::size_t g = 0; g < (is_free ? model.mixtures.size() : 1); ++g) {
      std::vector<double> row;
      for (std::size_t k = 0; k < n_components; ++k) row.push_back(model.mixtures[g].probabilities(k)[d]);
      const std::string at = is_free ? " @ " + one_line(model.group_names[g]) : "";
      out += line_of(feature_name(names, d) + at, row);
    }
  }
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

Json grouped_json(const GroupedModel& model, const GroupedNames& names) {
  const auto weights = model.joint.weights();
  const std::size_t n_components = weights.size();
  Json json = {{"n_components", n_components},
               {"log_likelihood", model.log_likelihood},
               {"n_parameters", model.n_parameters},
               {"aic", model.aic()},
               {"bic", model.bic()},
               {"converged", model.converged},
               {"n_init", model.n_init},
               {"n_init_at_best", model.n_init_at_best},
               {"group_column", names.groups},
               {"free", names_of(model.free_items, names)},
               {"weights", std::vector<double>(weights.begin(), weights.end())},
               {"groups", Json::array()}};
  for (std::size_t g = 0; g < model.group_names.size(); ++g) {
    const auto own = model.mixtures[g].weights();
    json["groups"].push_back({{"name", model.group_names[g]},
                              {"n", model.group_sizes[g]},
                              {"weights", std::vector<double>(own.begin(), own.end())},
                              {"probabilities", rows_of(model.mixtures[g])}});
  }
  return json;
}

std::string grouped_text(const GroupedModel& model, const GroupedNames& names) {
  std::string out = fmt::format(
      "log-likelihood given the groups {:.4f}\nAIC {:.4f}, BIC {:.4f}, {}\n{}, reached by {}{}\n\n",
      model.log_likelihood, model.aic(), model.bic(), counted(model.n_parameters, "parameter"),
      counted(model.n_init, "start"), grouped(model.n_init_at_best),
      model.converged ? "" : "; NOT converged");
  out += weight_lines(model, names) + "\n";
  out += header(model.free_items.empty() ? "probabilities, equal over groups" : "probabilities",
                model.joint.n_components());
  const Mixture& first = model.mixtures[0];
  const std::vector<Items::Group> items = first.items().all(first.n_features());
  for (std::size_t j = 0; j < items.size(); ++j)
    out += item_lines(model, names, items[j], std::ranges::binary_search(model.free_items, j));
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
