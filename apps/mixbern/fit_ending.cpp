#include "fit_ending.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "fit_statistics.hpp"
#include "mixbern/select/optima.hpp"
#include "report_output.hpp"
#include "statistics_report.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

/// What was asked for and is not all there.
std::string what_is_missing(const FitCall& call, const FitStory& story) {
  const StatisticsOptions& options = call.statistics;
  std::vector<std::string> parts;
  if (options.statistics && !story.statistics) parts.emplace_back("there are no statistics");
  if (options.standard_errors && !story.standard_errors) parts.emplace_back("there are no standard errors");
  const auto count = [&](const std::optional<BootstrapFit>& drawn, std::size_t wanted, const char* option) {
    const std::size_t done = drawn ? drawn->n_samples : 0;
    if (done < wanted)
      parts.push_back(fmt::format("{} drew {} of {} data sets", option, grouped(done), grouped(wanted)));
  };
  count(story.bootstrap, options.bootstrap, "--bootstrap");
  count(story.resampling, options.resample, "--resample");
  if (!call.report.empty() && story.report_path.empty())
    parts.emplace_back("there is no report ('mixbern report' makes it of a model)");
  return joined(parts, ", ");
}

}  // namespace

void tell(const FitCall& call, const FitStory& story, Phases& phases, Messages& messages) {
  if (story.smoothing) {
    for (const auto& warning : story.smoothing->warnings) messages.warn(warning);
  }
  for (const auto& warning : story.result.warnings) messages.warn(warning);
  for (const auto& warning : optima_warnings(story.result)) messages.warn(warning);
  if (story.result.n_init > 1 && story.result.n_init_at_best == 1 && starts_end_apart(story.result.mixture))
    messages.note(fmt::format("each of {} ended elsewhere, as starts do with {}; the best one is shown",
                              counted(story.result.n_init, "start"),
                              counted(story.result.mixture.n_features(), "feature")));
  for (const auto& warning : doubts_of(call, story, phases)) messages.warn(warning);
  if (call.talk.json) {
    print_json(fit_json(story, call.trace), messages);
    return;
  }
  std::string text = fit_text(story, terminal_width(STDOUT_FILENO), is_terminal(STDOUT_FILENO));
  text += report_line(story.report_path);
  if (call.trace) {
    text += "\niteration  mean log-likelihood\n";
    for (std::size_t i = 0; i < story.result.trace.size(); ++i) {
      text += fmt::format("{:>9}  {:.10f}\n", i + 1, story.result.trace[i]);
    }
  }
  write_standard_output(text);
}

std::string what_is_left(const FitCall& call, const FitStory& story) {
  const std::string missing = what_is_missing(call, story);
  if (story.result.stop_reason != StopReason::kCancelled)
    return "interrupted after the fit; " + (missing.empty() ? "all of it was done by then" : missing);
  const std::string model = story.model_path.empty()
                                ? "this is the best model so far, and --model would have saved it"
                                : fmt::format("the best model so far is saved in {}", story.model_path);
  return "interrupted; " + model + (missing.empty() ? "" : "; " + missing);
}

}  // namespace mixbern::app
