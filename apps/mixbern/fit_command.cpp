// mixbern fit
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

#include "checkpoint_options.hpp"
#include "commands.hpp"
#include "data_input.hpp"
#include "estimates_table.hpp"
#include "fit_report.hpp"
#include "groups_fit.hpp"
#include "interruption.hpp"
#include "item_labels.hpp"
#include "mixbern/kernels/kernels.hpp"
#include "mixbern/report/report.hpp"
#include "mixbern/select/optima.hpp"
#include "out_of_memory.hpp"
#include "output_check.hpp"
#include "phases.hpp"
#include "progress.hpp"
#include "report_output.hpp"
#include "statistics_options.hpp"
#include "statistics_report.hpp"
#include "stopwatch.hpp"
#include "survey_options.hpp"
#include "team.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

struct Arguments {
  DataOptions data;
  FitArguments fit;
  RunOptions run;
  TalkOptions talk;
  StatisticsOptions statistics;
  SurveyOptions survey;
  SurveyDesign design;                         // of the rows, read with them
  std::optional<ReplicateWeights> replicates;  // the same
  CheckpointOptions checkpoint;
  GroupOptions groups;
  std::size_t n_components = 0;
  std::uint64_t seed = 0;
  std::string model;
  std::string report;
  std::vector<std::string> names;
  std::vector<std::size_t> order;
  bool trace = false;
};

/// The start that was asked for, or that follows from what was given for it.
InitMethod chosen_init(const Arguments& arguments) {
  const bool has_model = !arguments.fit.init_model.empty();
  const InitMethod fallback = has_model                        ? InitMethod::kModel
                              : !arguments.data.labels.empty() ? InitMethod::kLabels
                                                               : InitMethod::kPortfolio;
  const InitMethod init = arguments.fit.init.value_or(fallback);
  if (init == InitMethod::kModel && !has_model) {
    throw std::invalid_argument("--init model needs --init-model FILE, the model to start from");
  }
  if (init != InitMethod::kModel && has_model) {
    throw std::invalid_argument(
        fmt::format("--init {} and --init-model exclude each other; leave one of them out", to_string(init)));
  }
  return init;
}

Mixture start_model(const Arguments& arguments, const Dataset& data) {
  const Mixture mixture = load_model(arguments.fit.init_model).mixture;
  if (mixture.n_components() != arguments.n_components || mixture.n_features() != data.n_features()) {
    throw std::invalid_argument(fmt::format(
        "--init-model {} has {} and {}, but the fit has {} and {}", base_name(arguments.fit.init_model),
        counted(mixture.n_components(), "component"), counted(mixture.n_features(), "feature"),
        counted(arguments.n_components, "component"), counted(data.n_features(), "feature")));
  }
  return mixture;
}

void check_labels(const Arguments& arguments, InitMethod init, const Dataset& data) {
  const char* option = arguments.fit.estimation.hold_labels ? "--semi-supervised"
                       : init == InitMethod::kLabels        ? "--init labels"
                                                            : nullptr;
  if (option == nullptr) return;
  if (data.labels.empty()) {
    throw std::invalid_argument(
        fmt::format("{} needs labels: name a column or a file with --labels", option));
  }
  const std::int64_t largest = *std::max_element(data.labels.begin(), data.labels.end());
  if (largest >= static_cast<std::int64_t>(arguments.n_components)) {
    throw std::invalid_argument(
        fmt::format("the labels go up to {} and count from 0, so they need -k {} at least, not {}", largest,
                    static_cast<std::uint64_t>(largest) + 1, arguments.n_components));
  }
}

/// Labels that count from 1, as R's do, where K as the largest and no 0 leave no doubt.
void count_labels_from_zero(Dataset& data, std::size_t n_components) {
  if (!data.label_names.empty()) return;
  std::vector<std::int64_t>& labels = data.labels;
  const auto largest = std::max_element(labels.begin(), labels.end());
  if (largest == labels.end() || *largest != static_cast<std::int64_t>(n_components)) return;
  if (std::find(labels.begin(), labels.end(), 0) != labels.end()) return;
  for (std::int64_t& label : labels) label = label > 0 ? label - 1 : label;
}

