// mixbern impute
#include <fmt/format.h>

#include <memory>

#include "commands.hpp"
#include "data_input.hpp"
#include "fit_report.hpp"
#include "mixbern/posterior.hpp"
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
};

int run(const Arguments& arguments) {
  Messages messages(arguments.talk.quiet);
  check_outputs({arguments.output.path}, input_files(arguments.data, arguments.model), messages);
  require_file_for_json(arguments.output, arguments.talk);
  const Model model = load_model_before(arguments.model, arguments.data);
  Dataset data = load_data_for(model, arguments.data, messages);
  const std::size_t filled = count_missing(data);
  if (data.codings.empty()) data.codings = model.codings;
  const Dataset whole =
      impute(model.mixture, data, arguments.draw ? ImputeMethod::kDraw : ImputeMethod::kMode, arguments.seed);
  write_rows(arguments.output.path, whole, arguments.output.format);
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
  add_seed_option(command, arguments->seed, "Seed of the draws");
  add_row_output_options(command, arguments->output);
  add_talk_options(command, arguments->talk);
  add_data_options(command, arguments->data, DataUse::kForFilling);
  command.footer(
      "# one complete table\n"
      "mixbern impute survey.model survey.csv -o complete.csv\n"
      "# five of them for multiple imputation\n"
      "for i in 1 2 3 4 5; do mixbern impute survey.model survey.csv --draw --seed $i -o draw$i.csv; done");
  return {&command, [arguments] { return run(*arguments); }};
}

}  // namespace mixbern::app
