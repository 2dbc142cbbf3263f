// mixbern impute
#include <fmt/format.h>

#include <memory>
#include <stdexcept>

#include "commands.hpp"
#include "data_input.hpp"
#include "fit_report.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "output_check.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

struct Arguments {
  std::string model;
  DataOptions data;
  OutputOptions output;
  TalkOptions talk;
  std::uint64_t seed = 0;
  bool draw = false;
  bool all_columns = false;
};

bool as_tsv(const OutputOptions& output) {
  return output.path.ends_with(".tsv") || output.path.ends_with(".tsv.gz");
}

void check_all_columns(const Arguments& arguments, const Model& model) {
  if (!arguments.all_columns) return;
  const std::string& out = arguments.output.path;
  const bool as_csv =
      out.ends_with(".csv") || out.ends_with(".csv.gz") || to_standard_output(arguments.output);
  if (arguments.output.format || (!as_csv && !as_tsv(arguments.output)))
    throw std::invalid_argument("--all-columns writes text: end OUT in .csv or .tsv");
  if (arguments.data.paths.size() > 1 || arguments.data.paths.front() == "-")
    throw std::invalid_argument("--all-columns reads DATA twice: give one file");
  if (model.threshold || arguments.data.threshold_given())
    throw std::invalid_argument(
        "--all-columns fills answers, and with --threshold cells are numbers; leave it out for 0 and 1");
}

void write(const Arguments& arguments, const Model& model, const Dataset& whole) {
  if (!arguments.all_columns) return write_rows(arguments.output.path, whole, arguments.output.format);
  ReadOptions read = read_options(arguments.data);
  read.missing.insert(read.missing.end(), model.missing_codes.begin(), model.missing_codes.end());
  write_result(arguments.output.path, [&](const ByteSink& sink) {
    write_filled_table(arguments.data.paths.front(), read, whole, as_tsv(arguments.output) ? '\t' : ',',
                       sink);
  });
}

int run(const Arguments& arguments) {
  Messages messages(arguments.talk.quiet);
  check_outputs({arguments.output.path}, input_files(arguments.data, arguments.model), messages);
  require_file_for_json(arguments.output, arguments.talk);
  const Model model = load_model_before(arguments.model, arguments.data);
  check_all_columns(arguments, model);
  Dataset data = load_data_for(model, arguments.data, messages);
  const std::size_t filled = count_missing(data);
  if (data.codings.empty()) data.codings = model.codings;
  const Dataset whole =
      impute(model.mixture, data, arguments.draw ? ImputeMethod::kDraw : ImputeMethod::kMode, arguments.seed);
  write(arguments, model, whole);
  if (to_standard_output(arguments.output)) return 0;
  if (arguments.talk.json) {
    print_json({{"n_rows", whole.n_rows()},
                {"n_features", whole.n_features()},
                {"n_imputed", filled},
                {"method", arguments.draw ? "draw" : "mode"},
                {"output", arguments.output.path}},
               messages);
  } else {
    write_standard_output(fmt::format("{} of {} filled, written to {}\n", counted(filled, "missing cell"),
                                      counted(whole.n_rows(), "row"), one_line(arguments.output.path)));
  }
  return 0;
}

}  // namespace

Command add_impute_command(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("impute",
                                              "fill missing cells with what a model expects\nA missing cell "
                                              "becomes the value that is more probable given the "
                                              "rest of its row, or with --draw a random one with that "
                                              "probability, as multiple imputation needs it. Cells that "
                                              "are there stay as they are.");
  const auto arguments = std::make_shared<Arguments>();
  add_argument(command, "MODEL", arguments->model, "Model file, from 'mixbern fit --model'");
  add_data_argument(command, arguments->data);
  add_switch(command, "--draw", arguments->draw, "Draw the values instead of taking the more probable ones",
             "Filling");
  command
      .add_flag_callback(
          "--all-columns", [arguments] { arguments->all_columns = arguments->data.keeps_others = true; },
          "Keep the other columns of DATA, a table in text, and whatever is not filled as it stands")
      ->group("Filling");
  add_seed_option(command, arguments->seed, "Seed of the draws");
  add_row_output_options(command, arguments->output);
  add_talk_options(command, arguments->talk);
  add_data_options(command, arguments->data, DataUse::kForFilling);
  command.footer(
      "# one complete table\n"
      "mixbern impute survey.model survey.csv -o complete.csv\n"
      "# the whole table, with ids and what else is in it\n"
      "mixbern impute survey.model survey.csv --all-columns -o complete.csv\n"
      "# five of them for multiple imputation\n"
      "for i in 1 2 3 4 5; do mixbern impute survey.model survey.csv --draw --seed $i -o draw$i.csv; done");
  return {&command, [arguments] { return run(*arguments); }};
}

}  // namespace mixbern::app