FitOptions fit_options(const Arguments& arguments, const Dataset& data) {
  FitOptions options = fit_options_of(arguments.fit, arguments.run, arguments.seed);
  options.n_components = arguments.n_components;
  options.init = chosen_init(arguments);
  check_labels(arguments, options.init, data);
  if (options.init == InitMethod::kModel) options.init_model = start_model(arguments, data);
  return options;
}

StandardErrorOptions error_options(const Arguments& arguments, const FitResult& result) {
  return {.method = arguments.statistics.standard_errors.value_or(StandardErrorMethod::kObserved),
          .estimation = result.options.estimation,
          .design = arguments.design,
          .threads = result.threads};
}

/// By the replicates where there are some.
StandardErrors errors_of(const Arguments& arguments, const Dataset& data, const FitResult& result,
                         const Interruption& interruption) {
  if (!arguments.replicates) return standard_errors(result.mixture, data, error_options(arguments, result));
  return replicate_standard_errors(result.mixture, data, *arguments.replicates,
                                   {.estimation = result.options.estimation,
                                    .threads = result.threads,
                                    .cancelled = [&interruption] { return interruption.signal() != 0; }});
}

FitResult fitted_by_all(const Dataset& data, const FitOptions& options, const Checkpointing& checkpointing,
                        const SharedRows* shared) {
  return shared == nullptr ? fit(data, options, checkpointing)
                           : fit(data, options, checkpointing, shared->helpers());
}

/// A fit, with the smoothing that the data chose first if it was to.
struct Fitted {
  FitResult result;
  std::optional<SmoothingChoice> smoothing;
};

Fitted fitted(const Arguments& arguments, const Dataset& data, FitOptions options,
              const Checkpointing& checkpointing, const SharedRows* shared) {
  std::optional<SmoothingChoice> smoothing;
  if (arguments.fit.smoothing_by_data) {
    smoothing = choose_smoothing(data, options);
    options.estimation.smoothing = smoothing->smoothing;
  }
  try {
    return {with_memory(arguments.data.name(), data,
                        [&] { return fitted_by_all(data, options, checkpointing, shared); }),
            std::move(smoothing)};
  } catch (const CheckpointError& error) {
    refuse_checkpoint(arguments.checkpoint, error);
  }
}

/// What was asked for beyond the fit itself. A bootstrap ends by itself when it is cancelled, and keeps what
/// it drew.
void add_statistics(const Arguments& arguments, const Interruption& interruption, Phases& phases,
                    FitStory& story) {
  const StatisticsOptions& options = arguments.statistics;
  const FitResult& result = story.result;
  const Dataset& data = story.data;
  story.agreement = phases
                        .run("comparing with the labels",
                             [&] { return agreement_with_labels(result.mixture, data, result.threads); })
                        .value_or(std::nullopt);
  if (options.statistics)
    story.statistics = phases.run("statistics", [&] { return statistics_of(result, data); });
  if (options.standard_errors) {
    story.standard_errors = phases.run("standard errors", [&arguments, &data, &result, &interruption] {
      return errors_of(arguments, data, result, interruption);
    });
  }
  const auto drawn = [&](const char* name, BootstrapKind kind, std::size_t n_samples) {
    const BootstrapOptions some{.n_samples = n_samples,
                                .seed = arguments.seed,
                                .threads = result.threads,
                                .estimation = result.options.estimation,
                                .cancelled = [&interruption] { return interruption.signal() != 0; }};
    return phases.run(
        name, [&data, &result, kind, some] { return bootstrap_fit(result.mixture, data, kind, some); });
  };
  if (options.bootstrap > 0)
    story.bootstrap = drawn("bootstrap", BootstrapKind::kParametric, options.bootstrap);
  if (options.resample > 0)
    story.resampling = drawn("resampling", BootstrapKind::kResampling, options.resample);
}

