#include "select_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "mixbern/report/json.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

/// A column of the tables: its title, its key in CSV, the number, and how people read it.
struct Column {
  std::string title;
  std::string key;
  std::function<double(const Candidate&)> value;
  int decimals;
  bool least_is_best = false;
};

double blrt_p(const Candidate& c) {
  return c.blrt ? c.blrt->p_value : std::nan("");
}

/// Where cells are missing, the one that is right under missing at random.
TestStatistic shown_g2(const Candidate& c) {
  const GoodnessOfFit& fit = c.goodness_of_fit;
  return fit.saturated ? fit.saturated->g2 : fit.g2;
}

double shown_degrees_of_freedom(const Candidate& c) {
  const GoodnessOfFit& fit = c.goodness_of_fit;
  return fit.saturated ? fit.saturated->degrees_of_freedom : fit.degrees_of_freedom;
}

std::vector<Column> criteria_columns() {
  return {
      {"log-lik", "log_likelihood", [](const Candidate& c) { return c.fit.log_likelihood; }, 3},
      {"param", "n_parameters", [](const Candidate& c) { return static_cast<double>(c.n_parameters); }, 0},
      {"AIC", "aic", [](const Candidate& c) { return c.criteria.aic; }, 2, true},
      {"AIC3", "aic3", [](const Candidate& c) { return c.criteria.aic3; }, 2, true},
      {"BIC", "bic", [](const Candidate& c) { return c.criteria.bic; }, 2, true},
      {"adj. BIC", "sabic", [](const Candidate& c) { return c.criteria.sabic; }, 2, true},
      {"CAIC", "caic", [](const Candidate& c) { return c.criteria.caic; }, 2, true},
      {"ICL-BIC", "icl_bic", [](const Candidate& c) { return c.criteria.icl_bic; }, 2, true},
      {"AWE", "awe", [](const Candidate& c) { return c.criteria.awe; }, 2, true}};
}

std::vector<Column> quality_columns(const Selection& selection) {
  std::vector<Column> columns{
      {"entropy", "entropy", [](const Candidate& c) { return c.classification.entropy; }, 3},
      {"error", "classification_error", [](const Candidate& c) { return c.classification.error; }, 3},
      {"smallest", "smallest_component",
       [](const Candidate& c) { return std::ranges::min(c.fit.mixture.weights()); }, 3},
      {"starts", "n_init", [](const Candidate& c) { return static_cast<double>(c.fit.n_init); }, 0},
      {"at best", "n_init_at_best",
       [](const Candidate& c) { return static_cast<double>(c.fit.n_init_at_best); }, 0},
      {"G²", "g2", [](const Candidate& c) { return shown_g2(c).statistic; }, 2},
      {"df", "degrees_of_freedom", shown_degrees_of_freedom, 0},
      {"p", "g2_p_value", [](const Candidate& c) { return shown_g2(c).p_value; }, 4}};
  const auto validated = [](const Candidate& c) { return c.cv_log_likelihood.has_value(); };
  if (std::ranges::any_of(selection.candidates, validated)) {
    columns.push_back({"CV log-lik", "cv_log_likelihood",
                       [](const Candidate& c) { return c.cv_log_likelihood.value_or(std::nan("")); }, 3});
  }
  if (std::ranges::any_of(selection.candidates, [](const Candidate& c) { return c.vlmr.has_value(); })) {
    columns.push_back({"VLMR p", "vlmr_p_value",
                       [](const Candidate& c) { return c.vlmr ? c.vlmr->plain.p_value : std::nan(""); }, 4});
    columns.push_back({"adj. p", "vlmr_adjusted_p_value",
                       [](const Candidate& c) { return c.vlmr ? c.vlmr->adjusted.p_value : std::nan(""); },
                       4});
  }
  if (std::ranges::any_of(selection.candidates, [](const Candidate& c) { return c.agreement.has_value(); })) {
    columns.push_back({"purity", "purity", [](const Candidate& c) { return c.agreement->purity; }, 3});
    columns.push_back(
        {"adj. Rand", "adjusted_rand", [](const Candidate& c) { return c.agreement->adjusted_rand; }, 3});
    columns.push_back({"NMI", "normalised_mutual_information",
                       [](const Candidate& c) { return c.agreement->normalised_mutual_information; }, 3});
  }
  const auto smoothed = [](const Candidate& c) { return c.smoothing.has_value(); };
  if (std::ranges::any_of(selection.candidates, smoothed)) {
    columns.push_back(
        {"smoothing", "smoothing", [](const Candidate& c) { return c.fit.options.estimation.smoothing; }, 4});
  }
  const bool tested =
      std::ranges::any_of(selection.candidates, [](const Candidate& c) { return c.blrt.has_value(); });
  if (!tested) return columns;
  columns.push_back(
      {"2Δlog-lik", "blrt", [](const Candidate& c) { return c.blrt ? c.blrt->statistic : std::nan(""); }, 2});
  columns.push_back({"BLRT p", "blrt_p_value", blrt_p, 4});
  columns.push_back(
      {"drawn", "blrt_n_samples",
       [](const Candidate& c) { return c.blrt ? static_cast<double>(c.blrt->n_samples) : std::nan(""); }, 0});
  return columns;
}

