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
#include "groups_select.hpp"
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
#include "select_report.hpp"
#include "statistics_options.hpp"
#include "stopwatch.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

struct Arguments {
  DataOptions data;
  FitArguments fit;
  RunOptions run;
  TalkOptions talk;
  std::vector<std::size_t> n_components;
  Criterion criterion = Criterion::kBic;
  std::size_t blrt_samples = 0;
  std::size_t n_folds = 0;
  bool vlmr = false;
  std::uint64_t seed = 0;
  std::optional<WeightsKind> weights_kind;
  GroupOptions groups;
  std::string model;
  std::string table;
  std::string report;
};

constexpr std::size_t kSmoothingFolds = 5;
constexpr const char* kCriteria = "aic|aic3|bic|sabic|caic|icl-bic|awe|blrt|cv";

Criterion parse_criterion(const std::string& text) {
  if (const auto criterion = criterion_from_string(text)) return *criterion;
  refuse_choice("--criterion", text, kCriteria);
}

/// No test of the list knows sampling weights.
void refuse_tests(const Arguments& arguments) {
  if (arguments.vlmr) {
    throw std::invalid_argument(
        "--vlmr knows no sampling weights: choose by --criterion bic or --folds, or take weights as so many "
        "equal rows with --weights-kind frequency");
  }
  if (arguments.blrt_samples > 0) {
    throw std::invalid_argument(
        "--blrt draws rows with equal chances, and with sampling weights the statistic varies more than it "
        "would there: choose by --criterion bic or --folds, or take weights as so many equal rows with "
        "--weights-kind frequency");
  }
}

void check_call(const Arguments& arguments) {
  if (!arguments.groups.free.empty() && !arguments.groups.given())
    throw std::invalid_argument("--free names items that differ between groups: it needs --groups COLUMN");
  if (arguments.fit.init == InitMethod::kLabels || arguments.fit.init == InitMethod::kModel) {
    throw std::invalid_argument(
        fmt::format("select cannot start from a {}: that has one number of components",
                    arguments.fit.init == InitMethod::kModel ? "model" : "table of labels"));
  }
  if (arguments.criterion == Criterion::kBlrt && arguments.blrt_samples == 0)
    throw std::invalid_argument("--criterion blrt needs --blrt B, the number of data sets to draw");
  if (arguments.criterion == Criterion::kCrossValidation && arguments.n_folds == 0)
    throw std::invalid_argument(
        "--criterion cv needs --folds F, the number of parts of the cross-validation");
  if (arguments.weights_kind != WeightsKind::kSampling) return;
  if (arguments.data.weights.empty())
    throw std::invalid_argument(
        "--weights-kind sampling needs weights: name a column or a file with --weights");
  refuse_tests(arguments);
}

/// Rows that keep their labels need labels, and a component for each in every model.
void check_held_labels(const Arguments& arguments, const Dataset& data) {
  if (!arguments.fit.estimation.semi_supervised) return;
  if (arguments.blrt_samples > 0) refuse_class_sets(data, "--blrt");
  if (data.labels.empty())
    throw std::invalid_argument("--semi-supervised needs labels: name a column or a file with --labels");
  const std::int64_t largest = largest_class(data);
  if (largest < static_cast<std::int64_t>(arguments.n_components.front())) return;
  throw std::invalid_argument(fmt::format(
      "the labels are of {0} classes, and with --semi-supervised each has a component of its own: "
      "begin -k at {0}, not {1}",
      static_cast<std::uint64_t>(largest) + 1, arguments.n_components.front()));
}

SelectOptions select_options(const Arguments& arguments) {
  return {.n_components = arguments.n_components,
          .fit = fit_options_of(arguments.fit, arguments.run, arguments.seed),
          .criterion = arguments.criterion,
          .vlmr = arguments.vlmr,
          .n_folds = arguments.n_folds,
          .smoothing_folds = arguments.fit.smoothing_by_data ? kSmoothingFolds : 0,
          .blrt_samples = arguments.blrt_samples};
}

FitStory story_of(const Arguments& arguments, const Dataset& data, const Candidate& candidate) {
  return {.data = data,
          .result = candidate.fit,
          .data_name = base_name(arguments.data.name()),
          .model_path = "",
          .starts_given = arguments.fit.n_init != 0,
          .seconds_total = candidate.fit.seconds_em,
          .smoothing = candidate.smoothing,
          .agreement = candidate.agreement};
}