void save_table(const Arguments& arguments, const FitStory& story) {
  if (arguments.statistics.table.empty()) return;
  const std::optional<StandardErrors> errors = shown_errors(story);
  const ItemLabels items(story.data.feature_names, answers_of(story.data), story.component_names,
                         story.data.items());
  const Estimates estimates{story.result.mixture, items, errors ? &*errors : nullptr};
  write_result(arguments.statistics.table, [&](const ByteSink& sink) {
    sink(estimates_table(estimates, table_format(arguments.statistics.table)));
  });
}

std::string document_of(const FitStory& story, bool statistics) {
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
                          .statistics = statistics});
}

/// What the standard errors say, or what is quickly known of the model without them.
std::vector<std::string> doubts_of(const Arguments& arguments, const FitStory& story, Phases& phases) {
  if (story.standard_errors) return story.standard_errors->warnings;
  return phases
      .run("identification",
           [&story, some = error_options(arguments, story.result)] {
             return identification_warnings(story.result.mixture, story.data, some);
           })
      .value_or(std::vector<std::string>());
}

void tell(const Arguments& arguments, const FitStory& story, Phases& phases, Messages& messages) {
  if (story.smoothing) {
    for (const auto& warning : story.smoothing->warnings) messages.warn(warning);
  }
  for (const auto& warning : story.result.warnings) messages.warn(warning);
  for (const auto& warning : optima_warnings(story.result)) messages.warn(warning);
  if (story.result.n_init > 1 && story.result.n_init_at_best == 1 && starts_end_apart(story.result.mixture))
    messages.note(fmt::format("each of {} ended elsewhere, as starts do with {}; the best one is shown",
                              counted(story.result.n_init, "start"),
                              counted(story.result.mixture.n_features(), "feature")));
  for (const auto& warning : doubts_of(arguments, story, phases)) messages.warn(warning);
  if (arguments.talk.json) {
    print_json(fit_json(story, arguments.trace), messages);
    return;
  }
  std::string text = fit_text(story, terminal_width(STDOUT_FILENO), is_terminal(STDOUT_FILENO));
  text += report_line(story.report_path);
  if (arguments.trace) {
    text += "\niteration  mean log-likelihood\n";
    for (std::size_t i = 0; i < story.result.trace.size(); ++i) {
      text += fmt::format("{:>9}  {:.10f}\n", i + 1, story.result.trace[i]);
    }
  }
  write_standard_output(text);
}

/// What was asked for and is not all there.
std::string what_is_missing(const Arguments& arguments, const FitStory& story) {
  const StatisticsOptions& options = arguments.statistics;
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
  if (!arguments.report.empty() && story.report_path.empty())
    parts.emplace_back("there is no report ('mixbern report' makes it of a model)");
  return joined(parts, ", ");
}

/// One line that tells what an interrupted fit left behind.
std::string what_is_left(const Arguments& arguments, const FitStory& story) {
  const std::string missing = what_is_missing(arguments, story);
  if (story.result.stop_reason != StopReason::kCancelled)
    return "interrupted after the fit; " + (missing.empty() ? "all of it was done by then" : missing);
  const std::string model = story.model_path.empty()
                                ? "this is the best model so far, and --model would have saved it"
                                : fmt::format("the best model so far is saved in {}", story.model_path);
  return "interrupted; " + model + (missing.empty() ? "" : "; " + missing);
}

/// The exit status.
int end(const Arguments& arguments, const FitStory& story, int signal, const Saves& saves,
        const Messages& messages) {
  if (signal == 0) return saves.failed() ? kFailed : 0;
  messages.note(what_is_left(arguments, story));
  return 128 + signal;
}

