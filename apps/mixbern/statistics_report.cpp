#include "statistics_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "item_labels.hpp"
#include "mixbern/report/json.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

constexpr std::size_t kMostTold = 1000;
constexpr std::size_t kMostShown = 5;
constexpr double kPairLevel = 0.05;
constexpr std::size_t kMostNameWidth = 30;

std::vector<PairResidual> pairs_of(const Mixture& mixture, const Dataset& data) {
  const std::size_t n_items = mixture.items().all(mixture.n_features()).size();
  if (n_items > kMostItems) return {};
  return largest_pairs(bivariate_residuals(mixture, data), n_items);
}

/// Of a table that is large enough for it.
std::string p_unless_sparse(const GoodnessOfFit& fit, const TestStatistic& test) {
  return fit.sparse ? "–" : p_text(test.p_value);
}

std::string name_of(const std::vector<std::string>& names, std::size_t d) {
  return names.empty() || names[d].empty() ? fmt::format("#{}", d + 1) : one_line(names[d]);
}

// Against complete answers, where cells are missing.
std::string missing_lines(const GoodnessOfFit& fit) {
  if (!fit.missing) return "";
  if (!fit.saturated) {
    return "  this compares each set of answered items by itself; the rows have too many ways to be "
           "completed\n"
           "  for a comparison with all complete patterns\n";
  }
  const SaturatedTests& tests = *fit.saturated;
  return fmt::format(
      "  this takes answers as missing completely at random (G² {:.4f}, df {:.6g}, p {}); if they are "
      "missing\n"
      "  at random, against all complete patterns: G² {:.4f}, df {:.6g}, p {}\n",
      tests.mcar.statistic, tests.mcar_degrees_of_freedom, p_unless_sparse(fit, tests.mcar),
      tests.g2.statistic, tests.degrees_of_freedom, p_unless_sparse(fit, tests.g2));
}

std::string fit_lines(const Statistics& statistics) {
  const GoodnessOfFit& fit = statistics.fit;
  std::string out = fmt::format("against all {:.6g} patterns, of which {} occur; {}\n", fit.n_cells,
                                grouped(fit.n_patterns), freedom_words(fit.degrees_of_freedom));
  const auto line = [&](const char* name, const TestStatistic& test) {
    out +=
        fmt::format("  {}{:>14.4f}   p {}\n", fitted(name, 14), test.statistic, p_unless_sparse(fit, test));
  };
  line("G²", fit.g2);
  line("X²", fit.x2);
  line("Cressie-Read", fit.cressie_read);
  out += missing_lines(fit);
  if (statistics.sampled) return out + "  the weights are those of a sample: no p-value\n";
  if (fit.sparse)
    out += "  fewer than five rows a pattern: p-values would mislead; --bootstrap draws better ones\n";
  return out;
}

std::string residual_lines(const Statistics& statistics, const std::vector<std::string>& names) {
  std::string out;
  if (!statistics.pairs.empty())
    out += "largest residuals of pairs (above 3.84 the classes do not explain them)\n";
  for (std::size_t i = 0; i < std::min(statistics.pairs.size(), kMostShown); ++i) {
    const PairResidual& pair = statistics.pairs[i];
    out += fmt::format("  {:>9.4f}  {}, {}\n", pair.residual, name_of(names, pair.first),
                       name_of(names, pair.second));
  }
  if (!statistics.patterns.empty()) out += "largest standardised residuals of patterns\n";
  for (std::size_t i = 0; i < std::min(statistics.patterns.size(), kMostShown); ++i) {
    const PatternResidual& pattern = statistics.patterns[i];
    out += fmt::format("  {:>9.4f}  that of row {}: {:.6g} observed, {:.4f} expected\n", pattern.residual,
                       pattern.row + 1, pattern.observed, pattern.expected);
  }
  return out;
}

std::string optima_lines(const std::vector<Optimum>& optima) {
  std::size_t n_starts = 0;
  for (const Optimum& optimum : optima) n_starts += optimum.n_init;
  if (n_starts < 2) return {};
  std::string out = fmt::format("where {} ended ({})\n", counted(n_starts, "start"),
                                optima.size() == 1 ? "one optimum" : grouped(optima.size()) + " optima");
  for (std::size_t i = 0; i < std::min(optima.size(), kMostShown); ++i)
    out += fmt::format("{:>16.4f}{:>7}\n", optima[i].log_likelihood, grouped(optima[i].n_init));
  return out;
}

std::string class_lines(const Classification& sharp, const ItemLabels& items) {
  const std::size_t n_components = sharp.sizes_by_mode.size();
  const std::size_t left = std::max<std::size_t>(items.widest_component(n_components, kMostNameWidth), 9);
  std::string out =
      fmt::format("{:>{}}   by posterior   by assignment   average posterior\n", "component", left);
  for (std::size_t k = 0; k < n_components; ++k) {
    const double average = sharp.average_posteriors[k * n_components + k];
    const std::string name = items.component(k, left);
    out += std::string(left - display_width(name), ' ') + name +
           fmt::format("{:>15.4f}{:>16.4f}{:>20}\n", sharp.sizes_by_posterior[k], sharp.sizes_by_mode[k],
                       std::isnan(average) ? "nobody" : fmt::format("{:.4f}", average));
  }
  return out;
}

}  // namespace

