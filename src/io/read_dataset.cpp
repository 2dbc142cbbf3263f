#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <stdexcept>
#include <utility>

#include "io/answers.hpp"
#include "io/choose_features.hpp"
#include "io/joined_data.hpp"
#include "io/message.hpp"
#include "io/packed_rows.hpp"
#include "io/place_of_rows.hpp"
#include "io/readers.hpp"
#include "io/recode.hpp"

namespace mixbern {
namespace io {
namespace {

Dataset read_as(DataFormat format, Input& input, const ReadOptions& options) {
  switch (format) {
    case DataFormat::kIdx:
      return read_idx(input, options);
    case DataFormat::kNpy:
      return read_npy(input, options);
    case DataFormat::kDelimited:
      return read_delimited(input, options);
    case DataFormat::kMatrixMarket:
      return read_matrix_market(input, options);
    case DataFormat::kLibsvm:
      return read_libsvm(input, options);
    case DataFormat::kFps:
      return read_fps(input, options);
    case DataFormat::kPacked:
      return read_packed(input, options);
  }
  throw std::invalid_argument("read_dataset: unknown format");
}

// What reading, and the smallest model, take for each at least.
constexpr std::uint64_t kBytesAFeature = 64;

void refuse_columns_of_text(const Input& input, DataFormat format, const ReadOptions& options) {
  for (const auto* column : {&options.weight_column, &options.label_column, &options.id_column}) {
    if (column->empty()) continue;
    throw input.error(fmt::format("{} is no file, and a file in the format {} has features alone",
                                  in_quotes(*column), to_string(format)),
                      "weights and labels may stand in a file beside it");
  }
}

bool names_columns(const ReadOptions& options) {
  return !options.columns.empty() || !options.exclude.empty() || !options.weight_column.empty() ||
         !options.label_column.empty() || !options.id_column.empty();
}

void name_features(const std::string& file, const std::vector<std::string>& names, Dataset& data) {
  if (names.empty()) return;
  if (!data.feature_names.empty())
    throw InputError({file}, "its features have names of their own", "leave --feature-names out");
  if (names.size() != data.n_features()) {
    throw InputError({file}, fmt::format("{} names for {} features", names.size(), data.n_features()),
                     "--feature-names needs one line a feature");
  }
  data.feature_names = names;
}

// Of a file that is read whole: text leaves columns out while it is read.
Dataset read_features(DataFormat format, Input& input, const ReadOptions& options) {
  const bool chosen = !options.columns.empty() || !options.exclude.empty();
  ReadOptions whole = options;
  if (chosen) whole.codings.clear();
  Dataset data = read_as(format, input, whole);
  name_features(input.name(), options.feature_names, data);
  if (!chosen) return data;
  data = choose_features(input.name(), options, std::move(data));
  check_features(input, options, data.n_features());
  if (!options.codings.empty()) recode(input.name(), options.codings, kCodeAlike, data);
  return data;
}

}  // namespace

Dataset read_dataset(Input& input, const ReadOptions& options) {
  if (options.threshold && !std::isfinite(*options.threshold))
    throw std::invalid_argument("read_dataset: threshold must be a finite number");
  const DataFormat format = options.format ? *options.format : detect_format(input);
  if (format == DataFormat::kDelimited) return read_delimited(input, options);
  refuse_columns_of_text(input, format, options);
  if (format == DataFormat::kNpy && (!options.categorical.empty() || !options.items.empty()))
    return read_npy_items(input, options);
  if (!options.categorical.empty()) {
    throw input.error(
        fmt::format("--categorical is for tables of text and .npy, and this is {}", to_string(format)),
        "packed files know their items themselves; other formats have two values a column");
  }
  return read_features(format, input, options);
}

void check_rows(const Input& input, const ReadOptions& options, std::size_t n_kept, std::size_t n_in_file) {
  if (n_kept > 0) return;
  if (n_in_file == 0) throw input.error("there are no rows in it", "at least one row is needed");
  throw input.error(fmt::format("rows {} to {} were asked for", options.first_row, options.end_row),
                    fmt::format("the first is row 0, and reading stopped after {}", n_in_file));
}

std::uint64_t most_features() {
  return machine_memory() / kBytesAFeature;
}

void check_features(const Input& input, const ReadOptions& options, std::size_t n_features) {
  check_features(input, n_features, options.codings.size());
}

void check_features(const Input& input, std::size_t n_features, std::size_t n_expected) {
  if (n_features > most_features()) {
    throw input.error(
        fmt::format("{} features, and this machine has memory for {}", n_features, most_features()),
        "use fewer columns, or a machine with more memory");
  }
  if (n_expected == 0 || n_expected == n_features) return;
  throw input.error(fmt::format("it has {} features where {} are expected", n_features, n_expected),
                    "the data must have the columns that the model was fitted to");
}

}  // namespace io

namespace {

Dataset read_one(const std::string& path, const ReadOptions& options, bool outside) {
  const bool may_stay = outside && options.format.value_or(DataFormat::kPacked) == DataFormat::kPacked &&
                        !io::names_columns(options);
  std::optional<Dataset> opened = may_stay ? io::open_packed(path, options) : std::nullopt;
  if (opened) {
    io::name_features(path, options.feature_names, *opened);
    const std::size_t end = std::min(options.end_row, opened->n_rows());
    const std::size_t first = std::min(options.first_row, end);
    return first == 0 && end == opened->n_rows() ? *std::move(opened) : slice(*opened, first, end);
  }
  io::Input input = io::open_input(path);
  return io::read_dataset(input, options);
}

// The rows that are wanted, which need not be in the first file.
Dataset read_several(const std::vector<std::string>& paths, const ReadOptions& options, bool outside) {
  std::vector<io::DataPart> parts;
  std::size_t n_rows = 0;
  for (const std::string& path : paths) {
    if (n_rows >= options.end_row) break;
    ReadOptions part = options;
    part.first_row = 0;
    part.end_row = options.end_row - n_rows;
    parts.push_back({path, read_one(path, part, outside)});
    n_rows += parts.back().data.n_rows();
  }
  if (options.first_row >= n_rows) {
    throw InputError({paths.front()}, fmt::format("rows from {} on were asked for", options.first_row),
                     fmt::format("the first is row 0, and all files have {}", n_rows));
  }
  Dataset data = io::joined_data(std::move(parts));
  return options.first_row == 0 ? data : slice(data, options.first_row, n_rows);
}

}  // namespace

Dataset read_dataset(const std::vector<std::string>& paths, const ReadOptions& options) {
  if (paths.empty()) throw std::invalid_argument("read_dataset: no file is named");
  const std::string& path = paths.front();
  try {
    const bool outside = io::rows_stay_outside(paths, options.outside);
    Dataset data =
        paths.size() == 1 ? read_one(path, options, outside) : read_several(paths, options, outside);
    io::choose_answers(options.one, path, data);
    validate(data);
    return data;
  } catch (const std::bad_alloc&) {
    throw InputError({path}, "there is not enough memory to read it",
                     "read fewer rows (--rows A:B) or fewer columns (--columns)");
  }
}

Dataset read_dataset(const std::string& path, const ReadOptions& options) {
  return read_dataset(std::vector{path}, options);
}

}  // namespace mixbern
