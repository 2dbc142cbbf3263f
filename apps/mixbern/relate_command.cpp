// mixbern relate
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>

#include "commands.hpp"
#include "data_input.hpp"
#include "interruption.hpp"
#include "mixbern/kernels/kernels.hpp"
#include "mixbern/report/json.hpp"
#include "mixbern/report/report.hpp"
#include "model_description.hpp"
#include "output_check.hpp"
#include "phases.hpp"
#include "progress.hpp"
#include "relate_report.hpp"
#include "relate_variables.hpp"
#include "report_output.hpp"
#include "statistics_options.hpp"
#include "stopwatch.hpp"
#include "survey_options.hpp"
#include "text.hpp"

namespace mixbern::app {
namespace {

constexpr const char* kMethodNames = "auto|ml|bch|two-step|one-step";
constexpr const char* kAssignmentNames = "modal|proportional";
constexpr const char* kErrorNames = "observed|opg|sandwich";

struct Arguments {
  std::string model;
  DataOptions data;
  RunOptions run;
  TalkOptions talk;
  VariableOptions variables;
  SurveyOptions survey;
  RelateMethod method = RelateMethod::kAuto;
  std::optional<Assignment> assignment;
  std::optional<StandardErrorMethod> standard_errors;
  std::optional<WeightsKind> weights_kind;
  std::string reference;
  std::string output;
  std::string report;
  bool listwise = false;
  bool all_references = false;
};

void check_call(const Arguments& arguments) {
  if (arguments.variables.covariates.empty() && arguments.variables.outcomes.empty()) {
    throw std::invalid_argument(
        "relate needs columns to relate the components to: --covariates A,B, --outcomes C,D, or both");
  }
  if (arguments.talk.json && arguments.output == "-") {
    throw std::invalid_argument(
        "--json prints one object, so the coefficients need a file of their own: give -o OUT.csv");
  }
  const bool no_steps =
      arguments.method == RelateMethod::kTwoStep || arguments.method == RelateMethod::kOneStep;
  if (arguments.assignment && no_steps) {
    throw std::invalid_argument(
        fmt::format("--assignment is a step of ml and bch; {} assigns no row", to_string(arguments.method)));
  }
  if (arguments.standard_errors && arguments.method != RelateMethod::kOneStep) {
    throw std::invalid_argument(
        arguments.method == RelateMethod::kAuto
            ? "--standard-errors chooses those of one-step, which --method auto may not take; name it too"
            : fmt::format(
                  "--standard-errors chooses those of one-step; {} has its own, which carry every step",
                  to_string(arguments.method)));
  }
  if (arguments.weights_kind == WeightsKind::kSampling && arguments.data.weights.empty()) {
    throw std::invalid_argument(
        "--weights-kind sampling needs weights: name a column or a file with --weights");
  }
}

/// By its name or its number from 1; the last one by default.
std::size_t reference_of(const Arguments& arguments, const Model& model) {
  const std::size_t n_components = model.mixture.n_components();
  if (arguments.reference.empty()) return n_components - 1;
  const auto& names = model.component_names;
  const auto named = std::ranges::find(names, arguments.reference);
  if (named != names.end()) return static_cast<std::size_t>(named - names.begin());
  return parse_count("--reference", arguments.reference, 1, n_components) - 1;
}

/// Those of a sample where somebody says so: the option, the fit of the model, or a survey design.
WeightsKind settle(const Arguments& arguments, const Estimation& estimation, Dataset& data,
                   Messages& messages) {
  if (data.weights.empty()) {
    if (estimation.weights_kind == WeightsKind::kSampling)
      messages.warn("the model was fitted with weights of a sample; --weights names them here too");
    return settle_weights(data, WeightsKind::kFrequency);
  }
  const bool sampled = estimation.weights_kind == WeightsKind::kSampling || arguments.survey.given();
  const auto asked =
      arguments.weights_kind || !sampled ? arguments.weights_kind : std::optional(WeightsKind::kSampling);
  const WeightsKind kind = settle_weights(data, asked);
  tell_weights_kind(asked, kind, messages);
  return kind;
}

/// DATA's options for its items alone: missing codes that name a column beside them are of no use there.
DataOptions items_alone(DataOptions data, const std::vector<std::string>& beside) {
  std::vector<std::string> missing;
  for (const std::string& list : data.read.missing) {
    for (const std::string& code : split(list, ',')) {
      const std::string name = code.substr(0, std::min(code.rfind('='), code.size()));
      if (std::ranges::find(beside, name) == beside.end()) missing.push_back(code);
    }
  }
  data.read.missing = std::move(missing);
  return data;
}

/// The relations, one after the other; nothing that a signal ended.
bool relate(const Model& model, const Variables& variables, const RelateOptions& options,
            const std::optional<ReplicateWeights>& replicates, Phases& phases, RelateStory& story) {
  if (variables.design) {
    story.covariates = phases.run("covariates", [&model, &variables, &options, &replicates, &story] {
      return replicates
                 ? relate_covariates(model.mixture, story.data, *variables.design, *replicates, options)
                 : relate_covariates(model.mixture, story.data, *variables.design, options);
    });
    if (!story.covariates) return false;
    story.curves = membership_curves(*story.covariates, variables.covariates, variables.terms);
  }
  for (const Outcome& outcome : variables.outcomes) {
    auto found =
        phases.run("outcome " + outcome.variable.name, [&model, &outcome, &options, &replicates, &story] {
          const auto& [of, as] = outcome;
          return replicates ? relate_outcome(model.mixture, story.data, of, as, *replicates, options)
                            : relate_outcome(model.mixture, story.data, of, as, options);
        });
    if (!found) return false;
    story.outcomes.push_back(std::move(*found));
  }
  return true;
}

void warn(const RelateStory& story, Messages& messages) {
  std::set<std::string> told;
  const auto tell = [&](const RelationBase& base) {
    for (const std::string& warning : base.warnings) {
      if (told.insert(warning).second) messages.warn(warning);
    }
  };
  if (story.covariates) tell(*story.covariates);
  for (const OutcomeRelation& outcome : story.outcomes) tell(outcome);
}

void tell(const Arguments& arguments, const RelateStory& story, Messages& messages) {
  warn(story, messages);
  if (!arguments.output.empty())
    write_result(arguments.output, [&story](const ByteSink& sink) { sink(relate_csv(story)); });
  if (arguments.talk.json) return print_json(relate_json(story), messages);
  if (arguments.output != "-") write_standard_output(relate_text(story));
}

std::string document(const Model& model, const RelateStory& story, const Arguments& arguments) {
  const Relations relations{.covariates = story.covariates ? &*story.covariates : nullptr,
                            .curves = story.curves,
                            .outcomes = story.outcomes,
                            .degrees_of_freedom = story.degrees_of_freedom()};
  return report_document(
      model, &story.data,
      {.data_name = story.data_name, .threads = arguments.run.threads, .relations = &relations});
}

int run(Arguments arguments) {
  Messages messages(arguments.talk.quiet);
  check_call(arguments);
  check_replicates(arguments.survey, arguments.data, messages);
  if (!arguments.run.kernel.empty()) use_kernel(arguments.run.kernel);
  check_report_option(arguments.report);
  check_outputs({arguments.output == "-" ? "" : arguments.output, arguments.report},
                input_files(arguments.data, arguments.model), messages);
  const Stopwatch reading;
  const Model model = load_model_before(arguments.model, arguments.data);
  const std::size_t reference = reference_of(arguments, model);
  keep_from_items(columns_of(arguments.variables), arguments.data);
  keep_from_items(columns_of(arguments.survey), arguments.data);
  const Variables variables = read_variables(arguments.variables, model, arguments.data, messages);
  Dataset data = load_data_for(model, items_alone(arguments.data, columns_of(arguments.variables)), messages);
  refuse_weightless(data, arguments.data);
  const std::optional<ReplicateWeights> replicates =
      read_replicates(arguments.survey, arguments.data, data.weights);

  RelateOptions options{.method = arguments.method,
                        .assignment = arguments.assignment,
                        .reference = reference,
                        .one_step_errors = arguments.standard_errors,
                        .estimation = recorded_estimation(model.fit_record),
                        .design = read_design(arguments.survey, arguments.data),
                        .listwise = arguments.listwise,
                        .threads = arguments.run.threads};
  options.estimation.weights_kind = settle(arguments, options.estimation, data, messages);
  const ItemLabels items = items_of(model);
  RelateStory story{.data = data,
                    .items = items,
                    .data_name = base_name(arguments.data.name()),
                    .model_name = base_name(arguments.model),
                    .n_components = model.mixture.n_components(),
                    .reference = reference,
                    .all_references = arguments.all_references};
  if (options.design.given()) story.design = size_of(options.design, data.n_rows());
  if (replicates) {
    story.n_replicates = replicates->weights.size();
    story.replicate_freedom = degrees_of_freedom(*replicates);
  }

  const Interruption interruption;
  Progress progress(on_standard_error(arguments.talk.quiet, interruption));
  options.watch = &progress;
  Phases phases(progress, interruption);
  story.seconds_read = reading.seconds();
  const Stopwatch relating;
  const bool done = relate(model, variables, options, replicates, phases, story);
  story.seconds_relate = relating.seconds();
  const bool reported =
      done && save_report(arguments.report, phases, [&] { return document(model, story, arguments); });
  progress.finish();
  if (!done) {
    messages.note("interrupted; nothing is related");
    return 128 + interruption.signal();
  }
  tell(arguments, story, messages);
  if (reported && !arguments.talk.json && arguments.output != "-")
    write_standard_output(report_line(arguments.report));
  return 0;
}

void add_method_options(CLI::App& command, Arguments& arguments) {
  const std::string group = "Method";
  add_value(
      command, "--method",
      [&arguments](const std::string& text) {
        const auto method = relate_method_from_string(text);
        if (!method) refuse_choice("--method", text, kMethodNames);
        arguments.method = *method;
      },
      kMethodNames,
      "Three steps, the errors of assignment corrected by likelihood or by weights; two, the items' "
      "probabilities held; or all at once. auto: ml where the relative entropy is 0.7 or more or "
      "--assignment is given, else one-step [auto]",
      group);
  add_value(
      command, "--assignment",
      [&arguments](const std::string& text) {
        arguments.assignment = assignment_from_string(text);
        if (!arguments.assignment) refuse_choice("--assignment", text, kAssignmentNames);
      },
      kAssignmentNames,
      "Of ml and bch: each row to its likeliest component, or to each by its posterior [modal]", group);
  add_value(
      command, "--standard-errors",
      [&arguments](const std::string& text) {
        arguments.standard_errors = standard_error_method_from_string(text);
        if (!arguments.standard_errors) refuse_choice("--standard-errors", text, kErrorNames);
      },
      kErrorNames,
      "Of one-step: which information matrix they come from [observed; sandwich where auto took it]", group);
  add_value(
      command, "--reference", [&arguments](const std::string& text) { arguments.reference = text; },
      "COMPONENT", "The component that odds compare with, by number from 1 or name [the last]", group);
  add_switch(command, "--listwise", arguments.listwise,
             "Leave rows without an outcome out, which else tell of the components' sizes", group);
  add_switch(command, "--all-references", arguments.all_references, "Odds against each component in turn",
             group);
}

}  // namespace

Command add_relate_command(CLI::App& program) {
  CLI::App& command = *program.add_subcommand(
      "relate",
      "what predicts components, and what they predict\nA multinomial logit of the component on covariates, "
      "and the means and shares of outcomes in each component. Rows are not simply assigned: the errors of "
      "that, and the sampling of the model itself, are in the estimates and their standard errors.");
  const auto arguments = std::make_shared<Arguments>();
  arguments->data.keeps_others = true;
  add_argument(command, "MODEL", arguments->model, "Model file, from 'mixbern fit --model'");
  add_data_argument(command, arguments->data);
  add_variable_options(command, arguments->variables);
  add_method_options(command, *arguments);
  add_data_options(command, arguments->data, DataUse::kForModel);
  add_weights_kind_option(command, arguments->weights_kind);
  add_survey_options(command, arguments->survey);
  add_value(
      command, "-o,--output", [arguments](const std::string& text) { arguments->output = text; }, "OUT",
      "Save coefficients and means in this file (CSV); - for standard output, in place of the text",
      "Output");
  add_report_option(command, arguments->report);
  add_talk_options(command, arguments->talk);
  add_run_options(command, arguments->run);
  command.footer(
      "# does the grade tell who cheats, and by how much?\n"
      "mixbern relate cheating.model cheating.csv --covariates GPA\n"
      "# do the classes differ in their grades?\n"
      "mixbern relate cheating.model cheating.csv --outcomes GPA --method bch\n"
      "# pupils of schools, their age and sex and what goes with both\n"
      "mixbern relate pupils.model pupils.csv --covariates 'age*sex' --clusters school --weights wt");
  return {&command, [arguments] { return run(*arguments); }};
}

}  // namespace mixbern::app
