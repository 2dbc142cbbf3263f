// mixbern convert
#include <fmt/format.h>

#include <memory>

#include "commands.hpp"
#include "data_input.hpp"
#include "fit_report.hpp"
#include "output_check.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

struct Arguments {
  DataOptions data;
  OutputOptions output;
  TalkOptions talk;
};

int run(const Arguments& arguments) {
  Messages messages(arguments.talk.quiet);
  check_outputs({arguments.output.path}, {arguments.data.path, arguments.data.weights, arguments.data.labels},
                messages);
  require_file_for_json(arguments.output, arguments.talk);
  const Dataset data = load_data(arguments.data, messages);
  write_rows(arguments.output.path, data, arguments.output.format);
  if (to_standard_output(arguments.output)) return 0;
  if (arguments.talk.json) {
    print_json({{"n_rows", data.n_rows()},
                {"n_features", data.n_features()},
                {"n_ones", count_ones(data.ones)},
                {"n_missing", count_missing(data)},
                {"output", arguments.output.path}},
               messages);
  } else {
    write_standard_output(fmt::format("{}; written to {}\n", data_line(data, base_name(arguments.data.path)),
                                      one_line(arguments.output.path)));
  }
  return 0;
}

}  // namespace

Command add_convert_command(CLI::App& program) {
  CLI::App& command =
      *program.add_subcommand("convert",
                              "write data in another format\nThe packed format (.safetensors, also "
                              ".safetensors.gz) keeps everything: names, "
                              "coding, missing cells, weights, labels and shape, eight cells in a byte.");
  const auto arguments = std::make_shared<Arguments>();
  add_argument(command, "DATA", arguments->data.path, "Data file, - for standard input");
  add_argument(
      command, "OUT", arguments->output.path,
      "File to write, in the format of its name: .csv .tsv .npy .mtx .svm .fps .safetensors, each also .gz; "
      "- for standard output");
  add_data_options(command, arguments->data, DataUse::kNewData);
  add_output_format_option(command, arguments->output.format);
  add_talk_options(command, arguments->talk);
  command.footer(
      "# pack images with their labels: 2 MB instead of 16\n"
      "mixbern convert train-images-idx3-ubyte.gz digits.safetensors --threshold 127 --rows :20000 \\\n"
      "    --labels train-labels-idx1-ubyte.gz --shape 28x28\n"
      "# to a text table, and to NumPy\n"
      "mixbern convert digits.safetensors digits.csv.gz\n"
      "mixbern convert survey.csv survey.npy --exclude id");
  return {&command, [arguments] { return run(*arguments); }};
}

}  // namespace mixbern::app
