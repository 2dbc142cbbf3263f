#include "fit_report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>

#include "component_view.hpp"
#include "estimates_table.hpp"
#include "item_labels.hpp"
#include "mixbern/report/json.hpp"
#include "model_description.hpp"
#include "survey_options.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

double missing_share(const Dataset& data) {
  const double cells = static_cast<double>(data.n_rows()) * static_cast<double>(data.n_features());
  return cells > 0 ? static_cast<double>(count_missing(data)) / cells : 0.0;
}

std::string starts_line(const FitStory& story) {
  const FitResult& result = story.result;
  std::string line = counted(result.n_init, "start");
  const bool one_will_do =
      result.options.init == InitMethod::kLabels || result.options.init == InitMethod::kModel;
  if (!story.starts_given && !one_will_do) line += " (chosen by what they cost; --n-init sets it)";
  return line + fmt::format(", init {}, seed {}", to_string(result.options.init), result.options.seed);
}

std::string end_line(const FitResult& result) {
  const std::string iterations = counted(result.n_iter, "iteration");
  std::string line;
  switch (result.stop_reason) {
    case StopReason::kTolerance:
      line = "converged after " + iterations;
      break;
    case StopReason::kMaxIterations:
      line = fmt::format("NOT converged: stopped at {} (--max-iter)", iterations);
      break;
    case StopReason::kCancelled:
      line = fmt::format("interrupted after {}: the best model so far", iterations);
      break;
  }
  if (result.n_init > 1) {
    line += fmt::format("; best of {} starts, reached by {}", grouped(result.n_init),
                        grouped(result.n_init_at_best));
  }
  return line;
}

/// What the tolerance means in total, where it is more than what tells one optimum from another.
std::string tolerance_line(const FitResult& result) {
  constexpr double kTold = 1e-4;
  const double left = *result.options.tol * result.total_weight;
  if (result.stop_reason != StopReason::kTolerance || left <= kTold) return "";
  return fmt::format(
      "by estimate {:.2g} nats in total or less are still to come (--tol); no bound: rows that move bring "
      "more\n",
      left);
}

/// How often each kind of start reached the best optimum, and what that says of a better one.
std::string search_lines(const FitResult& result) {
  if (result.start_kinds.size() < 2) return "";
  std::vector<std::string> kinds;
  for (const StartKind& kind : result.start_kinds) {
    kinds.push_back(
        fmt::format("{} {}/{}", to_string(kind.init), grouped(kind.n_init_at_best), grouped(kind.n_init)));
  }
  std::string line = "reached by kind: " + joined(kinds, ", ");
  if (std::isfinite(result.unseen_share)) {
    line +=
        fmt::format("\nfewer than {:.2g} % of further starts would meet a better optimum (95 % confidence)",
                    100 * result.unseen_share);
  }
  return line + "\n";
}

/// The start had components with a meaning: labels, or those of a model.
bool starts_from_components(const FitResult& result) {
  return result.options.init == InitMethod::kLabels || result.options.init == InitMethod::kModel;
}

/// Which label, or which component of the model that it started from, became which component.
std::string start_lines(const FitStory& story) {
  const FitResult& result = story.result;
  if (!starts_from_components(result)) return "";
  const bool labels = result.options.init == InitMethod::kLabels;
  std::vector<std::string> pairs;
  for (std::size_t k = 0; k < result.start_components.size(); ++k) {
    const std::size_t from = result.start_components[k];
    if (!labels && from == k) continue;
    const std::string start =
        labels ? story.data.label_name(static_cast<std::int64_t>(from)) : std::to_string(from + 1);
    pairs.push_back(fmt::format("{} → {}", shortened(one_line(start), 24), k + 1));
  }
  if (pairs.empty()) return "";
  return fmt::format("\n{}: {}\n",
                     labels ? "label → component that started from it" : "component of the start → component",
                     joined(pairs, ", "));
}

std::string time_text(double seconds) {
  return seconds < 0.9995 ? fmt::format("{:.3g} ms", 1000 * seconds) : fmt::format("{:.2f} s", seconds);
}

std::string seconds_line(const FitStory& story) {
  const FitResult& result = story.result;
  return fmt::format("{}: read {}, starts {}, EM {}; {}, {}, kernel {}", time_text(story.seconds_total),
                     time_text(story.seconds_read), time_text(result.seconds_init),
                     time_text(result.seconds_em), counted(result.total_iterations, "iteration"),
                     counted(result.threads, "thread"), result.kernel);
}