/// A checkpoint may take the place of the one that is gone on from.
std::vector<std::string> all_inputs(const Arguments& arguments) {
  std::vector<std::string> files = input_files(arguments.data, arguments.fit.init_model);
  if (arguments.checkpoint.resume != arguments.checkpoint.path) files.push_back(arguments.checkpoint.resume);
  return files;
}

/// What goes with groups: a fit and its model.
GroupCall group_call(const Arguments& arguments) {
  const StatisticsOptions& statistics = arguments.statistics;
  const bool asks_for_more =
      statistics.statistics || statistics.standard_errors || statistics.bootstrap > 0 ||
      statistics.resample > 0 || !statistics.table.empty() || !arguments.report.empty() ||
      !arguments.names.empty() || !arguments.checkpoint.path.empty() ||
      !arguments.checkpoint.resume.empty() || arguments.trace || arguments.survey.given();
  if (asks_for_more) {
    throw std::invalid_argument(
        "with --groups a fit prints its components and saves its --model; leave statistics, standard errors, "
        "survey designs, tables, reports, names, checkpoints and --trace out");
  }
  return {.data = arguments.data,
          .fit = arguments.fit,
          .run = arguments.run,
          .talk = arguments.talk,
          .groups = arguments.groups,
          .weights_kind = statistics.weights_kind,
          .n_components = arguments.n_components,
          .seed = arguments.seed};
}

int run(Arguments arguments) {
  if (arguments.groups.given()) return fit_in_groups(group_call(arguments), arguments.model);
  if (!arguments.groups.free.empty())
    throw std::invalid_argument("--free names items that differ between groups: it needs --groups COLUMN");
  const Stopwatch stopwatch;
  Messages messages(arguments.talk.quiet);
  if (!arguments.run.kernel.empty()) use_kernel(arguments.run.kernel);
  check_report_option(arguments.report);
  check_component_names(arguments.names, arguments.n_components);
  check_component_order(arguments.order, arguments.n_components, arguments.fit.estimation.hold_labels);
  check_checkpoint_options(arguments.checkpoint);
  check_outputs({arguments.model, arguments.statistics.table, arguments.report, arguments.checkpoint.path},
                all_inputs(arguments), messages);
  adapt_to_design(arguments.survey, arguments.data, arguments.statistics, messages);
  check_statistics_options(arguments.statistics, arguments.data);
  keep_from_items(columns_of(arguments.survey), arguments.data);
  static_cast<void>(chosen_init(arguments));  // a wrong call is told before anything is read
  Dataset data = load_data(arguments.data, messages);
  refuse_weightless(data, arguments.data);
  arguments.design = read_design(arguments.survey, arguments.data);
  arguments.replicates = read_replicates(arguments.survey, arguments.data, data.weights);
  const WeightsKind kind = settle_weights(data, arguments.statistics.weights_kind);
  if (kind == WeightsKind::kSampling) adapt_to_sampling_weights(arguments.statistics);
  tell_weights_kind(arguments.statistics.weights_kind, kind, messages);
  arguments.fit.estimation.weights_kind = kind;
  count_labels_from_zero(data, arguments.n_components);
  const double seconds_read = stopwatch.seconds();
  FitOptions options = fit_options(arguments, data);

  const std::unique_ptr<SharedRows> shared = shared_rows(data, arguments.run.threads);
  if (shared && !shared->leads()) return shared->serve();

  const Interruption interruption;
  Progress progress({.quiet = arguments.talk.quiet,
                     .terminal = is_terminal(STDERR_FILENO),
                     .width = terminal_width(STDERR_FILENO),
                     .tol = arguments.fit.tol,
                     .interrupted = [&interruption] { return interruption.signal() != 0; }});
  options.observer = &progress;
  const Checkpointing checkpoints = checkpointing(arguments.checkpoint, progress, messages);
  std::optional<Fitted> found;
  std::optional<FitStory> kept;
  Phases phases(progress, interruption);
  found = phases.run(
      "first parameters of the starts",
      [&] { return fitted(arguments, data, options, checkpoints, shared.get()); },
      [&progress] { return progress.iterates(); });
  if (!found) {
    messages.note("interrupted before there was a model; nothing is saved");
    return 128 + interruption.signal();
  }

  if (!arguments.order.empty()) found->result.mixture = permuted(found->result.mixture, arguments.order);
  FitStory& story = kept.emplace(FitStory{.data = data,
                                          .result = found->result,
                                          .data_name = base_name(arguments.data.name()),
                                          .model_path = arguments.model,
                                          .starts_given = arguments.fit.n_init != 0,
                                          .seconds_read = seconds_read,
                                          .seconds_total = 0,
                                          .smoothing = std::move(found->smoothing),
                                          .component_names = arguments.names});
  // Before anything else that takes time or may fail.
  Saves saves;
  story.model_path = save_fitted_model(story, saves);
  add_statistics(arguments, interruption, phases, story);
  story.seconds_total = stopwatch.seconds();
  saves.attempt([&] { save_table(arguments, story); });
  saves.attempt([&] {
    const auto document = [&story, statistics = arguments.statistics.statistics] {
      return document_of(story, statistics);
    };
    if (save_report(arguments.report, phases, document)) story.report_path = arguments.report;
  });
  tell(arguments, story, phases, messages);
  return end(arguments, story, interruption.signal(), saves, messages);
}

}  // namespace

