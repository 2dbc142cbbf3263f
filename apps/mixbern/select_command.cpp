// mixbern select
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

#include "commands.hpp"
#include "data_input.hpp"
#include "estimates_table.hpp"
#include "fit_report.hpp"
#include "held_labels.hpp"
#include "interruption.hpp"
#include "item_labels.hpp"
#include "mixbern/kernels/kernels.hpp"
#include "mixbern/kernels/version.hpp"
#include "mixbern/report/report.hpp"
#include "out_of_memory.hpp"
#include "output_check.hpp"
#include "phases.hpp"
#include "progress.hpp"
#include "report_output.hpp"
#include "select_call.hpp"
#include "select_report.hpp"
#include "statistics_options.hpp"
#include "stopwatch.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

constexpr const char* kCriteria = "aic|aic3|bic|sabic|caic|icl-bic|awe|blrt|cv";

Criterion parse_criterion(const std::string& text) {
  if (const auto criterion = criterion_from_string(text)) return *criterion;
  refuse_choice("--criterion", text, kCriteria);
}

FitStory story_of(const SelectCall& call, const Dataset& data, const Candidate& candidate) {
  return {.data = data,
          .result = candidate.fit,
          .data_name = base_name(call.data.name()),
          .model_path = "",
          .starts_given = call.fit.n_init != 0,
          .seconds_total = candidate.fit.seconds_em,
          .smoothing = candidate.smoothing,
          .agreement = candidate.agreement};
}

Json selection_json(const SelectCall& call, const Dataset& data, const Selection& selection,
                    const std::string& model_path) {
  Json json = {{"version", version()},
               {"data", base_name(call.data.name())},
               {"criterion", to_string(call.criterion)},
               {"best", selection.candidates[selection.best].fit.mixture.n_components()},
               {"models", Json::array()}};
  for (const Candidate& candidate : selection.candidates) {
    Json model = fit_json(story_of(call, data, candidate), false);
    add_candidate(model, candidate);
    json["models"].push_back(std::move(model));
  }
  json["model"] = model_path.empty() ? Json(nullptr) : Json(model_path);
  return json;
}

void save_table(const SelectCall& call, const Selection& selection) {
  if (call.table.empty()) return;
  write_result(call.table,
               [&](const ByteSink& sink) { sink(selection_table(selection, table_format(call.table))); });
}

/// Which answer the ones of the table are, where that is not plain.
std::string answer_line(const Dataset& data) {
  const ItemLabels items({}, answers_of(data));
  if (items.caption().empty()) return "";
  return items.with_answers() ? "\na 1 is the answer that 'mixbern inspect' shows for each item"
                              : "\na 1 is " + items.shared();
}

/// What was saved where; empty: not.
struct Written {
  std::string model = {};
  std::string report = {};
};

void tell(const SelectCall& call, const Dataset& data, const Selection& selection, const Written& written,
          double seconds, Messages& messages) {
  for (const Candidate& candidate : selection.candidates) {
    for (const auto& warning : candidate.warnings)
      messages.warn(fmt::format("K = {}: {}", candidate.fit.mixture.n_components(), warning));
  }
  if (call.talk.json) {
    print_json(selection_json(call, data, selection, written.model), messages);
    return;
  }
  const FitResult& first = selection.candidates.front().fit;
  std::string text = data_line(data, base_name(call.data.name()), distinct_words(first),
                               first.options.estimation.weights_kind);
  text += answer_line(data);
  text += fmt::format("\nseed {}, {:.2f} s, {}, kernel {}\n\n", call.seed, seconds,
                      counted(first.threads, "thread"), first.kernel);
  text += selection_text(selection, call.criterion);
  if (!written.model.empty()) text += fmt::format("model saved to {}\n", one_line(written.model));
  text += report_line(written.report);
  write_standard_output(text);
}

/// What an interruption left undone.
std::string what_is_missing(const SelectCall& call, const Selection& selection) {
  std::vector<std::string> parts;
  const std::size_t done = selection.candidates.size();
  if (done < call.n_components.size())
    parts.push_back(
        fmt::format("{} of {} numbers of components were fitted", done, call.n_components.size()));
  for (std::size_t i = 1; call.blrt_samples > 0 && i < done; ++i) {
    const Candidate& candidate = selection.candidates[i];
    if (candidate.blrt && candidate.blrt->ended != BootstrapEnd::kCancelled) continue;
    parts.push_back(fmt::format("--blrt drew {} of {} data sets for K = {}",
                                grouped(candidate.blrt ? candidate.blrt->n_samples : 0),
                                grouped(call.blrt_samples), candidate.fit.mixture.n_components()));
    break;  // none of those after it was begun
  }
  return parts.empty() ? "all fits were done by then" : joined(parts, ", ");
}

