#include <fmt/format.h>

#include <stdexcept>
#include <string>

#include "io/format_names.hpp"
#include "io/message.hpp"
#include "io/writers.hpp"

namespace mixbern {
namespace io {
namespace {

InputError cannot_write(const std::string& path, std::string reason, std::string remedy) {
  return {Place{path == "-" ? "standard output" : path, 0, 0}, std::move(reason), std::move(remedy)};
}

DataFormat format_for(const std::string& path, std::optional<DataFormat> format) {
  if (!format) format = format_of_extension(extension_of(path));
  if (!format || *format == DataFormat::kIdx) {
    throw cannot_write(
        path, format ? "idx files are read only" : "the format to write is not known",
        "end the name in .csv, .tsv, .npy, .mtx, .svm, .fps or .safetensors, and .gz to compress");
  }
  return *format;
}

// What a format cannot hold is refused, not dropped; labels alone may be left out, since no fit depends on
// them.
void check_holds(const std::string& path, DataFormat format, const Dataset& data) {
  const bool holds_missing =
      format == DataFormat::kPacked || format == DataFormat::kDelimited || format == DataFormat::kNpy;
  if (data.missing && !holds_missing) {
    throw cannot_write(path, fmt::format("{} files cannot hold missing cells", to_string(format)),
                       "write .csv, .npy or .safetensors");
  }
  const bool holds_items = format == DataFormat::kPacked || format == DataFormat::kDelimited;
  if (!data.categorical.empty() && !holds_items) {
    throw cannot_write(path,
                       fmt::format("{} files cannot hold items of more than two answers", to_string(format)),
                       "write .csv or .safetensors");
  }
  if (!data.class_sets.empty()) {
    throw cannot_write(path, "files hold a label a row, and some rows have sets of classes",
                       "write labels with names like 1|3, before they are split into sets");
  }
  if (!data.weights.empty() && format != DataFormat::kPacked) {
    throw cannot_write(path, fmt::format("{} files cannot hold row weights", to_string(format)),
                       "write .safetensors");
  }
}

void write_as(DataFormat format, const ByteSink& sink, const std::string& path, const Dataset& data) {
  switch (format) {
    case DataFormat::kPacked:
      return write_packed(sink, data);
    case DataFormat::kDelimited:
      return write_delimited(sink, data, extension_of(path) == "tsv" ? '\t' : ',');
    case DataFormat::kNpy:
      return write_npy(sink, data);
    case DataFormat::kMatrixMarket:
      return write_matrix_market(sink, data);
    case DataFormat::kLibsvm:
      return write_libsvm(sink, data);
    case DataFormat::kFps:
      return write_fps(sink, data);
    case DataFormat::kIdx:
      break;
  }
  throw std::invalid_argument("write_dataset: unknown format");
}

}  // namespace
}  // namespace io

void write_dataset(const std::string& path, const Dataset& data, std::optional<DataFormat> format) {
  validate(data);
  const DataFormat chosen = io::format_for(path, format);
  io::check_holds(path, chosen, data);
  if (data.n_rows() == 0 || data.n_features() == 0) {
    throw io::cannot_write(path, "there is nothing to write", "the data has no rows or no features");
  }
  write_file_atomically(path, [&](const ByteSink& sink) { io::write_as(chosen, sink, path, data); });
}

}  // namespace mixbern