Command add_fit_command(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("fit",
                                              "fit a mixture to data\nEM from several starts: each is run "
                                              "for a while, the best ones to the end. The same data, "
                                              "options and seed give the same model for "
                                              "any number of threads. Prints the result and the "
                                              "components; --model saves it for the other commands.");
  const auto arguments = std::make_shared<Arguments>();
  add_data_argument(command, arguments->data);
  add_value(
      command, "-k,--n-components",
      [arguments](const std::string& text) {
        arguments->n_components = parse_one_number_of_components(text);
      },
      "K", "Number of components", "Model")
      ->required();
  add_value(
      command, "--model", [arguments](const std::string& text) { arguments->model = text; }, "OUT",
      "Save the fitted model in this file (safetensors)", "Model");
  add_value(
      command, "--order",
      [arguments](const std::string& text) { arguments->order = parse_order("--order", text); }, "A,B,C",
      "Order of the components, by their numbers without this option [largest first]", "Model");
  add_names_option(command, arguments->names, "Names for the components, in the order of the result");
  add_data_options(command, arguments->data, DataUse::kNewData);
  add_groups_option(command, arguments->groups, false);
  add_free_option(command, arguments->groups);
  add_fit_options(command, arguments->fit);
  add_statistics_options(command, arguments->statistics);
  add_survey_options(command, arguments->survey);
  add_seed_option(command, arguments->seed, "Seed of the starts");
  add_run_options(command, arguments->run);
  add_checkpoint_options(command, arguments->checkpoint);
  add_report_option(command, arguments->report);
  add_switch(command, "--trace", arguments->trace, "Also print the mean log-likelihood before each M-step",
             "Output");
  add_talk_options(command, arguments->talk);
  command.footer(
      "# three classes of seven raters: standard errors, a table for the paper, a page to open\n"
      "mixbern fit carcinoma.csv -k 3 --standard-errors observed --table classes.tex --report c.html\n"
      "# images of 28 x 28 grey pixels, the first 20,000 of them\n"
      "mixbern fit train-images-idx3-ubyte.gz -k 10 --threshold 127 --rows :20000 --shape 28x28\n"
      "# a survey with weights and an identifier, 100 starts, result as JSON\n"
      "mixbern fit survey.csv -k 4 --weights wt --exclude id --n-init 100 --json\n"
      "# go on from a model, or hold the rows whose class is known\n"
      "mixbern fit more.csv -k 3 --init-model carcinoma.model\n"
      "mixbern fit reads.csv -k 5 --labels class --semi-supervised");
  return {&command, [arguments] { return run(*arguments); }};
}

}  // namespace mixbern::app
