// mixbern predict
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "commands.hpp"
#include "data_input.hpp"
#include "item_labels.hpp"
#include "mixbern/kernels/kernels.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "output_check.hpp"
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
  std::string output;
};

std::size_t most_probable(std::span<const double> responsibilities) {
  return static_cast<std::size_t>(std::max_element(responsibilities.begin(), responsibilities.end()) -
                                  responsibilities.begin());
}

/// All rows, or the share that this process has in its team.
class MyRows {
 public:
  MyRows(const Dataset& all, const Team* team) : rows_(&all) {
    if (team == nullptr) return;
    const auto [begin, end] = team->share(all.n_rows());
    first_ = begin;
    rows_ = &share_.emplace(slice(all, begin, end));
  }
  MyRows(const MyRows&) = delete;
  MyRows& operator=(const MyRows&) = delete;

  /// Calls `take` with the index of each row among all rows and its K posteriors, in order.
  template <class Take>
  void for_each(const Mixture& mixture, unsigned threads, const Take& take) const {
    const std::size_t k = mixture.n_components();
    for_each_posterior(mixture, *rows_, {.threads = threads}, [&](const PosteriorBlock& block) {
      for (std::size_t i = 0; i < block.n_rows; ++i) {
        take(first_ + block.first_row + i, block.responsibilities.subspan(i * k, k));
      }
    });
  }

 private:
  std::optional<Dataset> share_;
  const Dataset* rows_;
  std::size_t first_ = 0;
};

/// What is known after one pass over the rows, whatever was written.
struct Summary {
  std::vector<std::int64_t> sizes;
  void add(std::span<const double> responsibilities) { ++sizes[most_probable(responsibilities)]; }
};

constexpr std::size_t kChunk = std::size_t{1} << 18U;  // bytes handed to the sink at a time

std::string csv_header(const RowLabels& labels, const Model& model) {
  std::string text =
      labels.header() + ",component" + (model.component_names.empty() ? "" : ",component_name");
  for (std::size_t k = 1; k <= model.mixture.n_components(); ++k) text += fmt::format(",component_{}", k);
  return text + "\n";
}

void write_csv(const Arguments& arguments, const Model& model, const RowLabels& labels, const MyRows& rows,
               Summary& summary, const ByteSink& sink) {
  std::string text;
  rows.for_each(model.mixture, arguments.run.threads, [&](std::size_t i, std::span<const double> row) {
    summary.add(row);
    const std::size_t k = most_probable(row);
    auto end = fmt::format_to(std::back_inserter(text), "{},{}", labels.cells(i), k + 1);
    if (!model.component_names.empty()) end = fmt::format_to(end, ",{}", csv_cell(model.component_names[k]));
    for (const double value : row) end = fmt::format_to(end, ",{}", value);
    text += '\n';
    if (text.size() < kChunk) return;
    sink(text);
    text.clear();
  });
  sink(text);
}

/// The header of an NPY file, version 1.0:
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
std::string npy_header(std::size_t n_rows, std::size_t n_columns) {
  std::string header =
      fmt::format("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}, {}), }}", n_rows, n_columns);
  constexpr std::size_t kPreamble = 10, kAlignment = 64;
  header.append(kAlignment - 1 - (kPreamble + header.size()) % kAlignment, ' ');
  header += '\n';
  std::string preamble("\x93NUMPY\x01\x00", 8);
  preamble += static_cast<char>(header.size() % 256);
  preamble += static_cast<char>(header.size() / 256);
  return preamble + header;
}

void append_little_endian(std::string& bytes, double value) {
  std::uint64_t bits = std::bit_cast<std::uint64_t>(value);
  for (int i = 0; i < 8; ++i, bits >>= 8U) bytes += static_cast<char>(bits & 0xFFU);
}

void write_npy(const Arguments& arguments, const Model& model, const MyRows& rows, Summary& summary,
               const ByteSink& sink) {
  std::string bytes;
  rows.for_each(model.mixture, arguments.run.threads, [&](std::size_t, std::span<const double> row) {
    summary.add(row);
    for (const double value : row) append_little_endian(bytes, value);
    if (bytes.size() < kChunk) return;
    sink(bytes);
    bytes.clear();
  });
  sink(bytes);
}

/// One file, whoever has the rows; what comes back is of all rows where this process leads.
Summary write(const Arguments& arguments, const Model& model, const Dataset& data) {
  const bool npy = arguments.output.ends_with(".npy") || arguments.output.ends_with(".npy.gz");
  const MyRows rows(data, team());
  const RowLabels labels(data, arguments.data);
  Summary summary{std::vector<std::int64_t>(model.mixture.n_components(), 0)};
  const auto write_rows = [&](const ByteSink& sink) {
    npy ? write_npy(arguments, model, rows, summary, sink)
        : write_csv(arguments, model, labels, rows, summary, sink);
  };
  const auto write_all = [&](const ByteSink& sink) {
    sink(npy ? npy_header(data.n_rows(), model.mixture.n_components()) : csv_header(labels, model));
    team() != nullptr ? team()->write_in_order(write_rows, sink) : write_rows(sink);
  };
  if (speaks()) {
    write_result(arguments.output, write_all);
  } else {
    team()->write_in_order(write_rows, {});
  }
  if (team() != nullptr) team()->add_up(summary.sizes);
  return summary;
}