double seconds_per_iteration(const FitResult& result) {
  return result.total_iterations == 0 ? 0.0
                                      : result.seconds_em / static_cast<double>(result.total_iterations);
}

std::string weights_text(std::optional<WeightsKind> kind) {
  if (!kind) return "";
  return *kind == WeightsKind::kSampling ? " (sampling weights, scaled)" : " (frequencies)";
}

std::string smoothing_line(const FitStory& story) {
  if (!story.smoothing || story.smoothing->n_folds == 0) return "";
  const Estimation& options = story.result.options.estimation;
  return fmt::format("smoothing {:.3g} toward {}, chosen by {} folds\n", options.smoothing,
                     options.smoothing_target == SmoothingTarget::kItem ? "the items' means" : "1/2",
                     story.smoothing->n_folds);
}

/// What the model file keeps, with how the smoothing was chosen.
Json record_of(const FitStory& story) {
  Json record = parsed(fit_record(story.result, story.data, story.data_name));
  if (!story.smoothing) return record;
  Json trials = Json::array();
  for (const SmoothingTrial& trial : story.smoothing->trials)
    trials.push_back({{"smoothing", trial.smoothing}, {"cv_log_likelihood", trial.cv_log_likelihood}});
  record["smoothing_search"] = {{"n_folds", story.smoothing->n_folds}, {"trials", trials}};
  return record;
}

Model model_of(const FitStory& story) {
  return {.mixture = story.result.mixture,
          .feature_names = story.data.feature_names,
          .codings = story.data.codings,
          .threshold = story.data.threshold,
          .shape = story.data.shape,
          .fit_record = record_of(story).dump(-1, ' ', false, Json::error_handler_t::replace),
          .missing_codes = story.data.missing_codes,
          .component_names = story.component_names,
          .categorical = story.data.categorical};
}

// "2 weights are 1 parameter": lists of two or more of a kind, one a parameter.
template <class Lists>
std::string shared_parameters(const Lists& lists, std::string_view kind) {
  std::size_t n = 0;
  for (const auto& list : lists) n += list.size();
  return fmt::format("{} {} are {}", n, kind, counted(lists.size(), "parameter"));
}

std::string constraints_line(const Ties& ties) {
  if (ties.none()) return "";
  const Constraints& all = ties.constraints();
  std::vector<std::string> parts;
  if (!all.equal.empty()) parts.push_back(shared_parameters(all.equal, "items in a component"));
  if (!all.equal_weights.empty()) parts.push_back(shared_parameters(all.equal_weights, "weights"));
  const std::size_t n_held = all.held.size() + all.held_weights.size();
  if (n_held > 0) parts.push_back(fmt::format("{} held", n_held));
  return fmt::format("constraints: {}; {} fewer\n", fmt::join(parts, ", "),
                     counted(ties.n_saved(), "parameter"));
}

}  // namespace

std::size_t count_missing(const Dataset& data) {
  return data.missing ? count_ones(*data.missing) : 0;
}

std::optional<StandardErrors> shown_errors(const FitStory& story) {
  if (story.standard_errors) return story.standard_errors;
  const std::optional<BootstrapFit>& drawn = story.resampling ? story.resampling : story.bootstrap;
  if (!drawn) return std::nullopt;
  return StandardErrors{.weights = drawn->weights, .probabilities = drawn->probabilities};
}

std::string save_fitted_model(const FitStory& story, Saves& saves) {
  if (story.model_path.empty()) return "";
  const Model model = model_of(story);
  if (saves.attempt([&] { save_model(story.model_path, model); })) return story.model_path;
  std::string spare;
  saves.attempt([&] {
    const SpareFolder folder;
    const std::string path = folder.path() + "/model.safetensors";
    save_model(path, model);
    spare = path;
    write_error(fmt::format("the model is in {} instead", spare));
  });
  return spare;
}