std::vector<PairResidual> largest_pairs(const std::vector<double>& residuals, std::size_t n_items) {
  std::vector<PairResidual> pairs;
  for (std::size_t a = 0; a < n_items; ++a) {
    for (std::size_t b = a + 1; b < n_items; ++b)
      pairs.push_back({a, b, residuals[pair_index(a, b, n_items)]});
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const PairResidual& x, const PairResidual& y) { return x.residual > y.residual; });
  if (pairs.size() > kMostTold) pairs.resize(kMostTold);
  return pairs;
}

Json pairs_json(const std::vector<PairResidual>& pairs) {
  Json list = Json::array();
  for (const PairResidual& pair : pairs)
    list.push_back({{"first", pair.first}, {"second", pair.second}, {"residual", pair.residual}});
  return list;
}

Statistics statistics_of(const FitResult& result, const Dataset& data) {
  const PosteriorOptions options{.threads = result.threads,
                                 .semi_supervised = result.options.estimation.semi_supervised};
  Statistics statistics{.classification = classification(result.mixture, data, options),
                        .criteria = {},
                        .fit = goodness_of_fit(result.mixture, data, options),
                        .sampled = result.options.estimation.weights_kind == WeightsKind::kSampling,
                        .pairs = pairs_of(result.mixture, data),
                        .patterns = pattern_residuals(result.mixture, data, kMostTold, options),
                        .optima = distinct_optima(result.log_likelihoods, result.optimum_margin)};
  statistics.criteria = criteria(result.log_likelihood, result.mixture.n_parameters(),
                                 statistics.classification.n, statistics.classification.uncertainty);
  if (statistics.sampled) {
    for (TestStatistic* test : {&statistics.fit.g2, &statistics.fit.x2, &statistics.fit.cressie_read})
      test->p_value = std::nan("");
    if (statistics.fit.saturated)
      statistics.fit.saturated->g2.p_value = statistics.fit.saturated->mcar.p_value = std::nan("");
  }
  return statistics;
}

Json statistics_json(const Statistics& statistics) {
  Json json = {{"criteria", parsed(to_json(statistics.criteria))},
               {"classification", parsed(to_json(statistics.classification))},
               {"goodness_of_fit", parsed(to_json(statistics.fit))},
               {"optima", parsed(to_json(statistics.optima))},
               {"bivariate_residuals", pairs_json(statistics.pairs)},
               {"pattern_residuals", Json::array()}};
  for (const PatternResidual& pattern : statistics.patterns) {
    json["pattern_residuals"].push_back({{"row", pattern.row},
                                         {"observed", pattern.observed},
                                         {"expected", pattern.expected},
                                         {"residual", pattern.residual}});
  }
  return json;
}

std::string statistics_text(const Statistics& statistics, const std::vector<std::string>& names,
                            const std::vector<std::string>& component_names) {
  const Criteria& c = statistics.criteria;
  const Classification& sharp = statistics.classification;
  std::string out = fmt::format(
      "\nAIC {:.4f}, AIC3 {:.4f}, BIC {:.4f}, adjusted BIC {:.4f}, CAIC {:.4f}\n"
      "ICL-BIC {:.4f}, AWE {:.4f}, classification log-likelihood {:.4f}\n",
      c.aic, c.aic3, c.bic, c.sabic, c.caic, c.icl_bic, c.awe, c.classification_log_likelihood);
  out += fmt::format("entropy {:.4f} (R² {:.4f}), classification error {:.4f}, N {:.6g}\n", sharp.entropy,
                     sharp.entropy_r2, sharp.error, sharp.n);
  return out + fit_lines(statistics) + residual_lines(statistics, names) + optima_lines(statistics.optima) +
         "\n" + class_lines(sharp, ItemLabels({}, {}, component_names));
}

std::string bootstrap_text(const BootstrapFit& bootstrap, const std::vector<std::string>& names) {
  std::string out = fmt::format("\nbootstrap of {}: p of G² {:.4f}, X² {:.4f}, Cressie-Read {:.4f}\n",
                                counted(bootstrap.n_samples, "data set"), bootstrap.g2_p_value,
                                bootstrap.x2_p_value, bootstrap.cressie_read_p_value);
  if (!std::isnan(bootstrap.saturated_p_value)) {
    out += fmt::format("G² against all complete patterns: p {:.4f}; missing completely at random: p {:.4f}\n",
                       bootstrap.saturated_p_value, bootstrap.mcar_p_value);
  }
  std::string pairs;
  std::size_t at = 0, more = 0;
  const auto n_features = static_cast<std::size_t>(
      std::llround((1 + std::sqrt(1 + 8 * static_cast<double>(bootstrap.pair_p_values.size()))) / 2));
  for (std::size_t a = 0; a < n_features; ++a) {
    for (std::size_t b = a + 1; b < n_features; ++b) {
      const double p = bootstrap.pair_p_values[at++];
      if (p > kPairLevel || ++more > kMostShown) continue;
      pairs += fmt::format("  {:>9.4f}  {}, {}\n", p, name_of(names, a), name_of(names, b));
    }
  }
  if (!pairs.empty()) out += "pairs whose residual has p of at most 0.05\n" + pairs;
  if (more > kMostShown) out += fmt::format("  and {} more\n", grouped(more - kMostShown));
  return out;
}

}  // namespace mixbern::app
