// mixbern inspect
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>
#include <stdexcept>
#include <string_view>

#include "column_report.hpp"
#include "commands.hpp"
#include "data_input.hpp"
#include "estimates_table.hpp"
#include "fit_report.hpp"
#include "model_description.hpp"
#include "output_check.hpp"
#include "statistics_options.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

struct Arguments {
  DataOptions data;
  TalkOptions talk;
  std::string table;
};

std::size_t distinct_labels(const Dataset& data) {
  std::set<std::int64_t> labels(data.labels.begin(), data.labels.end());
  labels.erase(-1);
  return labels.size();
}

/// The items as a fit takes them.
Json items_json(const Dataset& data) {
  return {{"n_ones", count_ones(data.ones)},
          {"n_missing", count_missing(data)},
          {"sparse", !is_packed(data.ones)},
          {"feature_names", data.feature_names},
          {"codings", codings_json(data.codings)},
          {"answers", mixbern::answers_of(data).of_item},
          {"feature_ones", count_ones_by_feature(data.ones)},
          {"feature_missing", data.missing ? Json(count_ones_by_feature(*data.missing)) : Json(nullptr)},
          {"threshold", number_or_null(data.threshold)},
          {"shape", shape_json(data.shape)},
          {"weights", !data.weights.empty()},
          {"total_weight", total_weight(data)},
          {"labels", !data.labels.empty()},
          {"n_labels", distinct_labels(data)}};
}

Json data_json(const DataOptions& options, const TableSummary& table, const Dataset* data) {
  Json json = {
      {"kind", "data"}, {"n_rows", table.n_rows}, {"n_features", data == nullptr ? 0 : data->n_features()}};
  if (data != nullptr) json.update(items_json(*data));
  json["columns"] = columns_json(table, options.threshold_given());
  json["problems"] = table.problems;
  json["suggested_options"] = suggested_options(table);
  return json;
}

/// Rows, features, ones, and what belongs to the data.
std::string about(const Dataset& data, const std::string& name) {
  std::string out = data_line(data, name) + "\n";
  const double cells = static_cast<double>(data.n_rows()) * static_cast<double>(data.n_features());
  const std::size_t ones = count_ones(data.ones);
  out += fmt::format("{} ({:.3g}%)", counted(ones, "one"), 100 * static_cast<double>(ones) / cells);
  if (data.threshold) out += fmt::format(", where the value was > {}", *data.threshold);
  if (data.shape.known())
    out += fmt::format(", images of {} x {} pixels", data.shape.height, data.shape.width);
  if (!data.labels.empty())
    out += fmt::format(", labels of {}",
                       distinct_labels(data) == 1 ? "1 class" : grouped(distinct_labels(data)) + " classes");
  return out + "\n";
}

std::string data_text(const DataOptions& options, const TableSummary& table, const Dataset* data) {
  const std::string name = base_name(options.name());
  std::string out = data == nullptr || data->n_features() < table.columns.size()
                        ? fmt::format("{}: {} x {}\n", one_line(name), counted(table.n_rows, "row"),
                                      counted(table.columns.size(), "column"))
                        : about(*data, name);
  out += "\n" + columns_text(table, data, terminal_width(STDOUT_FILENO));
  for (const std::string& problem : table.problems) out += fmt::format("to mend: {}\n", one_line(problem));
  const std::string call = fit_call(table, options);
  return out + (call.empty() ? "\nno column can be an item: an item has two values\n"
                             : fmt::format("\nready to fit:\n  {}\n", one_line(call)));
}

/// The items of DATA as a fit takes them; nothing where there are none.
std::optional<Dataset> items_in(DataOptions options, const TableSummary& table, Messages& messages) {
  if (!table.problems.empty()) return {};
  std::multiset<std::string_view> names;
  for (const ColumnSummary& column : table.columns) names.insert(column.name);
  bool any = false;
  for (std::size_t d = 0; d < table.columns.size(); ++d) {
    const ColumnSummary& column = table.columns[d];
    const bool item = options.threshold_given() ? column.numbers : column.n_values <= 2 || column.categorical;
    any = any || item;
    if (item || column.name == options.read.id_column) continue;
    const bool named = !column.name.empty() && names.count(column.name) == 1;
    options.read.exclude.push_back(named ? column.name : std::to_string(d + 1));
  }
  if (!any) return {};
  return load_data(options, messages);
}

