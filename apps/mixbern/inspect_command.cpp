// mixbern inspect
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <set>
#include <stdexcept>

#include "commands.hpp"
#include "component_view.hpp"
#include "data_input.hpp"
#include "estimates_table.hpp"
#include "fit_report.hpp"
#include "output_check.hpp"
#include "statistics_options.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

struct Arguments {
  DataOptions data;
  TalkOptions talk;
  std::string table;
};

/// How many rows have each bit set.
std::vector<std::size_t> column_counts(const Rows& rows) {
  std::vector<std::size_t> counts(n_features(rows), 0);
  if (const auto* packed = std::get_if<BitMatrix>(&rows)) {
    for (std::size_t i = 0; i < packed->n_rows(); ++i) {
      const auto words = packed->row(i);
      for (std::size_t w = 0; w < words.size(); ++w) {
        for (std::uint64_t left = words[w]; left != 0; left &= left - 1) {
          ++counts[64 * w + static_cast<std::size_t>(std::countr_zero(left))];
        }
      }
    }
  } else {
    for (const std::uint32_t column : std::get<SparseRows>(rows).columns()) ++counts[column];
  }
  return counts;
}

Json shape_json(const ImageShape& shape) {
  return shape.known() ? Json{shape.height, shape.width} : Json(nullptr);
}

Json codings_json(const std::vector<Coding>& codings) {
  Json list = Json::array();
  for (const Coding& coding : codings) list.push_back({coding.zero, coding.one});
  return list;
}

Answers answers_of(const Model& model) {
  return mixbern::answers_of(model.codings, model.threshold, model.mixture.n_features());
}

ItemLabels items_of(const Model& model) {
  return {model.feature_names, answers_of(model)};
}

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json parsed_record(const std::string& record) {
  return record.empty() ? Json(nullptr) : Json::parse(record, nullptr, false);
}

Json model_json(const Model& model) {
  const Mixture& mixture = model.mixture;
  Json json = {{"kind", "model"},
               {"n_components", mixture.n_components()},
               {"n_features", mixture.n_features()},
               {"n_parameters", mixture.n_parameters()},
               {"weights", std::vector<double>(mixture.weights().begin(), mixture.weights().end())},
               {"probabilities", Json::array()},
               {"feature_names", model.feature_names},
               {"codings", codings_json(model.codings)},
               {"answers", answers_of(model).of_item},
               {"threshold", number_or_null(model.threshold)},
               {"shape", shape_json(model.shape)}};
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const auto row = mixture.probabilities(k);
    json["probabilities"].push_back(std::vector<double>(row.begin(), row.end()));
  }
  const Json record = parsed_record(model.fit_record);
  json["fit"] = record.is_discarded() ? Json(nullptr) : record;
  return json;
}

/// What the fit recorded, a member a line; long lists are only counted.
std::string record_lines(const Json& record) {
  std::string out;
  if (!record.is_object()) return out;
  for (const auto& [key, value] : record.items()) {
    const std::string text = value.is_array()    ? counted(value.size(), "value")
                             : value.is_string() ? value.get<std::string>()
                                                 : value.dump();
    out += fmt::format("  {}{}\n", fitted(one_line(key), 22), one_line(text));
  }
  return out;
}

std::string model_text(const Model& model, const std::string& path) {
  std::string out = fmt::format("{}: a model with {} and {}\n", one_line(base_name(path)),
                                counted(model.mixture.n_components(), "component"),
                                counted(model.mixture.n_features(), "feature"));
  if (model.threshold) out += fmt::format("a cell is 1 where its value > {}\n", *model.threshold);
  if (model.shape.known())
    out += fmt::format("images of {} x {} pixels\n", model.shape.height, model.shape.width);
  const std::string record = record_lines(parsed_record(model.fit_record));
  if (!record.empty()) out += "recorded by the fit:\n" + record;
  const ViewOptions view{.width = terminal_width(STDOUT_FILENO),
                         .colours = terminal_colours(STDOUT_FILENO),
                         .most_components = SIZE_MAX};
  return out + "\n" + component_view(model.mixture, items_of(model), model.shape, view);
}

std::size_t distinct_labels(const Dataset& data) {
  std::set<std::int64_t> labels(data.labels.begin(), data.labels.end());
  labels.erase(-1);
  return labels.size();
}