Json summary_json(const Arguments& arguments, const Model& model, const Dataset& data) {
  return {{"data", base_name(arguments.data.name())},
          {"n_rows", data.n_rows()},
          {"n_features", data.n_features()},
          {"n_components", model.mixture.n_components()},
          {"component_names", model.component_names}};
}

void print_posteriors(const Arguments& arguments, const Model& model, const Dataset& data,
                      Messages& messages) {
  Summary summary{std::vector<std::int64_t>(model.mixture.n_components(), 0)};
  std::vector<std::size_t> components;
  Json posteriors = Json::array();
  const MyRows rows(data, nullptr);
  rows.for_each(model.mixture, arguments.run.threads, [&](std::size_t, std::span<const double> row) {
    summary.add(row);
    components.push_back(most_probable(row) + 1);
    posteriors.push_back(std::vector<double>(row.begin(), row.end()));
  });
  Json json = summary_json(arguments, model, data);
  json["sizes"] = summary.sizes;
  RowLabels(data, arguments.data).add_to(json);
  json["components"] = components;
  json["posteriors"] = std::move(posteriors);
  print_json(std::move(json), messages);
}

void tell(const Arguments& arguments, const Model& model, const Dataset& data, const Summary& summary,
          Messages& messages) {
  if (arguments.talk.json) {
    Json json = summary_json(arguments, model, data);
    json["sizes"] = summary.sizes;
    json["output"] = arguments.output;
    print_json(std::move(json), messages);
    return;
  }
  const ItemLabels items({}, {}, model.component_names);
  std::string text =
      fmt::format("{}: {} written to {}\ncomponent    rows\n", base_name(arguments.data.name()),
                  counted(data.n_rows(), "row"), one_line(arguments.output));
  for (std::size_t k = 0; k < summary.sizes.size(); ++k) {
    text +=
        fmt::format("{:>9}{:>8}\n", items.component(k), grouped(static_cast<std::size_t>(summary.sizes[k])));
  }
  write_standard_output(text);
}

/// A name that promises another format would be believed.
void check_ending(const std::string& output) {
  constexpr std::array<std::string_view, 12> kOthers = {".xlsx", ".xls", ".ods", ".parquet",
                                                        ".sav",  ".dta", ".npz", ".json",
                                                        ".html", ".pdf", ".tsv", ".safetensors"};
  const std::string ending = std::filesystem::path(output).extension().string();
  if (std::ranges::find(kOthers, ending) == kOthers.end()) return;
  throw std::invalid_argument(fmt::format("predict writes .csv or .npy, each also .gz, not {}{}", ending,
                                          ending == ".json" ? "; --json prints one object" : ""));
}

int run(const Arguments& arguments) {
  Messages messages(arguments.talk.quiet);
  check_ending(arguments.output);
  if (!arguments.run.kernel.empty()) use_kernel(arguments.run.kernel);
  check_outputs({arguments.output}, input_files(arguments.data, arguments.model), messages);
  const Model model = load_model_before(arguments.model, arguments.data);
  const Dataset data = load_data_for(model, arguments.data, messages);
  const bool to_file = !arguments.output.empty() && arguments.output != "-";
  if (!to_file && arguments.talk.json) {
    if (speaks()) print_posteriors(arguments, model, data, messages);
    return 0;
  }
  const Summary summary = write(arguments, model, data);
  if (to_file && speaks()) tell(arguments, model, data, summary, messages);
  return 0;
}

}  // namespace

Command add_predict_command(CLI::App& program) {
  CLI::App& command = *program.add_subcommand(
      "predict",
      "most probable component and posteriors of each row\nWrites "
      "CSV with the columns row, component, component_1, "
      "component_2 …, and with --id that column; rows and components count from 1. An OUT that "
      "ends in .npy gets the posteriors alone, rows x "
      "components in double precision.");
  const auto arguments = std::make_shared<Arguments>();
  add_argument(command, "MODEL", arguments->model, "Model file, from 'mixbern fit --model'");
  add_data_argument(command, arguments->data);
  add_value(
      command, "-o,--output", [arguments](const std::string& text) { arguments->output = text; }, "OUT",
      "File to write, .csv or .npy, each also .gz [CSV on standard output]", "Output");
  add_talk_options(command, arguments->talk);
  add_data_options(command, arguments->data, DataUse::kForModel);
  add_run_options(command, arguments->run);
  command.footer(
      "# a table with the component of each row\n"
      "mixbern predict carcinoma.model carcinoma.csv -o classes.csv\n"
      "# beside the ids of people\n"
      "mixbern predict survey.model survey.csv --id respondent -o classes.csv\n"
      "# posteriors for NumPy: numpy.load(\"posteriors.npy\")\n"
      "mixbern predict digits.model t10k-images-idx3-ubyte.gz -o posteriors.npy\n"
      "# straight into another program\n"
      "mixbern predict carcinoma.model new.csv | cut -d, -f1,2");
  return {&command, [arguments] { return run(*arguments); }};
}

}  // namespace mixbern::app
