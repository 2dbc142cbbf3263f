// What a person should know first, in sentences.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mixbern/select/optima.hpp"
#include "report/sections.hpp"

namespace mixbern::report {
namespace {

constexpr std::size_t kMostNamed = 5;
// A component is small where its share is a tenth of an even one, or it has fewer rows than that.
constexpr double kSmallShare = 0.1;
constexpr double kSmallRows = 10;

class Verdict {
 public:
  void good(std::string text) { add("good", std::move(text)); }
  void note(std::string text) { add("note", std::move(text)); }
  void warn(std::string text) { add("warning", std::move(text)); }
  Json take() { return std::move(list_); }

 private:
  void add(const char* level, std::string text) {
    list_.push_back({{"level", level}, {"text", std::move(text)}});
  }
  Json list_ = Json::array();
};

std::string listed(const std::vector<std::string>& words) {
  const std::size_t n = std::min(words.size(), kMostNamed);
  std::string text =
      fmt::format("{}", fmt::join(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(n), ", "));
  if (words.size() > n) text += fmt::format(" and {} more", words.size() - n);
  return text;
}

/// "component 3", "components 3, 5".
std::string components_text(const std::vector<std::size_t>& components) {
  std::vector<std::string> numbers;
  for (const std::size_t k : components) numbers.push_back(std::to_string(k + 1));
  return (components.size() == 1 ? "component " : "components ") + listed(numbers);
}

std::string capitalised(std::string text) {
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

void judge_end(const Json& record, Verdict& verdict) {
  const Json reason = recorded_text(record, "stop_reason"), n_iter = recorded_number(record, "n_iter");
  if (!reason.is_string() || !n_iter.is_number()) {
    verdict.note("The model file does not say how its fit ended.");
    return;
  }
  const auto iterations = n_iter.get<double>();
  const std::string counted = fmt::format("{:.0f} iteration{}", iterations, iterations == 1 ? "" : "s");
  if (reason == "tolerance") {
    verdict.good("Converged after " + counted + ".");
  } else if (reason == "cancelled") {
    verdict.warn("Interrupted after " + counted + ": this is the best model so far.");
  } else {
    verdict.warn("Not converged after " + counted +
                 ": the log-likelihood still grows. Allow more iterations or a larger tolerance.");
  }
}

// Of several fits there is no one number of iterations.
void judge_end_of_groups(const GroupedModel& model, Verdict& verdict) {
  if (model.converged) {
    verdict.good("Converged.");
  } else {
    verdict.warn("Not converged: the log-likelihood still grows. Allow more iterations.");
  }
}

void judge_starts(const Source& source, Verdict& verdict) {
  const Json all = recorded_number(source.record, "n_init"),
             best = recorded_number(source.record, "n_init_at_best");
  if (!all.is_number() || !best.is_number()) return;
  const auto n = all.get<double>(), r = best.get<double>();
  const Json init = recorded_text(source.record, "init");
  if (n <= 1) {
    if (source.mixture.n_components() > 1 && init != "labels" && init != "model")
      verdict.note("One start only: another start may find a better optimum.");
  } else if (r <= 1 && starts_end_apart(source.mixture)) {
    verdict.note(fmt::format("Each of {:.0f} starts ended elsewhere, as they do with many features.", n));
  } else if (r <= 1) {
    verdict.warn(fmt::format(
        "The best optimum was reached by 1 of {:.0f} starts only: others may be better still.", n));
  } else {
    verdict.good(fmt::format("The best optimum was reached by {:.0f} of {:.0f} starts.", r, n));
  }
}

void judge_components(const Source& source, const Findings& findings, Verdict& verdict) {
  if (!findings.total_weight) return;
  const Mixture& mixture = source.mixture;
  const double n_rows = findings.classification ? findings.classification->n : *findings.total_weight;
  const ComponentProblems problems = component_problems(mixture, n_rows);
  std::size_t told = 0;
  for (const auto& [a, b] : problems.duplicates) {
    if (++told > kMostNamed) break;
    verdict.warn(
        fmt::format("Components {} and {} are the same: fewer components fit as well.", a + 1, b + 1));
  }
  if (!problems.empty.empty())
    verdict.warn(capitalised(components_text(problems.empty)) +
                 (problems.empty.size() == 1 ? " is" : " are") + " empty: fewer components fit as well.");
  std::vector<std::size_t> small;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const double share = mixture.weights()[k];
    const bool few =
        share * n_rows < kSmallRows || share < kSmallShare / static_cast<double>(mixture.n_components());
    if (few && !std::ranges::binary_search(problems.empty, k)) small.push_back(k);
  }
  if (small.empty()) return;
  const std::size_t least = small.back();
  verdict.note(fmt::format("{} {} small: component {} has {:.2g} % of the rows, about {:.3g}.",
                           capitalised(components_text(small)), small.size() == 1 ? "is" : "are", least + 1,
                           100 * mixture.weights()[least], mixture.weights()[least] * n_rows));
}

void judge_features(const Context& context, Verdict& verdict) {
  const auto& constant = context.constant_features;
  if (constant.empty()) return;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(constant.size(), kMostNamed); ++i) {
    const std::string name = feature_name(context.features, constant[i]);
    names.push_back(name);
  }
  names.resize(constant.size());
  verdict.note(fmt::format("{} never {}: {}.",
                           constant.size() == 1 ? "1 feature" : fmt::format("{} features", constant.size()),
                           constant.size() == 1 ? "varies" : "vary", listed(names)));
}

void judge_identification(const Source& source, const Context& context, const Findings& findings,
                          Verdict& verdict) {
  if (context.data == nullptr) return;
  const auto& errors = findings.table.standard_errors;
  const bool drawn = !errors || findings.table.drawn;
  const std::vector<std::string> doubts =
      drawn ? identification_warnings(source.mixture, *context.data,
                                      {.estimation = source.estimation(), .threads = context.options.threads})
            : errors->doubts;
  for (const std::string& doubt : doubts) verdict.warn(capitalised(doubt) + ".");
  if (drawn || !doubts.empty()) return;
  verdict.good(fmt::format("All {} free parameters are identified.", errors->n_free));
}

void judge_rows(const Source& source, const Context& context, const Findings& findings, Verdict& verdict) {
  if (!findings.rows) {
    verdict.note("No data was given with the model: nothing is said of rows.");
    return;
  }
  if (const std::size_t n = findings.rows->n_impossible; n > 0)
    verdict.warn(fmt::format("The model gives probability 0 to {} row{}.", n, n == 1 ? "" : "s"));
  if (context.n_labels > context.labels.size())
    verdict.note(fmt::format("There are {} different labels: too many to compare with.", context.n_labels));
  const Json recorded = recorded_number(source.record, "log_likelihood");
  if (source.fit != nullptr || !recorded.is_number()) return;
  const double then = recorded.get<double>(), now = findings.log_likelihood.value_or(then);
  if (!(std::abs(now - then) <= 1e-6 * std::abs(then)))
    verdict.note(
        "These are not the rows that the model was fitted to: log-likelihood and criteria are those of the "
        "rows "
        "here, the course of the fit is that of the model file.");
}

}  // namespace

Json verdict_section(const Source& source, const Context& context, const Findings& findings) {
  Verdict verdict;
  if (const ReportGroups* groups = context.options.groups) {
    judge_end_of_groups(*groups->model, verdict);
  } else {
    judge_end(source.record, verdict);
  }
  judge_starts(source, verdict);
  judge_components(source, findings, verdict);
  judge_identification(source, context, findings, verdict);
  judge_features(context, verdict);
  judge_rows(source, context, findings, verdict);
  return verdict.take();
}

}  // namespace mixbern::report
