#include "data_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>

#include "fit_report.hpp"
#include "mixbern/io/columns.hpp"
#include "mixbern/report/groups.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

namespace fs = std::filesystem;

/// A --weights or --labels value names a file if there is one of that name, else a column.
bool names_file(const std::string& value) {
  std::error_code error;
  return fs::exists(value, error) && !fs::is_directory(value, error);
}

/// The rows of a file beside DATA that belong to the rows of DATA that are kept.
template <typename Value>
std::vector<Value> beside_data(std::vector<Value> values, const std::string& option, const std::string& path,
                               const DataOptions& options, std::size_t n_rows) {
  const std::size_t in_file = values.size();
  const std::size_t end = std::min(options.read.end_row, in_file);
  const std::size_t first = std::min(options.read.first_row, end);
  values.erase(values.begin() + static_cast<std::ptrdiff_t>(end), values.end());
  values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(first));
  if (values.size() != n_rows) {
    const bool cut = options.read.first_row != 0 || options.read.end_row != SIZE_MAX;
    throw InputError({path},
                     fmt::format("holds {} for {}{}, but {} has {}", counted(in_file, "value"), option,
                                 cut ? fmt::format(", {} of them in --rows", grouped(values.size())) : "",
                                 base_name(options.name()), counted(n_rows, "row")),
                     fmt::format("give one value for each row of {}", base_name(options.name())));
  }
  return values;
}

void refuse_empty(const Dataset& data, const DataOptions& options) {
  if (data.n_rows() == 0) {
    const bool cut = options.read.first_row != 0;
    throw InputError({options.name()}, cut ? "has no row in --rows" : "holds no rows",
                     cut ? "choose rows that it has" : "give a file with at least one row");
  }
  if (data.n_features() == 0) {
    throw InputError({options.name()}, "has no feature left", "check --columns and --exclude");
  }
}

void apply_shape(Dataset& data, const DataOptions& options) {
  if (!options.shape) return;
  const ImageShape shape = *options.shape;
  if (shape.height * shape.width != data.n_features()) {
    throw std::invalid_argument(fmt::format("--shape {}x{} means {} pixels, but {} has {}", shape.height,
                                            shape.width, grouped(shape.height * shape.width),
                                            base_name(options.name()),
                                            counted(data.n_features(), "feature")));
  }
  data.shape = shape;
}

/// Beyond it sums of weighted log-likelihoods could overflow.
constexpr double kMostWeight = 1e300;

void refuse_huge_weights(const Dataset& data, const DataOptions& options) {
  if (data.weights.empty() || total_weight(data) <= kMostWeight) return;
  throw InputError({options.name()}, fmt::format("the row weights add up to more than {}", kMostWeight),
                   "divide them all by one number; estimates stay the same");
}

Dataset read_with(const DataOptions& options, ReadOptions read, Messages& messages) {
  if (options.paths.size() > 1 && std::ranges::find(options.paths, "-") != options.paths.end()) {
    throw std::invalid_argument(
        "standard input (-) cannot be one of several files; write it to a file, or join the files before");
  }
  const bool weights_file = names_file(options.weights);
  const bool labels_file = names_file(options.labels);
  read.warn = [&messages](const std::string& text) { messages.warn(text); };
  Dataset data = read_dataset(data_files(options.paths), read);
  refuse_empty(data, options);
  if (weights_file) {
    data.weights =
        beside_data(read_weights(options.weights), "--weights", options.weights, options, data.n_rows());
  }
  if (labels_file) {
    Labels labels = read_labels(options.labels);
    data.labels = beside_data(std::move(labels.values), "--labels", options.labels, options, data.n_rows());
    data.label_names = std::move(labels.names);
  }
  refuse_huge_weights(data, options);
  apply_shape(data, options);
  validate(data);
  return data;
}

std::string some_of(std::vector<std::string> names) {
  constexpr std::size_t kShown = 5;
  const std::size_t more = names.size() > kShown ? names.size() - kShown : 0;
  names.resize(names.size() - more);
  return joined(names, ", ") + (more > 0 ? fmt::format(" and {} more", grouped(more)) : "");
}