Json fit_json(const FitStory& story, bool with_trace) {
  const FitResult& result = story.result;
  Json json = record_of(story);
  json["answers"] = answers_of(story.data).of_item;
  json["weights"] = std::vector<double>(result.mixture.weights().begin(), result.mixture.weights().end());
  if (!story.data.categorical.empty()) json["items"] = items_json(model_of(story));
  if (story.standard_errors)
    json["standard_errors"] = parsed(to_json(*story.standard_errors, result.mixture));
  if (story.standard_errors && !design_words(*story.standard_errors).empty())
    json["design"] = design_json(*story.standard_errors);
  if (story.bootstrap) json["bootstrap"] = parsed(to_json(*story.bootstrap, result.mixture));
  if (story.resampling) json["resampling"] = parsed(to_json(*story.resampling, result.mixture));
  if (story.statistics) json["statistics"] = statistics_json(*story.statistics);
  if (story.agreement) json["agreement"] = parsed(to_json(*story.agreement, result.mixture.n_components()));
  if (starts_from_components(result)) json["start_components"] = result.start_components;
  if (with_trace) json["trace"] = result.trace;
  json["threads"] = result.threads;
  json["kernel"] = result.kernel;
  json["ways"] = result.ways;
  if (!story.component_names.empty()) json["component_names"] = story.component_names;
  json["total_iterations"] = result.total_iterations;
  json["seconds"] = {{"read", story.seconds_read},
                     {"init", result.seconds_init},
                     {"em", result.seconds_em},
                     {"total", story.seconds_total}};
  json["seconds_per_iteration"] = seconds_per_iteration(result);
  json["model"] = story.model_path.empty() ? Json(nullptr) : Json(story.model_path);
  return json;
}

/// Two digits, as "0.26%" and "26%".
std::string percent(double share) {
  return share < 0.995 ? fmt::format("{:.2g}%", 100 * share) : fmt::format("{:.3g}%", 100 * share);
}

std::string distinct_words(const FitResult& result) {
  if (result.n_distinct_rows == 0) return "";
  return fmt::format(" ({} distinct)", grouped(result.n_distinct_rows));
}

std::string data_line(const Dataset& data, const std::string& name, const std::string& distinct,
                      std::optional<WeightsKind> kind) {
  const std::size_t missing = count_missing(data);
  return fmt::format(
      "{}: {}{}, {}, {}{}", one_line(name), counted(data.n_rows(), "row"), distinct,
      counted(data.n_features(), "feature"),
      missing == 0 ? "nothing missing"
                   : fmt::format("{} missing ({})", counted(missing, "cell"), percent(missing_share(data))),
      data.weights.empty() ? ""
                           : fmt::format(", total weight {:.6g}{}", total_weight(data), weights_text(kind)));
}

std::string fit_text(const FitStory& story, std::size_t width, bool to_terminal) {
  const FitResult& result = story.result;
  std::string out =
      data_line(story.data, story.data_name, distinct_words(result), result.options.estimation.weights_kind) +
      "\n";
  out += counted(result.mixture.n_components(), "component") + ", " + starts_line(story) + "\n\n";
  out += fmt::format("log-likelihood {:.4f} ({:.6f} a row)\nAIC {:.4f}, BIC {:.4f}, {}\n",
                     result.log_likelihood, result.mean_log_likelihood(), result.aic(), result.bic(),
                     counted(result.mixture.n_parameters(), "parameter"));
  out += constraints_line(result.mixture.ties());
  out += end_line(result) + "\n" + tolerance_line(result) + search_lines(result) + smoothing_line(story) +
         seconds_line(story) + "\n\n";
  const ViewOptions view{.width = width,
                         .colours = to_terminal ? terminal_colours(STDOUT_FILENO) : Colours::kNone};
  const std::optional<StandardErrors> errors = shown_errors(story);
  const ItemLabels items(story.data.feature_names, answers_of(story.data), story.component_names,
                         story.data.items());
  out += errors ? estimates_text({result.mixture, items, &*errors}, width)
                : component_view(result.mixture, items, story.data.shape, view);
  if (story.statistics)
    out += statistics_text(*story.statistics, column_names(story.data), story.component_names);
  if (story.bootstrap) out += bootstrap_text(*story.bootstrap, column_names(story.data));
  if (story.agreement) out += agreement_text(*story.agreement, result.mixture.n_components());
  out += start_lines(story);
  if (!story.model_path.empty()) out += fmt::format("\nmodel saved to {}\n", one_line(story.model_path));
  return out;
}

}  // namespace mixbern::app
