// mixbern score
#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "agreement_report.hpp"
#include "commands.hpp"
#include "data_input.hpp"
#include "fit_report.hpp"
#include "mixbern/kernels/kernels.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "mixbern/report/json.hpp"
#include "row_labels.hpp"
#include "team.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

struct Arguments {
  std::string model;
  DataOptions data;
  RunOptions run;
  TalkOptions talk;
  bool per_row = false;
};

std::vector<double> row_log_likelihoods(const Model& model, const Dataset& data, unsigned threads) {
  std::vector<double> result;
  result.reserve(data.n_rows());
  for_each_posterior(model.mixture, data, {.threads = threads}, [&result](const PosteriorBlock& block) {
    result.insert(result.end(), block.log_likelihoods.begin(), block.log_likelihoods.end());
  });
  return result;
}

void print_rows(const RowLabels& labels, const std::vector<double>& values) {
  std::string text = labels.header() + ",log_likelihood\n";
  for (std::size_t i = 0; i < values.size(); ++i) {
    fmt::format_to(std::back_inserter(text), "{},{}\n", labels.cells(i), values[i]);
  }
  write_standard_output(text);
}

int run(const Arguments& arguments) {
  Messages messages(arguments.talk.quiet);
  if (!arguments.run.kernel.empty()) use_kernel(arguments.run.kernel);
  const Model model = load_model_before(arguments.model, arguments.data);
  const Dataset data = load_data_for(model, arguments.data, messages);
  const std::unique_ptr<SharedRows> shared = shared_rows(data, arguments.run.threads);
  if (shared && !shared->leads()) return shared->serve();
  const std::optional<Agreement> agreed = agreement_with_labels(model.mixture, data, arguments.run.threads);
  const RowLabels labels(data, arguments.data);
  const double total = shared ? log_likelihood(model.mixture, shared->helpers())
                              : log_likelihood(model.mixture, data, {.threads = arguments.run.threads});
  const double weight = total_weight(data);
  const double mean = weight > 0 ? total / weight : 0.0;
  if (std::isinf(total))
    messages.warn("the model gives probability 0 to at least one row; --per-row shows which");
  if (arguments.talk.json) {
    Json json = {{"data", base_name(arguments.data.name())},
                 {"n_rows", data.n_rows()},
                 {"n_features", data.n_features()},
                 {"total_weight", weight},
                 {"log_likelihood", total},
                 {"mean_log_likelihood", mean}};
    if (agreed) json["agreement"] = parsed(to_json(*agreed, model.mixture.n_components()));
    if (arguments.per_row) labels.add_to(json);
    if (arguments.per_row) json["log_likelihoods"] = row_log_likelihoods(model, data, arguments.run.threads);
    print_json(std::move(json), messages);
  } else if (arguments.per_row) {
    print_rows(labels, row_log_likelihoods(model, data, arguments.run.threads));
  } else {
    write_standard_output(fmt::format("{}\nlog-likelihood {:.6f} ({:.10f} a row)\n",
                                      data_line(data, base_name(arguments.data.name())), total, mean) +
                          (agreed ? agreement_text(*agreed, model.mixture.n_components()) : ""));
  }
  return 0;
}

}  // namespace

Command add_score_command(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("score",
                                              "log-likelihood of data under a model\nIn natural logarithms, "
                                              "over the cells that are not missing: the total, with "
                                              "row weights, and the mean a row. With --labels also how "
                                              "well the components agree with known classes.");
  const auto arguments = std::make_shared<Arguments>();
  add_argument(command, "MODEL", arguments->model, "Model file, from 'mixbern fit --model'");
  add_data_argument(command, arguments->data);
  add_switch(command, "--per-row", arguments->per_row,
             "Each row's own, as CSV with the columns row, log_likelihood and, with --id, that one; without "
             "its weight",
             "Output");
  add_talk_options(command, arguments->talk);
  add_data_options(command, arguments->data, DataUse::kForModel);
  add_value(
      command, "--labels", [arguments](const std::string& text) { arguments->data.labels = text; },
      "COLUMN|FILE",
      "Known classes to compare the components with: a column of DATA, or a file with one a row", "Data");
  add_run_options(command, arguments->run);
  command.footer(
      "# how well does a model fit rows that it has not seen?\n"
      "mixbern score digits.model t10k-images-idx3-ubyte.gz\n"
      "# do the components agree with the digits that the images show?\n"
      "mixbern score digits.model t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz\n"
      "# the least likely rows first\n"
      "mixbern score carcinoma.model carcinoma.csv --per-row | sort -t, -k2 -g | head");
  return {&command, [arguments] { return run(*arguments); }};
}

}  // namespace mixbern::app
