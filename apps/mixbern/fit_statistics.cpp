#include "fit_statistics.hpp"

#include "estimates_table.hpp"
#include "item_labels.hpp"
#include "mixbern/report/report.hpp"
#include "output.hpp"
#include "statistics_report.hpp"

namespace mixbern::app {

namespace {

StandardErrorOptions error_options(const FitCall& call, const FitResult& result) {
  return {.method = call.statistics.standard_errors.value_or(StandardErrorMethod::kObserved),
          .estimation = result.options.estimation,
          .design = call.design,
          .threads = result.threads};
}

/// By the replicates where there are some.
StandardErrors errors_of(const FitCall& call, const Dataset& data, const FitResult& result, Watch& watch) {
  if (!call.replicates) return standard_errors(result.mixture, data, error_options(call, result));
  return replicate_standard_errors(
      result.mixture, data, *call.replicates,
      {.estimation = result.options.estimation, .threads = result.threads, .watch = &watch});
}

}  // namespace

void add_statistics(const FitCall& call, Watch& watch, Phases& phases, FitStory& story) {
  const StatisticsOptions& options = call.statistics;
  const FitResult& result = story.result;
  const Dataset& data = story.data;
  story.agreement = phases
                        .run("comparing with the labels",
                             [&] { return agreement_with_labels(result.mixture, data, result.threads); })
                        .value_or(std::nullopt);
  if (options.statistics)
    story.statistics = phases.run("statistics", [&] { return statistics_of(result, data); });
  if (options.standard_errors) {
    story.standard_errors = phases.run(
        "standard errors", [&call, &data, &result, &watch] { return errors_of(call, data, result, watch); });
  }
  const auto drawn = [&](const char* name, BootstrapKind kind, std::size_t n_samples) {
    const BootstrapOptions some{.n_samples = n_samples,
                                .seed = call.seed,
                                .threads = result.threads,
                                .estimation = result.options.estimation,
                                .watch = &watch};
    return phases.run(
        name, [&data, &result, kind, some] { return bootstrap_fit(result.mixture, data, kind, some); });
  };
  if (options.bootstrap > 0)
    story.bootstrap = drawn("bootstrap", BootstrapKind::kParametric, options.bootstrap);
  if (options.resample > 0)
    story.resampling = drawn("resampling", BootstrapKind::kResampling, options.resample);
}

void save_table(const FitCall& call, const FitStory& story) {
  if (call.statistics.table.empty()) return;
  const std::optional<StandardErrors> errors = shown_errors(story);
  const ItemLabels items(story.data.feature_names, answers_of(story.data), story.component_names,
                         story.data.items());
  const Estimates estimates{story.result.mixture, items, errors ? &*errors : nullptr};
  write_result(call.statistics.table, [&](const ByteSink& sink) {
    sink(paper_table(table_of(estimates), table_format(call.statistics.table)));
  });
}

std::string document_of(const FitCall& call, const FitStory& story) {
  const auto pointer = [](const auto& part) { return part ? &*part : nullptr; };
  return report_document(story.result, story.data,
                         {.data_name = story.data_name,
                          .component_names = story.component_names,
                          .threads = story.result.threads,
                          .seconds_read = story.seconds_read,
                          .seconds_total = story.seconds_total,
                          .standard_errors = pointer(story.standard_errors),
                          .goodness_of_fit = story.statistics ? &story.statistics->fit : nullptr,
                          .bootstrap = pointer(story.bootstrap),
                          .resampling = pointer(story.resampling),
                          .statistics = call.statistics.statistics});
}

std::vector<std::string> doubts_of(const FitCall& call, const FitStory& story, Phases& phases) {
  if (story.standard_errors) return story.standard_errors->warnings;
  return phases
      .run("identification",
           [&story, some = error_options(call, story.result)] {
             return identification_warnings(story.result.mixture, story.data, some);
           })
      .value_or(std::vector<std::string>());
}

}  // namespace mixbern::app
