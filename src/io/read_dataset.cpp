#include <fmt/format.h>

#include <cmath>
#include <new>
#include <stdexcept>
#include <utility>

#include "io/answers.hpp"
#include "io/choose_features.hpp"
#include "io/message.hpp"
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

void name_features(const Input& input, const std::vector<std::string>& names, Dataset& data) {
  if (names.empty()) return;
  if (!data.feature_names.empty())
    throw input.error("its features have names of their own", "leave --feature-names out");
  if (names.size() != data.n_features()) {
    throw input.error(fmt::format("{} names for {} features", names.size(), data.n_features()),
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
  name_features(input, options.feature_names, data);
  if (!chosen) return data;
  data = choose_features(input.name(), options, std::move(data));
  check_features(input, options, data.n_features());
  if (!options.codings.empty()) recode(input, options.codings, data);
  return data;
}

}  // namespace

Dataset read_dataset(Input& input, const ReadOptions& options) {
  if (options.threshold && !std::isfinite(*options.threshold))
    throw std::invalid_argument("read_dataset: threshold must be a finite number");
  const DataFormat format = options.format ? *options.format : detect_format(input);
  if (format == DataFormat::kDelimited) return read_delimited(input, options);
  refuse_columns_of_text(input, format, options);
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
  if (n_features > most_features()) {
    throw input.error(
        fmt::format("{} features, and this machine has memory for {}", n_features, most_features()),
        "use fewer columns, or a machine with more memory");
  }
  if (options.codings.empty() || options.codings.size() == n_features) return;
  throw input.error(
      fmt::format("it has {} features where {} are expected", n_features, options.codings.size()),
      "the data must have the columns that the model was fitted to");
}

}  // namespace io

Dataset read_dataset(const std::string& path, const ReadOptions& options) {
  try {
    io::Input input = io::open_input(path);
    Dataset data = io::read_dataset(input, options);
    io::choose_answers(options.one, input.name(), data);
    validate(data);
    return data;
  } catch (const std::bad_alloc&) {
    throw InputError({path}, "there is not enough memory to read it",
                     "read fewer rows (--rows A:B) or fewer columns (--columns)");
  }
}

}  // namespace mixbern
