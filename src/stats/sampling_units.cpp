#include "stats/sampling_units.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "data/names.hpp"

namespace mixbern {
namespace {

constexpr Names<LonelyClusters, 2> kNames{
    {{LonelyClusters::kRefuse, "refuse"}, {LonelyClusters::kAdjust, "adjust"}}};
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

void check_length(std::size_t n, std::size_t n_rows, const char* what) {
  if (n == 0 || n == n_rows) return;
  throw std::invalid_argument("the design has " + std::to_string(n) + " " + what + ", the data " +
                              std::to_string(n_rows) + " rows: each row needs one");
}

/// The fpc of each stratum, as it stands with its rows.
std::vector<double> fpc_of_strata(const std::vector<double>& fpc, const SamplingUnits& units) {
  std::vector<double> result(units.n_units.size(), fpc.empty() ? 0.0 : kUnknown);
  for (std::size_t i = 0; i < fpc.size(); ++i) {
    double& known = result[units.stratum_of_unit[units.unit_of_row[i]]];
    if (!(fpc[i] >= 0) || !std::isfinite(fpc[i])) {
      throw std::invalid_argument(
          "each row needs a finite population correction: the share of its stratum that was sampled, 0 to 1, "
          "or how many units the stratum has");
    }
    if (std::isnan(known)) known = fpc[i];
    if (known != fpc[i]) {
      throw std::invalid_argument(
          "the finite population correction differs within a stratum: all rows of a stratum need the same");
    }
  }
  return result;
}

}  // namespace

std::string_view to_string(LonelyClusters lonely) {
  return name_of(kNames, lonely);
}

std::optional<LonelyClusters> lonely_clusters_from_string(std::string_view name) {
  return value_named(kNames, name);
}

SamplingUnits sampling_units(const SurveyDesign& design, std::size_t n_rows) {
  check_length(design.strata.size(), n_rows, "strata");
  check_length(design.clusters.size(), n_rows, "clusters");
  check_length(design.fpc.size(), n_rows, "finite population corrections");
  SamplingUnits units;
  units.unit_of_row.reserve(n_rows);
  std::map<std::size_t, std::size_t> strata;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> clusters;
  for (std::size_t i = 0; i < n_rows; ++i) {
    const std::size_t stratum =
        design.strata.empty() ? 0 : strata.try_emplace(design.strata[i], strata.size()).first->second;
    const std::size_t next = units.stratum_of_unit.size();
    const std::size_t unit =
        design.clusters.empty() ? i : clusters.try_emplace({stratum, design.clusters[i]}, next).first->second;
    units.unit_of_row.push_back(unit);
    if (unit != next) continue;
    units.stratum_of_unit.push_back(stratum);
    if (stratum == units.n_units.size()) units.n_units.push_back(0);
    ++units.n_units[stratum];
  }
  return units;
}

std::vector<double> shares_of_strata(const SurveyDesign& design, const SamplingUnits& units) {
  std::vector<double> shares = fpc_of_strata(design.fpc, units);
  if (std::ranges::all_of(shares, [](double share) { return share <= 1; })) return shares;
  throw std::invalid_argument("SurveyDesign::fpc holds shares of 0 to 1; sampled_shares() makes them");
}

DesignSize checked_size(const SurveyDesign& design, const SamplingUnits& units,
                        const std::vector<double>& shares) {
  const DesignSize size{units.n_units.size(), units.stratum_of_unit.size()};
  if (size.n_clusters < 2) {
    throw std::invalid_argument(
        "the design has a single cluster, which shows no variance between clusters: standard errors need two "
        "at least");
  }
  std::size_t n_lonely = 0;
  for (std::size_t h = 0; h < size.n_strata; ++h)
    n_lonely += units.n_units[h] == 1 && shares[h] < 1 ? 1U : 0U;
  if (n_lonely > 0 && design.lonely == LonelyClusters::kRefuse) {
    throw std::invalid_argument(
        (n_lonely == 1 ? std::string("1 stratum has") : std::to_string(n_lonely) + " strata have") +
        " a single cluster, which shows no variance within the stratum: join it with a stratum alike, or let "
        "its total differ from the mean of all clusters (--lonely adjust)");
  }
  return size;
}

DesignSize size_of(const SurveyDesign& design, std::size_t n_rows) {
  const SamplingUnits units = sampling_units(design, n_rows);
  return checked_size(design, units, shares_of_strata(design, units));
}

std::vector<double> sampled_shares(const SurveyDesign& design, std::vector<double> fpc) {
  const SamplingUnits units = sampling_units(design, fpc.size());
  const std::vector<double> of_strata = fpc_of_strata(fpc, units);
  if (std::ranges::all_of(of_strata, [](double share) { return share <= 1; })) return fpc;
  for (std::size_t h = 0; h < of_strata.size(); ++h) {
    if (of_strata[h] >= static_cast<double>(units.n_units[h])) continue;
    throw std::invalid_argument(
        "a stratum has " + std::to_string(units.n_units[h]) +
        " sampled units, but its population is given "
        "as " +
        std::to_string(of_strata[h]) +
        ": the finite population correction takes shares, all at most 1, or numbers of units");
  }
  for (std::size_t i = 0; i < fpc.size(); ++i)
    fpc[i] = static_cast<double>(units.n_units[units.stratum_of_unit[units.unit_of_row[i]]]) / fpc[i];
  return fpc;
}

}  // namespace mixbern