Json selection_json(const Arguments& arguments, const Dataset& data, const Selection& selection,
                    const std::string& model_path) {
  Json json = {{"version", version()},
               {"data", base_name(arguments.data.name())},
               {"criterion", to_string(arguments.criterion)},
               {"best", selection.candidates[selection.best].fit.mixture.n_components()},
               {"models", Json::array()}};
  for (const Candidate& candidate : selection.candidates) {
    Json model = fit_json(story_of(arguments, data, candidate), false);
    add_candidate(model, candidate);
    json["models"].push_back(std::move(model));
  }
  json["model"] = model_path.empty() ? Json(nullptr) : Json(model_path);
  return json;
}

void save_table(const Arguments& arguments, const Selection& selection) {
  if (arguments.table.empty()) return;
  write_result(arguments.table, [&](const ByteSink& sink) {
    sink(selection_table(selection, table_format(arguments.table)));
  });
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

void tell(const Arguments& arguments, const Dataset& data, const Selection& selection, const Written& written,
          double seconds, Messages& messages) {
  for (const Candidate& candidate : selection.candidates) {
    for (const auto& warning : candidate.warnings)
      messages.warn(fmt::format("K = {}: {}", candidate.fit.mixture.n_components(), warning));
  }
  if (arguments.talk.json) {
    print_json(selection_json(arguments, data, selection, written.model), messages);
    return;
  }
  const FitResult& first = selection.candidates.front().fit;
  std::string text = data_line(data, base_name(arguments.data.name()), distinct_words(first),
                               first.options.estimation.weights_kind);
  text += answer_line(data);
  text += fmt::format("\nseed {}, {:.2f} s, {}, kernel {}\n\n", arguments.seed, seconds,
                      counted(first.threads, "thread"), first.kernel);
  text += selection_text(selection, arguments.criterion);
  if (!written.model.empty()) text += fmt::format("model saved to {}\n", one_line(written.model));
  text += report_line(written.report);
  write_standard_output(text);
}

/// What an interruption left undone.
std::string what_is_missing(const Arguments& arguments, const Selection& selection) {
  std::vector<std::string> parts;
  const std::size_t done = selection.candidates.size();
  if (done < arguments.n_components.size())
    parts.push_back(
        fmt::format("{} of {} numbers of components were fitted", done, arguments.n_components.size()));
  for (std::size_t i = 1; arguments.blrt_samples > 0 && i < done; ++i) {
    const Candidate& candidate = selection.candidates[i];
    if (candidate.blrt && candidate.blrt->ended != BootstrapEnd::kCancelled) continue;
    parts.push_back(fmt::format("--blrt drew {} of {} data sets for K = {}",
                                grouped(candidate.blrt ? candidate.blrt->n_samples : 0),
                                grouped(arguments.blrt_samples), candidate.fit.mixture.n_components()));
    break;  // none of those after it was begun
  }
  return parts.empty() ? "all fits were done by then" : joined(parts, ", ");
}

/// What goes with groups.
GroupSelectCall group_call(const Arguments& arguments) {
  if (arguments.blrt_samples > 0 || arguments.vlmr || arguments.n_folds > 0) {
    throw std::invalid_argument(
        "with --groups there are no --blrt, --vlmr and --folds, whose data sets know no groups; choose by "
        "--criterion bic or another that is computed from the likelihood given the groups");
  }
  if (!arguments.report.empty()) {
    throw std::invalid_argument(
        "with --groups a report shows one model: mixbern fit -k K --groups COLUMN --report OUT.html");
  }
  StatisticsOptions statistics;
  statistics.weights_kind = arguments.weights_kind;
  return {.call = {.data = arguments.data,
                   .fit = arguments.fit,
                   .run = arguments.run,
                   .talk = arguments.talk,
                   .groups = arguments.groups,
                   .statistics = statistics,
                   .n_components = arguments.n_components.front(),
                   .seed = arguments.seed},
          .options = {.n_components = arguments.n_components, .criterion = arguments.criterion},
          .model = arguments.model,
          .table = arguments.table};
}

int run(Arguments arguments) {
  const Stopwatch stopwatch;
  Messages messages(arguments.talk.quiet);
  check_call(arguments);
  if (arguments.groups.given()) return select_in_groups(group_call(arguments));
  if (!arguments.run.kernel.empty()) use_kernel(arguments.run.kernel);
  check_report_option(arguments.report);
  check_outputs({arguments.model, arguments.table, arguments.report}, input_files(arguments.data), messages);
  Dataset data = load_data(arguments.data, messages);
  refuse_weightless(data, arguments.data);
  if (arguments.fit.estimation.semi_supervised) split_labels(arguments.data, data);
  check_held_labels(arguments, data);
  const WeightsKind kind = settle_weights(data, arguments.weights_kind);
  if (kind == WeightsKind::kSampling) refuse_tests(arguments);
  tell_weights_kind(arguments.weights_kind, kind, messages);
  arguments.fit.estimation.weights_kind = kind;
  const double seconds_read = stopwatch.seconds();

  const Interruption interruption;
  Progress progress(on_standard_error(arguments.talk.quiet, interruption, arguments.fit.tol));
  SelectOptions options = select_options(arguments);
  options.fit.watch = &progress;
  std::optional<Selection> found;
  Phases phases(progress, interruption);
  found = phases.run(
      "first parameters of the starts",
      [&] {
        return with_memory(arguments.data.name(), data, [&] { return select_components(data, options); });
      },
      [&progress] { return progress.has_begun(); });
  if (!found) {
    messages.note("interrupted before there was a model; nothing is saved");
    return 128 + interruption.signal();
  }
  const Selection& selection = *found;
  Saves saves;
  FitStory best = story_of(arguments, data, selection.candidates[selection.best]);
  best.model_path = arguments.model;
  Written written;
  written.model = save_fitted_model(best, saves);
  saves.attempt([&] { save_table(arguments, selection); });
  saves.attempt([&] {
    const auto document = [&arguments, &data, &selection, seconds_read] {
      return report_document(selection, arguments.criterion, data,
                             {.data_name = base_name(arguments.data.name()),
                              .threads = arguments.run.threads,
                              .seconds_read = seconds_read});
    };
    if (save_report(arguments.report, phases, document)) written.report = arguments.report;
  });
  if (const std::string end = end_of_list(selection); !end.empty()) messages.note(end);
  if (const std::string limits = limits_of_criteria(selection, arguments.criterion); !limits.empty())
    messages.note(limits);
  tell(arguments, data, selection, written, stopwatch.seconds(), messages);
  if (interruption.signal() == 0) return saves.failed() ? kFailed : 0;
  messages.note("interrupted; " + what_is_missing(arguments, selection));
  return 128 + interruption.signal();
}

void add_select_options(CLI::App& command, Arguments& arguments) {
  add_value(
      command, "-k,--n-components",
      [&arguments](const std::string& text) { arguments.n_components = parse_numbers_of_components(text); },
      "LIST", "Numbers of components to try: 1:8, or 1,2,4", "Model")
      ->required();
  add_value(
      command, "--criterion",
      [&arguments](const std::string& text) { arguments.criterion = parse_criterion(text); }, kCriteria,
      "What picks the best one: the smallest value, the bootstrap test step by step, or cross-validation "
      "[bic]",
      "Model");
  add_value(
      command, "--blrt",
      [&arguments](const std::string& text) {
        arguments.blrt_samples = parse_count("--blrt", text, 1, 1'000'000);
      },
      "B",
      "Test each number against the one before it by drawing B data sets, fewer where p is clearly large",
      "Model");
  add_switch(command, "--vlmr", arguments.vlmr,
             "Test each number against the one before it by Vuong, Lo, Mendell and Rubin, plain and "
             "adjusted: not for deciding, as it rejects far too often; use --blrt",
             "Model");
  add_value(
      command, "--folds",
      [&arguments](const std::string& text) {
        arguments.n_folds = parse_count("--folds", text, 2, 1'000'000);
      },
      "F", "Cross-validate: log-likelihood of each of F parts of the rows under fits to the others", "Model");
  add_value(
      command, "--model", [&arguments](const std::string& text) { arguments.model = text; }, "OUT",
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
  const auto arguments = std::make_shared<Arguments>();
  add_data_argument(command, arguments->data);
  add_select_options(command, *arguments);
  add_data_options(command, arguments->data, DataUse::kNewData);
  add_weights_kind_option(command, arguments->weights_kind);
  add_groups_option(command, arguments->groups, false);
  add_free_option(command, arguments->groups);
  add_fit_options(command, arguments->fit);
  // What belongs to one number of components.
  command.remove_option(command.get_option("--init-model"));
  command.get_option("--labels")
      ->description(
          "Known classes to compare the components of each number with, which take no part in the fits but "
          "with "
          "--semi-supervised: a column of DATA, or a file with one a row");
  add_seed_option(command, arguments->seed, "Seed of the starts and of the drawn data sets");
  add_run_options(command, arguments->run);
  add_table_option(command, arguments->table, "Save the table of criteria");
  add_report_option(command, arguments->report);
  add_talk_options(command, arguments->talk);
  command.footer(
      "# one to six classes, chosen by BIC; the best model is saved\n"
      "mixbern select carcinoma.csv -k 1:6 --model best.model\n"
      "# bootstrap tests of each number against the one before it\n"
      "mixbern select carcinoma.csv -k 1:6 --blrt 100 --criterion blrt\n"
      "# the table for the paper, and a page with all models\n"
      "mixbern select survey.csv -k 2:5 --exclude id --table classes.md --report classes.html");
  return {&command, [arguments] { return run(*arguments); }};
}

}  // namespace mixbern::app