/// A column of groups among the items makes classes of the groups. Columns that were chosen are meant.
void warn_of_groups(const Dataset& data, const DataOptions& options, Messages& messages) {
  if (!options.read.columns.empty() || !options.read.categorical.empty()) return;
  std::vector<std::string> names;
  for (const std::size_t d : features_like_groups(data)) names.push_back(data.feature_names[d]);
  if (names.empty()) return;
  messages.warn(fmt::format("{}: {} {} and {} taken for {}; --exclude {} leaves {} out",
                            base_name(options.name()), some_of(names),
                            names.size() == 1 ? "looks like a group of rows" : "look like groups of rows",
                            names.size() == 1 ? "is" : "are", names.size() == 1 ? "an item" : "items",
                            shell_word(joined(names, ",")), names.size() == 1 ? "it" : "them"));
}

/// A threshold above all values, or below, leaves nothing that tells rows apart.
void warn_of_threshold(const Dataset& data, const DataOptions& options, Messages& messages) {
  if (!options.threshold_given()) return;
  const std::size_t ones = count_ones(data.ones);
  const std::size_t cells = data.n_rows() * data.n_features() - count_missing(data);
  if (ones != 0 && ones != cells) return;
  messages.warn(fmt::format(
      "{}: {} value is greater than --threshold {}, so all cells are {}; choose one "
      "between the values",
      base_name(options.name()), ones == 0 ? "no" : "every", *options.read.threshold, ones == 0 ? 0 : 1));
}

bool has_unique_names(const std::vector<std::string>& names) {
  return !names.empty() && std::set<std::string>(names.begin(), names.end()).size() == names.size() &&
         std::find(names.begin(), names.end(), "") == names.end();
}

/// Names in `names` that `others` lacks.
std::vector<std::string> without(const std::vector<std::string>& names,
                                 const std::vector<std::string>& others) {
  const std::set<std::string> known(others.begin(), others.end());
  std::vector<std::string> result;
  for (const auto& name : names) {
    if (!known.contains(name)) result.push_back(name);
  }
  return result;
}

/// Names of DATA's features, from its first row; empty where it has none or can be read only once.
std::vector<std::string> names_in(const DataOptions& options, ReadOptions peek) {
  std::error_code error;
  const std::string first = data_files(options.paths).front();
  if (!fs::is_regular_file(first, error)) return {};
  peek.columns.clear();
  peek.exclude.clear();
  peek.codings.clear();
  peek.items.clear();
  peek.categorical.clear();
  peek.missing.clear();
  peek.weight_column.clear();
  peek.label_column.clear();
  peek.id_column.clear();
  peek.first_row = 0;
  peek.end_row = 1;
  return column_names(read_dataset(first, peek));
}

[[noreturn]] void refuse_missing(const DataOptions& options, const std::vector<std::string>& missing) {
  throw InputError(
      {options.name()},
      fmt::format("lacks {} of the model: {}", counted(missing.size(), "feature"), some_of(missing)),
      "give data with the columns that the model was fitted on ('mixbern inspect' of the model lists them)");
}

/// The program has no table in which an item that differs between groups is one a group.
void refuse_free_items(const Model& model, const DataOptions& options) {
  const auto groups = stored_groups(model);
  if (!groups || groups->model.free_items.empty()) return;
  throw InputError(
      {options.name()},
      fmt::format("the model has items that differ between groups by {}, each of them one item a "
                  "group, which the data has not",
                  one_line(groups->column)),
      "mixbern.load(MODEL).predict(DATA, groups) of the Python package takes data as they are; so do "
      "models without --free here");
}

/// Columns taken by position have to be the model's where both have names: a silent mix-up would be worse
/// than an error.
void refuse_other_names(const Model& model, const Dataset& data, const DataOptions& options) {
  if (data.feature_names == model.feature_names || !has_unique_names(data.feature_names)) return;
  throw InputError({options.name()}, "the columns are not those of the model in the same order",
                   "write the data to a file, where they are found by name, or choose them with --columns");
}

void refuse_other_width(const Model& model, const Dataset& data, const DataOptions& options) {
  const std::size_t expected = model.mixture.n_features();
  if (data.n_features() == expected) return;
  throw InputError(
      {options.name()},
      fmt::format("has {}, but the model has {}", counted(data.n_features(), "feature"), grouped(expected)),
      "give data with the features that the model was fitted on (--columns picks them)");
}