int run(SelectCall call) {
  const Stopwatch stopwatch;
  Messages messages(call.talk.quiet);
  check_call(call);
  if (call.groups.given()) return select_in_groups(group_call(call));
  if (!call.run.kernel.empty()) use_kernel(call.run.kernel);
  check_report_option(call.report);
  check_outputs({call.model, call.table, call.report}, input_files(call.data), messages);
  Dataset data = load_data(call.data, messages);
  refuse_weightless(data, call.data);
  if (call.fit.estimation.semi_supervised) split_labels(call.data, data);
  check_held_labels(call, data);
  const WeightsKind kind = settle_weights(data, call.weights_kind);
  if (kind == WeightsKind::kSampling) refuse_tests(call);
  tell_weights_kind(call.weights_kind, kind, messages);
  call.fit.estimation.weights_kind = kind;
  const double seconds_read = stopwatch.seconds();

  const Interruption interruption;
  Progress progress(on_standard_error(call.talk.quiet, interruption, call.fit.tol));
  SelectOptions options = select_options(call);
  options.fit.watch = &progress;
  std::optional<Selection> found;
  Phases phases(progress, interruption);
  found = phases.run(
      "first parameters of the starts",
      [&] { return with_memory(call.data.name(), data, [&] { return select_components(data, options); }); },
      [&progress] { return progress.has_begun(); });
  if (!found) {
    messages.note("interrupted before there was a model; nothing is saved");
    return 128 + interruption.signal();
  }
  const Selection& selection = *found;
  Saves saves;
  FitStory best = story_of(call, data, selection.candidates[selection.best]);
  best.model_path = call.model;
  Written written;
  written.model = save_fitted_model(best, saves);
  saves.attempt([&] { save_table(call, selection); });
  saves.attempt([&] {
    const auto document = [&call, &data, &selection, seconds_read] {
      return report_document(selection, call.criterion, data,
                             {.data_name = base_name(call.data.name()),
                              .threads = call.run.threads,
                              .seconds_read = seconds_read});
    };
    if (save_report(call.report, phases, document)) written.report = call.report;
  });
  if (const std::string end = end_of_list(selection); !end.empty()) messages.note(end);
  if (const std::string limits = limits_of_criteria(selection, call.criterion); !limits.empty())
    messages.note(limits);
  tell(call, data, selection, written, stopwatch.seconds(), messages);
  if (interruption.signal() == 0) return saves.failed() ? kFailed : 0;
  messages.note("interrupted; " + what_is_missing(call, selection));
  return 128 + interruption.signal();
}

void add_select_options(CLI::App& command, SelectCall& call) {
  add_value(
      command, "-k,--n-components",
      [&call](const std::string& text) { call.n_components = parse_numbers_of_components(text); }, "LIST",
      "Numbers of components to try: 1:8, or 1,2,4", "Model")
      ->required();
  add_value(
      command, "--criterion", [&call](const std::string& text) { call.criterion = parse_criterion(text); },
      kCriteria,
      "What picks the best one: the smallest value, the bootstrap test step by step, or cross-validation "
      "[bic]",
      "Model");
  add_value(
      command, "--blrt",
      [&call](const std::string& text) { call.blrt_samples = parse_count("--blrt", text, 1, 1'000'000); },
      "B",
      "Test each number against the one before it by drawing B data sets, fewer where p is clearly large",
      "Model");
  add_switch(command, "--vlmr", call.vlmr,
             "Test each number against the one before it by Vuong, Lo, Mendell and Rubin, plain and "
             "adjusted: not for deciding, as it rejects far too often; use --blrt",
             "Model");
  add_value(
      command, "--folds",
      [&call](const std::string& text) { call.n_folds = parse_count("--folds", text, 2, 1'000'000); }, "F",
      "Cross-validate: log-likelihood of each of F parts of the rows under fits to the others", "Model");
  add_value(
      command, "--model", [&call](const std::string& text) { call.model = text; }, "OUT",
      "Save the best model in this file (safetensors)", "Model");
}

}  // namespace

Command add_select_command(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("select",
                                              "find the number of components\nFits each number of "
                                              "components, with more starts until the best one is met "
                                              "again, and prints all criteria side by side. The same data, "
                                              "options and seed give the same result for any "
                                              "number of threads.");
  const auto call = std::make_shared<SelectCall>();
  add_data_argument(command, call->data);
  add_select_options(command, *call);
  add_data_options(command, call->data, DataUse::kNewData);
  add_weights_kind_option(command, call->weights_kind);
  add_groups_option(command, call->groups, false);
  add_free_option(command, call->groups);
  add_fit_options(command, call->fit);
  // What belongs to one number of components.
  command.remove_option(command.get_option("--init-model"));
  command.get_option("--labels")
      ->description(
          "Known classes to compare the components of each number with, which take no part in the fits but "
          "with "
          "--semi-supervised: a column of DATA, or a file with one a row");
  add_seed_option(command, call->seed, "Seed of the starts and of the drawn data sets");
  add_run_options(command, call->run);
  add_table_option(command, call->table, "Save the table of criteria");
  add_report_option(command, call->report);
  add_talk_options(command, call->talk);
  command.footer(
      "# one to six classes, chosen by BIC; the best model is saved\n"
      "mixbern select carcinoma.csv -k 1:6 --model best.model\n"
      "# bootstrap tests of each number against the one before it\n"
      "mixbern select carcinoma.csv -k 1:6 --blrt 100 --criterion blrt\n"
      "# the table for the paper, and a page with all models\n"
      "mixbern select survey.csv -k 2:5 --exclude id --table classes.md --report classes.html");
  return {&command, [call] { return run(*call); }};
}

}  // namespace mixbern::app
