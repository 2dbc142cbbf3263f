// Weights by group, and the probabilities that differ between groups.
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "report/sections.hpp"

namespace mixbern::report {
namespace {

constexpr double kLevel = 0.95;
// Features of free items that are told by group; a page has no use for more.
constexpr std::size_t kMostFeatures = 500;

std::string name_in(const std::vector<std::string>& names, std::size_t at) {
  return names.empty() || names[at].empty() ? fmt::format("#{}", at + 1) : names[at];
}

// [G][K] of something.
template <class Of>
Json by_group(const GroupedModel& model, const Of& of) {
  Json rows = Json::array();
  for (std::size_t g = 0; g < model.mixtures.size(); ++g) {
    Json row = Json::array();
    for (std::size_t k = 0; k < model.joint.n_components(); ++k) row.push_back(of(g, k));
    rows.push_back(std::move(row));
  }
  return rows;
}

// Estimates by group and component, with standard errors and intervals where there are any.
template <class Estimate, class Error>
Json estimates(const ReportGroups& groups, const Estimate& estimate, const Error& error) {
  Json json = {
      {"estimates", by_group(*groups.model, estimate)}, {"standard_errors", nullptr}, {"intervals", nullptr}};
  if (groups.errors == nullptr) return json;
  json["standard_errors"] = by_group(*groups.model, error);
  json["intervals"] = by_group(*groups.model, [&](std::size_t g, std::size_t k) {
    const Interval interval =
        logit_interval(estimate(g, k), error(g, k), kLevel, groups.errors->joint.degrees_of_freedom);
    return Json{interval.lower, interval.upper};
  });
  return json;
}

Json weights_of(const ReportGroups& groups) {
  const std::size_t n_components = groups.model->joint.n_components();
  return estimates(
      groups, [&](std::size_t g, std::size_t k) { return groups.model->weights[g * n_components + k]; },
      [&](std::size_t g, std::size_t k) { return groups.errors->weights[g * n_components + k]; });
}

Json feature_of(const ReportGroups& groups, std::size_t d) {
  const std::size_t n_components = groups.model->joint.n_components();
  const std::size_t n_features = groups.model->mixtures[0].n_features();
  Json json = estimates(
      groups, [&](std::size_t g, std::size_t k) { return groups.model->mixtures[g].probabilities(k)[d]; },
      [&](std::size_t g, std::size_t k) {
        return groups.errors->probabilities[(g * n_components + k) * n_features + d];
      });
  json["name"] = name_in(groups.features, d);
  return json;
}

Json residuals_of(const ReportGroups& groups) {
  if (groups.statistics == nullptr) return nullptr;
  Json list = Json::array();
  for (std::size_t j = 0; j < groups.statistics->with_groups.size(); ++j) {
    list.push_back({{"item", name_in(groups.items, j)}, {"residual", groups.statistics->with_groups[j]}});
  }
  return list;
}

}  // namespace

Json groups_section(const ReportGroups& groups) {
  const GroupedModel& model = *groups.model;
  const std::vector<Items::Group> items = model.mixtures[0].items().all(model.mixtures[0].n_features());
  Json json = {{"column", groups.column},
               {"names", model.group_names},
               {"sizes", model.group_sizes},
               {"free", Json::array()},
               {"all_free", model.free_items.size() == items.size()},
               {"weights", weights_of(groups)},
               {"features", Json::array()},
               {"residuals", residuals_of(groups)}};
  for (const std::size_t j : model.free_items) {
    json["free"].push_back(name_in(groups.items, j));
    for (std::size_t d = items[j].first; d < items[j].end() && json["features"].size() < kMostFeatures; ++d)
      json["features"].push_back(feature_of(groups, d));
  }
  return json;
}

}  // namespace mixbern::report