std::string number(double value, int decimals) {
  if (std::isnan(value)) return "–";
  if (std::abs(value) >= 1e7) return fmt::format("{:.4g}", value);
  return fmt::format("{:.{}f}", value, decimals);
}

/// Position of the smallest value; none where it is not a number.
std::size_t least(const Selection& selection, const Column& column) {
  if (!column.least_is_best) return SIZE_MAX;
  const auto value = [&](const Candidate& c) {
    const double v = column.value(c);
    return std::isnan(v) ? HUGE_VAL : v;
  };
  return static_cast<std::size_t>(std::ranges::min_element(selection.candidates, {}, value) -
                                  selection.candidates.begin());
}

std::string block(const Selection& selection, const std::vector<Column>& columns) {
  std::vector<std::string> lines(selection.candidates.size() + 1);
  const auto add = [](std::string& line, const std::string& cell, std::size_t width) {
    line += std::string(width - std::min(width, display_width(cell)), ' ') + cell;
  };
  add(lines[0], "K", 3);
  for (std::size_t i = 0; i < selection.candidates.size(); ++i)
    add(lines[i + 1], fmt::format("{}", selection.candidates[i].fit.mixture.n_components()), 3);
  for (const Column& column : columns) {
    std::vector<std::string> cells{column.least_is_best ? column.title + " " : column.title};
    for (std::size_t i = 0; i < selection.candidates.size(); ++i) {
      const std::string mark = !column.least_is_best ? "" : i == least(selection, column) ? "*" : " ";
      cells.push_back(number(column.value(selection.candidates[i]), column.decimals) + mark);
    }
    std::size_t width = 0;
    for (const std::string& cell : cells) width = std::max(width, display_width(cell));
    for (std::size_t i = 0; i < cells.size(); ++i) add(lines[i], cells[i], width + 2);
  }
  std::string out;
  for (std::string& line : lines) {
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string csv(const Selection& selection, const std::vector<Column>& columns) {
  std::string out = "n_components";
  for (const Column& column : columns) out += "," + column.key;
  out += "\n";
  for (const Candidate& c : selection.candidates) {
    out += fmt::format("{}", c.fit.mixture.n_components());
    for (const Column& column : columns) {
      const double value = column.value(c);
      out += "," + (std::isfinite(value) ? fmt::format("{}", value) : "");
    }
    out += "\n";
  }
  return out;
}

std::vector<Column> paper_columns(const Selection& selection) {
  std::vector<Column> columns = criteria_columns();
  for (Column& column : quality_columns(selection)) columns.push_back(std::move(column));
  return columns;
}

std::string markdown(const Selection& selection, const std::vector<Column>& columns) {
  std::string out = "| classes |", rule = "|---:|";
  for (const Column& column : columns) {
    out += " " + column.title + " |";
    rule += "---:|";
  }
  out += "\n" + rule + "\n";
  for (std::size_t i = 0; i < selection.candidates.size(); ++i) {
    out += fmt::format("| {} |", selection.candidates[i].fit.mixture.n_components());
    for (const Column& column : columns) {
      const std::string text = number(column.value(selection.candidates[i]), column.decimals);
      out += i == least(selection, column) ? " **" + text + "** |" : " " + text + " |";
    }
    out += "\n";
  }
  return out;
}

std::string latex_text(std::string text) {
  const std::pair<std::string, std::string> changes[] = {{"²", "$^2$"}, {"Δ", "$\\Delta$"}, {"–", "--"}};
  for (const auto& [from, to] : changes) {
    if (const auto at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
  }
  return text.starts_with('-') && !text.starts_with("--") ? "$" + text + "$" : text;
}

std::string latex(const Selection& selection, const std::vector<Column>& columns) {
  std::string out = "% \\usepackage{booktabs}\n\\begin{tabular}{" + std::string(columns.size() + 1, 'r') +
                    "}\n\\toprule\nClasses";
  for (const Column& column : columns) out += " & " + latex_text(column.title);
  out += " \\\\\n\\midrule\n";
  for (std::size_t i = 0; i < selection.candidates.size(); ++i) {
    out += fmt::format("{}", selection.candidates[i].fit.mixture.n_components());
    for (const Column& column : columns) {
      const std::string text = latex_text(number(column.value(selection.candidates[i]), column.decimals));
      out += i == least(selection, column) ? " & \\textbf{" + text + "}" : " & " + text;
    }
    out += " \\\\\n";
  }
  return out + "\\bottomrule\n\\end{tabular}\n";
}

/// "K = 2, 3"; empty where there is none.
std::string numbers_where(const Selection& selection, const std::function<bool(const Candidate&)>& holds) {
  std::vector<std::string> numbers;
  for (const Candidate& c : selection.candidates) {
    if (holds(c)) numbers.push_back(fmt::format("{}", c.fit.mixture.n_components()));
  }
  return numbers.empty() ? "" : "K = " + joined(numbers, ", ");
}

/// What has to be said of the tests of Vuong, Lo, Mendell and Rubin; empty where there is none.
std::string vlmr_line(const Selection& selection) {
  const auto tested = [](const Candidate& c) { return c.vlmr.has_value(); };
  if (std::ranges::none_of(selection.candidates, tested)) return "";
  return fmt::format("VLMR p is {}\n", kLikelihoodRatioCaution);
}

/// How the bootstrap tests ended; empty where there is none.
std::string blrt_lines(const Selection& selection) {
  std::size_t n_asked = 0;
  for (const Candidate& c : selection.candidates) {
    if (c.blrt) n_asked = c.blrt->n_samples_asked;
  }
  if (n_asked == 0) return "";
  std::string out = fmt::format("BLRT: {} asked for each test", counted(n_asked, "drawn data set"));
  const auto add = [&](BootstrapEnd end, const char* why) {
    const auto holds = [end](const Candidate& c) { return c.blrt && c.blrt->ended == end; };
    const std::string numbers = numbers_where(selection, holds);
    if (!numbers.empty()) out += fmt::format("; {}: {}", numbers, why);
  };
  add(BootstrapEnd::kClearlyLarge, "ended early, p is clearly large");
  add(BootstrapEnd::kCancelled, "interrupted");
  add(BootstrapEnd::kNoRows, "no row has an answer");
  const std::string least = numbers_where(selection, [](const Candidate& c) {
    return c.blrt && c.blrt->n_samples > 0 && c.blrt->n_exceeding == 0;
  });
  if (!least.empty())
    out += fmt::format("\nBLRT: {}: no drawn statistic is as large, p is the least that so many can give",
                       least);
  return out + "\n";
}

std::string choice_line(const Selection& selection, Criterion criterion) {
  const std::size_t best = selection.candidates[selection.best].fit.mixture.n_components();
  if (criterion == Criterion::kBlrt) {
    const bool last = selection.best + 1 == selection.candidates.size();
    return fmt::format(
        "{} by the bootstrap test{}", counted(best, "component"),
        last ? ": more may be needed, it is the largest number tried"
             : fmt::format(": {} do not fit significantly better",
                           selection.candidates[selection.best + 1].fit.mixture.n_components()));
  }
  const bool last = selection.best + 1 == selection.candidates.size() && selection.candidates.size() > 1;
  return fmt::format("{} by {}{}", counted(best, "component"), to_string(criterion),
                     last ? ": the largest number tried, so try more" : "");
}

}  // namespace

std::string selection_text(const Selection& selection, Criterion criterion) {
  std::string out =
      block(selection, criteria_columns()) + "\n" + block(selection, quality_columns(selection));
  const bool sparse =
      std::ranges::any_of(selection.candidates, [](const Candidate& c) { return c.goodness_of_fit.sparse; });
  if (sparse) out += "the table is sparse: do not trust p of G²\n";
  out += vlmr_line(selection) + blrt_lines(selection);
  return out + "\n" + choice_line(selection, criterion) + "\n";
}

std::string selection_table(const Selection& selection, TableFormat format) {
  const std::vector<Column> columns = paper_columns(selection);
  switch (format) {
    case TableFormat::kMarkdown: {
      const std::string note = vlmr_line(selection);
      return markdown(selection, columns) + (note.empty() ? "" : "\n" + note);
    }
    case TableFormat::kLatex: {
      const std::string note = vlmr_line(selection);
      return (note.empty() ? "" : "% " + note) + latex(selection, columns);
    }
    case TableFormat::kCsv:
      break;
  }
  return csv(selection, columns);
}

void add_candidate(Json& json, const Candidate& candidate) {
  const Classification& sharp = candidate.classification;
  json.update(parsed(to_json(candidate.criteria)));
  json["entropy"] = sharp.entropy;
  json["entropy_r2"] = sharp.entropy_r2;
  json["classification_error"] = sharp.error;
  json["smallest_component"] = std::ranges::min(candidate.fit.mixture.weights());
  json["goodness_of_fit"] = parsed(to_json(candidate.goodness_of_fit));
  json["optima"] = parsed(to_json(candidate.optima));
  if (candidate.vlmr) json["vlmr"] = parsed(to_json(*candidate.vlmr));
  if (candidate.cv_log_likelihood) json["cv_log_likelihood"] = *candidate.cv_log_likelihood;
  if (candidate.blrt) json["blrt"] = parsed(to_json(*candidate.blrt));
  json["warnings"] = candidate.warnings;
}

// Criteria that count parameters suppose many rows for each.
std::string limits_of_criteria(const Selection& selection, Criterion criterion) {
  constexpr std::size_t kManyFeatures = 50;
  constexpr double kFewRows = 10;  // a parameter
  const FitResult& best = selection.candidates[selection.best].fit;
  const std::size_t n_features = best.mixture.n_features();
  const double rows = best.n_informative / static_cast<double>(best.mixture.n_components());
  const bool counts = criterion != Criterion::kBlrt && criterion != Criterion::kCrossValidation;
  if (!counts || n_features < kManyFeatures || rows >= kFewRows * static_cast<double>(n_features)) return "";
  return fmt::format(
      "a component has {} parameters and about {:.0f} rows: {} and its like are no guide there; --folds 5 "
      "--criterion cv compares by rows that were held out",
      grouped(n_features + 1), rows, to_string(criterion));
}

std::string end_of_list(const Selection& selection) {
  const std::size_t n = selection.candidates.size();
  if (n < 2 || selection.best + 1 < n) return "";
  const std::size_t k = selection.candidates.back().fit.mixture.n_components();
  return fmt::format("{} components are picked, the most that were tried: more may be better (-k {}:{})", k,
                     k, k + 4);
}

}  // namespace mixbern::app
