// mixbern convert
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <system_error>

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
  std::size_t rows_per_file = 0;  ///< 0: all in one
};

/// OUT itself, or `n_files` names after it: out.safetensors gives out-00001.safetensors and so on.
std::vector<std::string> names_of(const Arguments& arguments, std::size_t n_files) {
  const std::string& out = arguments.output.path;
  if (arguments.rows_per_file == 0) return {out};
  const std::size_t name = out.rfind('/') == std::string::npos ? 0 : out.rfind('/') + 1;
  const std::size_t end = out.ends_with(".gz") ? out.size() - 3 : out.size();
  const std::size_t dot = std::max(std::min(out.rfind('.', end - 1), end), name);
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= n_files; ++i)
    names.push_back(fmt::format("{}-{:05}{}", out.substr(0, dot), i, out.substr(dot)));
  return names;
}

/// A set of files that was longer before would be read with what it left behind.
void refuse_left_over(const Arguments& arguments, const std::vector<std::string>& names) {
  if (arguments.rows_per_file == 0) return;
  const std::string next = names_of(arguments, names.size() + 1).back();
  std::error_code error;
  if (!std::filesystem::exists(next, error)) return;
  throw InputError({next},
                   fmt::format("is there already, but {} are to be written", counted(names.size(), "file")),
                   "remove what another call wrote, or give another name");
}

/// Returns how many files were written.
std::size_t write_files(const Arguments& arguments, const Dataset& data, Messages& messages) {
  const std::size_t step = arguments.rows_per_file == 0 ? data.n_rows() : arguments.rows_per_file;
  const std::vector<std::string> names = names_of(arguments, (data.n_rows() + step - 1) / step);
  if (arguments.rows_per_file != 0) check_outputs(names, input_files(arguments.data), messages);
  refuse_left_over(arguments, names);
  if (names.size() == 1) {
    write_rows(names.front(), data, arguments.output.format);
    return 1;
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::size_t begin = i * step;
    write_rows(names[i], slice(data, begin, std::min(begin + step, data.n_rows())), arguments.output.format);
  }
  return names.size();
}

void check_call(const Arguments& arguments) {
  require_file_for_json(arguments.output, arguments.talk);
  if (arguments.rows_per_file != 0 && to_standard_output(arguments.output))
    throw std::invalid_argument(
        "--rows-per-file writes several files: give OUT a name that they are called after");
}

int run(const Arguments& arguments) {
  Messages messages(arguments.talk.quiet);
  check_outputs({arguments.output.path}, input_files(arguments.data), messages);
  check_call(arguments);
  const Dataset data = load_data(arguments.data, messages);
  const std::size_t n_files = write_files(arguments, data, messages);
  if (to_standard_output(arguments.output)) return 0;
  if (arguments.talk.json) {
    print_json({{"n_rows", data.n_rows()},
                {"n_features", data.n_features()},
                {"n_ones", count_ones(data.ones)},
                {"n_missing", count_missing(data)},
                {"n_files", n_files},
                {"output", arguments.output.path}},
               messages);
  } else {
    write_standard_output(fmt::format("{}; written to {}{}\n",
                                      data_line(data, base_name(arguments.data.name())),
                                      one_line(arguments.output.path),
                                      n_files == 1 ? "" : fmt::format(" in {}", counted(n_files, "file"))));
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
  // The last of the words is OUT.
  const auto out = std::make_shared<CLI::Option*>();
  add_arguments(
      command, "DATA",
      [arguments, out](const std::vector<std::string>& texts) {
        arguments->data.paths = texts;
        if (texts.size() < 2) return;
        arguments->output.path = texts.back();
        arguments->data.paths.pop_back();
        (*out)->required(false);
      },
      kDataWords, "OUT");
  *out = add_argument(
      command, "OUT", arguments->output.path,
      "File to write, in the format of its name: .csv .tsv .npy .mtx .svm .fps .safetensors, each also .gz; "
      "- for standard output");
  add_data_options(command, arguments->data, DataUse::kNewData);
  add_output_format_option(command, arguments->output.format);
  add_value(
      command, "--rows-per-file",
      [arguments](const std::string& text) {
        arguments->rows_per_file = parse_count("--rows-per-file", text, 1, SIZE_MAX);
      },
      "N", "Write files of N rows, called OUT-00001 and so on before the extension [all rows in one file]",
      "Output");
  add_talk_options(command, arguments->talk);
  command.footer(
      "# pack images with their labels: 2 MB instead of 16\n"
      "mixbern convert train-images-idx3-ubyte.gz digits.safetensors --threshold 127 --rows :20000 \\\n"
      "    --labels train-labels-idx1-ubyte.gz --shape 28x28\n"
      "# to a text table, and to NumPy\n"
      "mixbern convert digits.safetensors digits.csv.gz\n"
      "mixbern convert survey.csv survey.npy --exclude id\n"
      "# large data in pieces, and several files as one\n"
      "mixbern convert 'prints-*.fps.gz' shards/prints.safetensors --rows-per-file 1000000\n"
      "mixbern convert january.csv february.csv both.safetensors");
  return {&command, [arguments] { return run(*arguments); }};
}

}  // namespace mixbern::app