// The same answers of the same items, which text is read into and packed data has by itself.
void refuse_other_items(const Model& model, const Dataset& data, const DataOptions& options) {
  const auto answers = [](const CategoricalItem& item) { return std::pair(item.first, item.categories); };
  if (std::ranges::equal(model.categorical, data.categorical, {}, answers, answers)) return;
  throw InputError({options.name()}, "its items do not have the answers of those of the model",
                   "give the table of text that it was packed from: there the model looks for its answers");
}

}  // namespace

ReadOptions read_options(const DataOptions& options) {
  ReadOptions read = options.read;
  if (!options.feature_names.empty()) read.feature_names = read_feature_names(options.feature_names);
  if (!names_file(options.weights)) read.weight_column = options.weights;
  if (!names_file(options.labels)) read.label_column = options.labels;
  return read;
}

Dataset load_data(const DataOptions& options, Messages& messages) {
  if (options.threshold_given() && !options.read.one.empty()) {
    throw std::invalid_argument(
        "--one chooses among two values, and with --threshold a 1 is what is greater; leave one of them out");
  }
  Dataset data = read_with(options, read_options(options), messages);
  warn_of_groups(data, options, messages);
  warn_of_threshold(data, options, messages);
  return data;
}

Dataset load_data_for(const Model& model, const DataOptions& options, Messages& messages) {
  ReadOptions read = read_options(options);
  if (!read.threshold) read.threshold = model.threshold;
  read.missing.insert(read.missing.end(), model.missing_codes.begin(), model.missing_codes.end());
  // Coded values and numbers above a threshold exclude each other: with one, the model's codings say nothing.
  if (!read.threshold) {
    read.codings = model.codings;
    read.items = model.categorical;
  }
  const std::vector<std::string> wanted = column_names(model);
  const bool by_name = has_unique_names(wanted) && read.columns.empty() && read.header != false;
  const std::vector<std::string> found = by_name ? names_in(options, read) : std::vector<std::string>{};
  if (has_unique_names(found) && found != wanted) {
    if (const auto missing = without(wanted, found); !missing.empty()) {
      refuse_free_items(model, options);
      refuse_missing(options, missing);
    }
    auto extra = without(found, wanted);
    std::erase(extra, options.weights);
    std::erase(extra, options.read.id_column);
    if (!extra.empty() && !options.keeps_others) {
      messages.note(fmt::format("{}: {} not in the model and ignored: {}", base_name(options.name()),
                                extra.size() == 1 ? "1 column is" : grouped(extra.size()) + " columns are",
                                some_of(extra)));
    }
    read.columns = wanted;
    read.exclude.clear();
  }
  Dataset data = read_with(options, read, messages);
  refuse_other_width(model, data, options);
  refuse_other_items(model, data, options);
  if (by_name) refuse_other_names(model, data, options);
  return data;
}

Model load_model_before(const std::string& model, const DataOptions& options) {
  const auto is_model = [](const std::string& path) {
    std::error_code error;
    return fs::is_regular_file(path, error) && detect_file_kind(path) == FileKind::kModel;
  };
  if (!is_model(model) && !options.paths.empty() && is_model(options.paths.front())) {
    throw std::invalid_argument(fmt::format("{} is the model: MODEL stands before DATA, as in {} {}",
                                            options.paths.front(), options.paths.front(), model));
  }
  return load_model(model);
}

std::vector<std::string> input_files(const DataOptions& options, const std::string& model) {
  std::vector<std::string> files = data_files(options.paths);
  for (const std::string& file : {model, options.weights, options.labels}) {
    if (!file.empty()) files.push_back(file);
  }
  return files;
}

void refuse_weightless(const Dataset& data, const DataOptions& options) {
  if (total_weight(data) > 0) return;
  throw InputError({options.name()}, "all row weights are 0", "give at least one row a weight above 0");
}

std::string base_name(const std::string& path) {
  if (path == "-") return "standard input";
  const fs::path last = fs::path(path).filename();
  return last.empty() ? fs::path(path).parent_path().filename().string() : last.string();
}

}  // namespace mixbern::app
