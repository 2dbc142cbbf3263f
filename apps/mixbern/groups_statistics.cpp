#include "groups_statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "statistics_report.hpp"
#include "text.hpp"

namespace mixbern::app {
namespace {

constexpr std::size_t kMostShown = 5;

// What they share with those of a plain mixture.
Statistics shared_part(const GroupedStatistics& statistics) {
  return {.classification = statistics.classification,
          .criteria = statistics.criteria,
          .fit = statistics.fit,
          .sampled = std::isnan(statistics.fit.g2.p_value) && statistics.fit.degrees_of_freedom > 0 &&
                     std::isfinite(statistics.fit.degrees_of_freedom),
          .pairs = {},
          .patterns = {},
          .optima = {}};
}

std::size_t n_items(const GroupedStatistics& statistics) {
  return statistics.with_groups.size();
}

// Items, those whose answers hang together with the group most first.
std::vector<std::size_t> by_residual(const GroupedStatistics& statistics) {
  std::vector<std::size_t> order(n_items(statistics));
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t j) { return statistics.with_groups[j]; });
  return order;
}

std::string residual_lines(const GroupedStatistics& statistics, const GroupedNames& names) {
  std::string out =
      fmt::format("largest residuals of items by {} (above 3.84 an item differs)\n", one_line(names.groups));
  for (const std::size_t j : by_residual(statistics)) {
    out += fmt::format("  {:>9.4f}  {}\n", statistics.with_groups[j], one_line(name_of_item(names, j)));
    if (static_cast<std::size_t>(std::ranges::count(out, '\n')) > kMostShown) break;
  }
  return out;
}

std::string pair_lines(const GroupedStatistics& statistics, const GroupedModel& model,
                       const GroupedNames& names) {
  struct Line {
    std::size_t group;
    PairResidual pair;
  };
  std::vector<Line> lines;
  for (std::size_t g = 0; g < statistics.pairs.size(); ++g) {
    for (const PairResidual& pair : largest_pairs(statistics.pairs[g], n_items(statistics)))
      lines.push_back({g, pair});
  }
  if (lines.empty()) return "";
  std::ranges::stable_sort(lines, std::greater<>(), [](const Line& line) { return line.pair.residual; });
  std::string out = "largest residuals of pairs within groups (above 3.84 the classes do not explain them)\n";
  for (const Line& line : std::span(lines).first(std::min(lines.size(), kMostShown))) {
    out += fmt::format(
        "  {:>9.4f}  {}, {}, in {}\n", line.pair.residual, one_line(name_of_item(names, line.pair.first)),
        one_line(name_of_item(names, line.pair.second)), one_line(model.group_names[line.group]));
  }
  return out;
}

std::vector<std::vector<double>> rows_of(std::span<const double> values, std::size_t n_rows) {
  std::vector<std::vector<double>> rows;
  const std::size_t n_columns = values.size() / n_rows;
  for (std::size_t k = 0; k < n_rows; ++k) {
    const auto row = values.subspan(k * n_columns, n_columns);
    rows.emplace_back(row.begin(), row.end());
  }
  return rows;
}

}  // namespace

Json errors_of_group(std::span<const double> weights, std::span<const double> probabilities, std::size_t g,
                     std::size_t n_groups, std::size_t n_components) {
  const std::size_t n_cells = probabilities.size() / n_groups;
  return {{"weights", rows_of(weights.subspan(g * n_components, n_components), 1)[0]},
          {"probabilities", rows_of(probabilities.subspan(g * n_cells, n_cells), n_components)}};
}

Json grouped_bootstrap_json(const GroupedBootstrap& bootstrap, const GroupedModel& model) {
  Json errors = {{"weights", bootstrap.weights_of_all}, {"groups", Json::array()}};
  const std::size_t n_components = model.joint.n_components(), n_groups = model.mixtures.size();
  for (std::size_t g = 0; g < n_groups; ++g) {
    errors["groups"].push_back(
        errors_of_group(bootstrap.weights, bootstrap.probabilities, g, n_groups, n_components));
  }
  Json json = {{"n_samples", bootstrap.n_samples}, {"standard_errors", std::move(errors)}};
  if (std::isnan(bootstrap.g2_p_value)) return json;
  json["g2_p_value"] = bootstrap.g2_p_value;
  json["x2_p_value"] = bootstrap.x2_p_value;
  json["cressie_read_p_value"] = bootstrap.cressie_read_p_value;
  if (std::isnan(bootstrap.saturated_p_value)) return json;
  json["saturated_p_value"] = bootstrap.saturated_p_value;
  json["mcar_p_value"] = bootstrap.mcar_p_value;
  return json;
}

std::string grouped_bootstrap_text(const GroupedBootstrap& bootstrap) {
  return bootstrap_text({.n_samples = bootstrap.n_samples,
                         .g2_p_value = bootstrap.g2_p_value,
                         .x2_p_value = bootstrap.x2_p_value,
                         .cressie_read_p_value = bootstrap.cressie_read_p_value,
                         .saturated_p_value = bootstrap.saturated_p_value,
                         .mcar_p_value = bootstrap.mcar_p_value},
                        {});
}

Json grouped_errors_json(const GroupedErrors& errors) {
  return {{"method", errors.joint.n_replicates > 0 ? "replicates" : to_string(errors.method)},
          {"weights", errors.weights_of_all},
          {"n_free", errors.joint.n_free},
          {"rank", errors.joint.rank},
          {"identified", errors.joint.identified()}};
}

Json grouped_statistics_json(const GroupedStatistics& statistics, const GroupedModel& model,
                             const GroupedNames& names) {
  Json json = statistics_json(shared_part(statistics));
  for (const char* other : {"optima", "bivariate_residuals", "pattern_residuals"}) json.erase(other);
  json["group_residuals"] = json["groups"] = Json::array();
  for (const std::size_t j : by_residual(statistics)) {
    json["group_residuals"].push_back(
        {{"item", name_of_item(names, j)}, {"residual", statistics.with_groups[j]}});
  }
  for (std::size_t g = 0; g < model.group_names.size(); ++g) {
    Json group = {{"name", model.group_names[g]}, {"g2", statistics.g2_by_group[g]}};
    group["bivariate_residuals"] = statistics.pairs.empty()
                                       ? Json::array()
                                       : pairs_json(largest_pairs(statistics.pairs[g], n_items(statistics)));
    json["groups"].push_back(std::move(group));
  }
  return json;
}

std::string grouped_statistics_text(const GroupedStatistics& statistics, const GroupedModel& model,
                                    const GroupedNames& names) {
  std::string out = statistics_text(shared_part(statistics), names.items, names.components) + "\n";
  std::vector<std::string> parts;
  for (std::size_t g = 0; g < model.group_names.size(); ++g)
    parts.push_back(fmt::format("{} {:.4f}", one_line(model.group_names[g]), statistics.g2_by_group[g]));
  out += "G² by group: " + joined(parts, ", ") + "\n";
  return out + residual_lines(statistics, names) + pair_lines(statistics, model, names);
}

}  // namespace mixbern::app