void save_table(const Arguments& arguments, const Model& model) {
  if (arguments.table.empty()) return;
  const ItemLabels items = items_of(model);
  write_result(arguments.table, [&](const ByteSink& sink) {
    sink(paper_table(table_of({model.mixture, items}), table_format(arguments.table)));
  });
}

/// Standard input is read twice, so it goes to a file first.
class FileOfInput {
 public:
  explicit FileOfInput(const std::string& path) : path_(path == "-" ? folder().path() + "/data" : path) {
    if (path != "-") return;
    write_file_atomically(path_, [](const ByteSink& sink) {
      std::vector<char> piece(std::size_t{1} << 16U);
      while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), stdin)) sink({piece.data(), n});
    });
  }
  ~FileOfInput() {
    if (folder_) std::remove(path_.c_str());
  }
  FileOfInput(const FileOfInput&) = delete;
  FileOfInput& operator=(const FileOfInput&) = delete;

  const std::string& path() const { return path_; }

 private:
  const SpareFolder& folder() { return folder_.emplace(); }

  std::optional<SpareFolder> folder_;
  std::string path_;
};

void inspect_data(const Arguments& arguments, Messages& messages) {
  DataOptions options = arguments.data;
  const FileOfInput file(options.paths.front());
  options.paths.front() = file.path();
  const TableSummary table = summarise_columns(data_files(options.paths), read_options(options));
  const std::optional<Dataset> items = items_in(options, table, messages);
  options.paths = arguments.data.paths;
  const Dataset* data = items ? &*items : nullptr;
  if (arguments.talk.json) {
    print_json(data_json(options, table, data), messages);
  } else {
    write_standard_output(data_text(options, table, data));
  }
}

int run(const Arguments& arguments) {
  Messages messages(arguments.talk.quiet);
  const std::vector<std::string> files = input_files(arguments.data);
  const std::string& path = files.front();
  check_outputs({arguments.table}, files, messages);
  if (files.size() == 1 && path != "-" && detect_file_kind(path) == FileKind::kModel) {
    const Model model = load_model(path);
    save_table(arguments, model);
    if (arguments.talk.json) {
      print_json(model_json(model), messages);
    } else {
      write_standard_output(model_text(model, path));
    }
    return 0;
  }
  if (!arguments.table.empty())
    throw std::invalid_argument("--table writes the probabilities of a model, and this file holds data");
  inspect_data(arguments, messages);
  return 0;
}

}  // namespace

Command add_inspect_command(CLI::App& program) {
  CLI::App& command =
      *program.add_subcommand("inspect",
                              "show what a data or model file holds\nOf data: each "
                              "column, its values and missing cells, whether it can be an item "
                              "and what else it looks like, and the call that fits it; nothing "
                              "in a table makes it fail. Of a model: what its fit recorded, and "
                              "all components.");
  const auto arguments = std::make_shared<Arguments>();
  add_arguments(
      command, "FILE", [arguments](const std::vector<std::string>& texts) { arguments->data.paths = texts; },
      "Data or model file, - for data on standard input; several files, folders and patterns are one data "
      "set");
  add_talk_options(command, arguments->talk);
  add_table_option(command, arguments->table,
                   "Save the probabilities of a model's items by class as a table for a paper");
  add_data_options(command, arguments->data, DataUse::kNewData);
  command.footer(
      "# is the table read as it was meant?\n"
      "mixbern inspect survey.csv\n"
      "# the parameters of a model for another program\n"
      "mixbern inspect carcinoma.model --json\n"
      "# and as a table for a paper\n"
      "mixbern inspect carcinoma.model --table classes.tex");
  return {&command, [arguments] { return run(*arguments); }};
}

}  // namespace mixbern::app
