// mixbern sample
#include <fmt/format.h>

#include <memory>

#include "commands.hpp"
#include "data_input.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "output_check.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

struct Arguments {
  std::string model;
  std::size_t n_rows = 0;
  std::uint64_t seed = 0;
  OutputOptions output;
  TalkOptions talk;
};

int run(const Arguments& arguments) {
  Messages messages(arguments.talk.quiet);
  check_outputs({arguments.output.path}, {arguments.model}, messages);
  require_file_for_json(arguments.output, arguments.talk);
  const Model model = load_model(arguments.model);
  Dataset drawn = sample(model.mixture, arguments.n_rows, arguments.seed);
  // The rows look like the data that the model was fitted on: same names, same two values, same images.
  drawn.feature_names = model.feature_names;
  drawn.codings = model.codings;
  drawn.categorical = model.categorical;
  drawn.shape = model.shape;
  drawn.labels.clear();
  write_rows(arguments.output.path, drawn, arguments.output.format);
  if (to_standard_output(arguments.output)) return 0;
  if (arguments.talk.json) {
    print_json({{"n_rows", drawn.n_rows()},
                {"n_features", drawn.n_features()},
                {"n_ones", count_ones(drawn.ones)},
                {"seed", arguments.seed},
                {"output", arguments.output.path}},
               messages);
  } else {
    write_standard_output(fmt::format("{} with {} written to {}\n", counted(drawn.n_rows(), "row"),
                                      counted(drawn.n_features(), "feature"),
                                      one_line(arguments.output.path)));
  }
  return 0;
}

}  // namespace

Command add_sample_command(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("sample",
                                              "draw new rows from a model\nThe rows have the names and the "
                                              "coding of the data that it was fitted on.");
  const auto arguments = std::make_shared<Arguments>();
  add_argument(command, "MODEL", arguments->model, "Model file, from 'mixbern fit --model'");
  add_value(
      command, "-n,--n-rows",
      [arguments](const std::string& text) {
        arguments->n_rows = parse_count("-n", text, 1, std::size_t{1} << 40U);
      },
      "N", "Number of rows", "Sample")
      ->required();
  add_seed_option(command, arguments->seed, "Seed of the draws");
  add_row_output_options(command, arguments->output);
  add_talk_options(command, arguments->talk);
  command.footer(
      "# ten rows to look at\n"
      "mixbern sample carcinoma.model -n 10\n"
      "# a large table with another seed\n"
      "mixbern sample carcinoma.model -n 1e6 --seed 7 -o drawn.csv.gz");
  return {&command, [arguments] { return run(*arguments); }};
}

}  // namespace mixbern::app
