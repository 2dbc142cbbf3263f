#include <algorithm>

#include "report/sections.hpp"

namespace mixbern::report {
namespace {

Json row_json(const Candidate& candidate) {
  Json row = {{"n_components", candidate.fit.mixture.n_components()}};
  row.update(criteria_json(candidate.criteria));
  row["entropy"] = candidate.classification.entropy;
  row["n_parameters"] = candidate.fit.mixture.n_parameters();
  row["log_likelihood"] = candidate.fit.log_likelihood;
  row["n_init"] = candidate.fit.n_init;
  row["n_init_at_best"] = candidate.fit.n_init_at_best;
  row["smallest_component"] = std::ranges::min(candidate.fit.mixture.weights());
  row["cv_log_likelihood"] = candidate.cv_log_likelihood ? Json(*candidate.cv_log_likelihood) : Json(nullptr);
  row["blrt"] = candidate.blrt ? blrt_json(*candidate.blrt) : Json(nullptr);
  row["vlmr"] = candidate.vlmr ? vlmr_json(*candidate.vlmr) : Json(nullptr);
  row["warnings"] = candidate.warnings;
  return row;
}

}  // namespace

Json selection_section(const Selection& selection, Criterion criterion) {
  Json table = Json::array();
  for (const Candidate& candidate : selection.candidates) table.push_back(row_json(candidate));
  return {{"criterion", to_string(criterion)}, {"table", std::move(table)}};
}

}  // namespace mixbern::report
