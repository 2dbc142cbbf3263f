// mixbern fit

#include <memory>
#include <stdexcept>

#include "commands.hpp"
#include "fit_ending.hpp"
#include "fit_statistics.hpp"
#include "groups_fit.hpp"
#include "mixbern/kernels/kernels.hpp"
#include "mixbern/report/report.hpp"
#include "out_of_memory.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "report_output.hpp"
#include "statistics_report.hpp"
#include "stopwatch.hpp"
#include "team.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

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

Fitted fitted(const FitCall& call, const Dataset& data, FitOptions options,
              const Checkpointing& checkpointing, const SharedRows* shared) {
  std::optional<SmoothingChoice> smoothing;
  if (call.fit.smoothing_by_data) {
    smoothing = choose_smoothing(data, options);
    options.estimation.smoothing = smoothing->smoothing;
  }
  try {
    return {with_memory(call.data.name(), data,
                        [&] { return fitted_by_all(data, options, checkpointing, shared); }),
            std::move(smoothing)};
  } catch (const CheckpointError& error) {
    refuse_checkpoint(call.checkpoint, error);
  }
}

/// Saves, looks closer and tells, in an order that loses nothing. Returns the exit status.
int conclude(const FitCall& call, const Interruption& interruption, Progress& progress, Phases& phases,
             const Stopwatch& stopwatch, FitStory& story, Messages& messages) {
  // Before anything else that takes time or may fail.
  Saves saves;
  story.model_path = save_fitted_model(story, saves);
  add_statistics(call, progress, phases, story);
  story.seconds_total = stopwatch.seconds();
  saves.attempt([&] { save_table(call, story); });
  saves.attempt([&] {
    const auto document = [&] { return document_of(call, story); };
    if (save_report(call.report, phases, document)) story.report_path = call.report;
  });
  tell(call, story, phases, messages);
  const int signal = interruption.signal();
  if (signal == 0) return saves.failed() ? kFailed : 0;
  messages.note(what_is_left(call, story));
  return 128 + signal;
}

int run(FitCall call) {
  if (call.groups.given()) return fit_in_groups(group_call(call), call.model);
  if (!call.groups.free.empty())
    throw std::invalid_argument("--free names items that differ between groups: it needs --groups COLUMN");
  const Stopwatch stopwatch;
  Messages messages(call.talk.quiet);
  if (!call.run.kernel.empty()) use_kernel(call.run.kernel);
  check_call(call, messages);
  const Dataset data = read_rows(call, messages);
  const double seconds_read = stopwatch.seconds();
  FitOptions options = fit_options(call, data);

  const std::unique_ptr<SharedRows> shared = shared_rows(data, call.run.threads);
  if (shared && !shared->leads()) return shared->serve();

  const Interruption interruption;
  Progress::Options shown = on_standard_error(call.talk.quiet, interruption, call.fit.tol);
  constexpr std::size_t kBitsAByte = 8;
  if (is_packed(data.ones)) shown.bytes_a_row = data.n_features() / kBitsAByte;
  Progress progress(shown);
  options.watch = &progress;
  const Checkpointing checkpoints = checkpointing(call.checkpoint, progress, messages);
  std::optional<Fitted> found;
  std::optional<FitStory> kept;
  Phases phases(progress, interruption);
  found = phases.run(
      "first parameters of the starts",
      [&] { return fitted(call, data, std::move(options), checkpoints, shared.get()); },
      [&progress] { return progress.has_begun(); });
  if (!found) {
    messages.note("interrupted before there was a model; nothing is saved");
    return 128 + interruption.signal();
  }

  if (!call.order.empty()) found->result.mixture = permuted(found->result.mixture, call.order);
  FitStory& story = kept.emplace(FitStory{.data = data,
                                          .result = found->result,
                                          .data_name = base_name(call.data.name()),
                                          .model_path = call.model,
                                          .starts_given = call.fit.n_init != 0,
                                          .seconds_read = seconds_read,
                                          .seconds_total = 0,
                                          .smoothing = std::move(found->smoothing),
                                          .component_names = call.names});
  return conclude(call, interruption, progress, phases, stopwatch, story, messages);
}

}  // namespace

Command add_fit_command(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("fit",
                                              "fit a mixture to data\nEM from several starts: each is run "
                                              "for a while, the best ones to the end. The same data, "
                                              "options and seed give the same model for "
                                              "any number of threads. Prints the result and the "
                                              "components; --model saves it for the other commands.");
  const auto call = std::make_shared<FitCall>();
  add_data_argument(command, call->data);
  add_value(
      command, "-k,--n-components",
      [call](const std::string& text) { call->n_components = parse_one_number_of_components(text); }, "K",
      "Number of components", "Model")
      ->required();
  add_value(
      command, "--model", [call](const std::string& text) { call->model = text; }, "OUT",
      "Save the fitted model in this file (safetensors)", "Model");
  add_value(
      command, "--order", [call](const std::string& text) { call->order = parse_order("--order", text); },
      "A,B,C", "Order of the components, by their numbers without this option [largest first]", "Model");
  add_value(
      command, "--constraints", [call](const std::string& text) { call->constraints = text; }, "FILE",
      "Table with the columns component, item and parameter: a number holds a probability (or, without an "
      "item, a weight), a word names a parameter that cells, or weights, share",
      "Model");
  add_names_option(command, call->names, "Names for the components, in the order of the result");
  add_data_options(command, call->data, DataUse::kNewData);
  add_groups_option(command, call->groups, false);
  add_free_option(command, call->groups);
  add_fit_options(command, call->fit);
  add_statistics_options(command, call->statistics);
  add_survey_options(command, call->survey);
  add_seed_option(command, call->seed, "Seed of the starts");
  add_run_options(command, call->run);
  add_checkpoint_options(command, call->checkpoint);
  add_report_option(command, call->report);
  add_switch(command, "--trace", call->trace, "Also print the mean log-likelihood before each M-step",
             "Output");
  add_talk_options(command, call->talk);
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
  return {&command, [call] { return run(*call); }};
}

}  // namespace mixbern::app