Json data_json(const Dataset& data) {
  Json json = {{"kind", "data"},
               {"n_rows", data.n_rows()},
               {"n_features", data.n_features()},
               {"n_ones", count_ones(data.ones)},
               {"n_missing", count_missing(data)},
               {"sparse", std::holds_alternative<SparseRows>(data.ones)},
               {"feature_names", data.feature_names},
               {"codings", codings_json(data.codings)},
               {"answers", mixbern::answers_of(data).of_item},
               {"feature_ones", column_counts(data.ones)},
               {"feature_missing", data.missing ? Json(column_counts(*data.missing)) : Json(nullptr)},
               {"threshold", number_or_null(data.threshold)},
               {"shape", shape_json(data.shape)},
               {"weights", !data.weights.empty()},
               {"total_weight", total_weight(data)},
               {"labels", !data.labels.empty()},
               {"n_labels", distinct_labels(data)}};
  return json;
}

std::string coding_text(const Dataset& data, std::size_t d) {
  if (data.codings.empty()) return "";
  const auto side = [](const std::string& value) {
    return value.empty() ? std::string("(none)") : one_line(value);
  };
  return fmt::format("{} / {}", side(data.codings[d].zero), side(data.codings[d].one));
}

std::string feature_lines(const Dataset& data) {
  constexpr std::size_t kMostFeatures = 30;
  const auto ones = column_counts(data.ones);
  const auto missing = data.missing ? column_counts(*data.missing) : std::vector<std::size_t>(ones.size(), 0);
  std::string out = "feature                   ones      share   missing  values for 0 / 1\n";
  for (std::size_t d = 0; d < std::min(ones.size(), kMostFeatures); ++d) {
    const std::string name =
        data.feature_names.empty() ? fmt::format("{}", d + 1) : one_line(data.feature_names[d]);
    const std::size_t observed = data.n_rows() - missing[d];
    const double share = observed == 0 ? 0.0 : static_cast<double>(ones[d]) / static_cast<double>(observed);
    out += fmt::format("{}{:>10}{:>10.1f}%{:>10}  {}\n", fitted(name, 20), grouped(ones[d]), 100 * share,
                       grouped(missing[d]), coding_text(data, d));
  }
  if (ones.size() > kMostFeatures) {
    out += fmt::format("… and {} (--json lists all)\n", counted(ones.size() - kMostFeatures, "more feature"));
  }
  return out;
}

std::string data_text(const Dataset& data, const std::string& path) {
  std::string out = data_line(data, base_name(path)) + "\n";
  const double cells = static_cast<double>(data.n_rows()) * static_cast<double>(data.n_features());
  const std::size_t ones = count_ones(data.ones);
  out += fmt::format("{} ({:.3g}%)", counted(ones, "one"), 100 * static_cast<double>(ones) / cells);
  if (data.threshold) out += fmt::format(", where the value was > {}", *data.threshold);
  if (data.shape.known())
    out += fmt::format(", images of {} x {} pixels", data.shape.height, data.shape.width);
  if (!data.labels.empty())
    out += fmt::format(", labels of {}",
                       distinct_labels(data) == 1 ? "1 class" : grouped(distinct_labels(data)) + " classes");
  return out + "\n\n" + feature_lines(data);
}

void save_table(const Arguments& arguments, const Model& model) {
  if (arguments.table.empty()) return;
  const ItemLabels items = items_of(model);
  write_result(arguments.table, [&](const ByteSink& sink) {
    sink(estimates_table({model.mixture, items}, table_format(arguments.table)));
  });
}

int run(const Arguments& arguments) {
  Messages messages(arguments.talk.quiet);
  const std::string& path = arguments.data.path;
  check_outputs({arguments.table}, {path}, messages);
  if (path != "-" && detect_file_kind(path) == FileKind::kModel) {
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
  const Dataset data = load_data(arguments.data, messages);
  if (arguments.talk.json) {
    print_json(data_json(data), messages);
  } else {
    write_standard_output(data_text(data, path));
  }
  return 0;
}

}  // namespace

Command add_inspect_command(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("inspect",
                                              "show what a data or model file holds\nOf data: rows, "
                                              "features, their coding, ones and missing cells. Of a model: "
                                              "what its fit recorded, and all components.");
  const auto arguments = std::make_shared<Arguments>();
  add_argument(command, "FILE", arguments->data.path, "Data or model file, - for data on standard input");
  add_talk_options(command, arguments->talk);
  add_table_option(command, arguments->table,
                   "Save the probabilities of a model's items by class as a table for a paper");
  add_data_options(command, arguments->data, DataUse::kNewData);
  command.footer(
      "# is the table read as it was meant?\n"
      "mixbern inspect survey.csv --exclude id\n"
      "# the parameters of a model for another program\n"
      "mixbern inspect carcinoma.model --json\n"
      "# and as a table for a paper\n"
      "mixbern inspect carcinoma.model --table classes.tex");
  return {&command, [arguments] { return run(*arguments); }};
}

}  // namespace mixbern::app
