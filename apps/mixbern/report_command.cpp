// mixbern report
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <stdexcept>

#include "commands.hpp"
#include "data_input.hpp"
#include "mixbern/kernels/kernels.hpp"
#include "mixbern/report/groups.hpp"
#include "output_check.hpp"
#include "report_output.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

struct Arguments {
  std::string model;
  DataOptions data;
  RunOptions run;
  TalkOptions talk;
  std::string output;
  std::string title;
  std::vector<std::string> names;
  bool statistics = false;
};

void check_call(const Arguments& arguments) {
  refuse_other_pages(arguments.output);
  if (arguments.output.empty() && !arguments.talk.json)
    throw std::invalid_argument("report needs -o OUT.html, the file to write, or --json");
  if (arguments.output == "-" && arguments.talk.json)
    throw std::invalid_argument("--json and -o - both write to standard output; leave one of them out");
  if (arguments.data.paths.empty() && !arguments.data.labels.empty())
    throw std::invalid_argument("--labels belong to rows: give DATA too");
  if (arguments.data.paths.empty() && arguments.statistics)
    throw std::invalid_argument("--statistics are of rows: give DATA too");
}

/// The shape that was asked for stands in place of the model's.
void apply_shape(const Arguments& arguments, Model& model) {
  if (!arguments.data.shape) return;
  const ImageShape shape = *arguments.data.shape;
  if (shape.height * shape.width != model.mixture.n_features())
    throw std::invalid_argument(fmt::format("--shape {}x{} means {} pixels, but the model has {}",
                                            shape.height, shape.width, grouped(shape.height * shape.width),
                                            counted(model.mixture.n_features(), "feature")));
  model.shape = shape;
}

/// Rows under a model in groups are those of a plain one, in which the group is an item: likelihoods given
/// the groups are known of the rows of the fit alone.
std::string document_of(const Model& model, const Dataset* data, const ReportOptions& options) {
  if (data == nullptr) {
    if (const auto groups = stored_groups(model))
      return report_document(*groups, nullptr, nullptr, nullptr, {}, options);
  }
  return report_document(model, data, options);
}

int run(const Arguments& arguments) {
  Messages messages(arguments.talk.quiet);
  check_call(arguments);
  if (!arguments.run.kernel.empty()) use_kernel(arguments.run.kernel);
  const DataOptions& from = arguments.data;
  check_outputs({arguments.output}, input_files(from, arguments.model), messages);
  Model model = load_model_before(arguments.model, arguments.data);
  apply_shape(arguments, model);
  check_component_names(arguments.names, model.mixture.n_components());
  std::optional<Dataset> data;
  if (!from.paths.empty()) data = load_data_for(model, from, messages);
  const std::string document = document_of(model, data ? &*data : nullptr,
                                           {.data_name = data ? base_name(from.name()) : "",
                                            .title = arguments.title,
                                            .component_names = arguments.names,
                                            .threads = arguments.run.threads,
                                            .statistics = arguments.statistics});
  if (!arguments.output.empty()) save_page(arguments.output, document);
  if (arguments.talk.json) {
    write_standard_output(document + "\n");
  } else if (arguments.output != "-") {
    write_standard_output(report_line(arguments.output));
  }
  return 0;
}

}  // namespace

Command add_report_command(CLI::App& program) {
  CLI::App& command = *program.add_subcommand(
      "report",
      "one HTML page that shows a model, and rows under it\nWhat was fitted and whether it can be trusted, "
      "the "
      "components, who is in them, how well the table is met. The page opens in any browser, without a "
      "network. Without DATA nothing is said of rows.");
  const auto arguments = std::make_shared<Arguments>();
  add_argument(command, "MODEL", arguments->model, "Model file, from 'mixbern fit --model'");
  add_data_argument(command, arguments->data)->required(false);
  add_value(
      command, "-o,--output", [arguments](const std::string& text) { arguments->output = text; }, "OUT",
      "HTML file to write, - for standard output", "Output");
  add_value(
      command, "--title", [arguments](const std::string& text) { arguments->title = text; }, "TEXT",
      "What stands at the top [the name of the data]", "Output");
  add_names_option(command, arguments->names, "Names for the components, largest first [those of MODEL]");
  add_switch(command, "--json", arguments->talk.json,
             "Print the document that the page draws, as one JSON object (docs/report.md)", "Output");
  add_switch(command, "--quiet", arguments->talk.quiet, "No notes and warnings on standard error", "Output");
  add_data_options(command, arguments->data, DataUse::kForModel);
  add_value(
      command, "--labels", [arguments](const std::string& text) { arguments->data.labels = text; },
      "COLUMN|FILE",
      "Known classes to compare the components with: a column of DATA, or a file with one a row", "Data");
  add_value(
      command, "--shape",
      [arguments](const std::string& text) { arguments->data.shape = parse_shape("--shape", text); }, "HxW",
      "The features are the pixels of images, row by row, for example 28x28 [as in MODEL]", "Data");
  add_switch(command, "--statistics", arguments->statistics,
             "Fit to the table and residuals also where the table is large", "Statistics");
  add_run_options(command, arguments->run);
  command.footer(
      "# the model alone\n"
      "mixbern report carcinoma.model -o carcinoma.html\n"
      "# with its rows, or with new ones and what they really are\n"
      "mixbern report carcinoma.model carcinoma.csv -o carcinoma.html\n"
      "mixbern report digits.model new-images.npy --labels new-digits.npy -o digits.html\n"
      "# the numbers of the page for another program\n"
      "mixbern report carcinoma.model carcinoma.csv --json");
  return {&command, [arguments] { return run(*arguments); }};
}

}  // namespace mixbern::app
