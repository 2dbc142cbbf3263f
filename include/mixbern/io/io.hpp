// Files: data in many formats, models in one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/io/error.hpp"
#include "mixbern/mixture/mixture.hpp"

namespace mixbern {

enum class DataFormat { kIdx, kNpy, kDelimited, kMatrixMarket, kLibsvm, kFps, kPacked };
/// "idx", "npy", "csv", "mtx", "libsvm", "fps", "packed".
std::string_view to_string(DataFormat format);
std::optional<DataFormat> data_format_from_string(std::string_view name);

struct ReadOptions {
  std::optional<DataFormat> format = {};  ///< default: by magic bytes, then by the file name's extension
  std::optional<double> threshold = {};   ///< cells are 1 where value > threshold
  std::size_t first_row = 0;              ///< only rows first_row …
  std::size_t end_row = SIZE_MAX;         ///< … end_row-1 are kept; reading stops there
  std::optional<bool> header = {};        ///< delimited text: first line holds names; default: looked at
  /// Use these features only, in this order. Each is a name, a number from 1, a range of either ("q1:q9",
  /// "2-15") or a pattern with * and ?; ranges and patterns pass over columns of weights, labels and ids.
  std::vector<std::string> columns = {};
  std::vector<std::string> exclude = {};  ///< all but these, named in the same ways
  std::string weight_column = {};         ///< delimited text: row weights stand in this column
  std::string label_column = {};          ///< delimited text: labels stand in this column
  std::string id_column = {};             ///< delimited text: what rows are called stands in this column
  /// What stands for a missing answer, besides the words that always do (docs/formats.md): VALUE in all
  /// features, ITEM=VALUE in one, ITEM named as in `columns`; also a list of these with commas.
  std::vector<std::string> missing = {};
  std::vector<std::string> feature_names = {};  ///< of data that brings none
  std::optional<unsigned> index_base = {};  ///< LIBSVM: columns count from 0 or 1; default: 0 if there is one
  /// Delimited text and NPY: columns that are items of any number of answers, named in the ways of `columns`,
  /// or "all". Those of more than two become a feature an answer (Dataset::categorical).
  std::vector<std::string> categorical = {};
  std::vector<Coding> codings = {};         ///< apply these, one a feature, instead of finding them
  std::vector<CategoricalItem> items = {};  ///< with `codings`: the categorical ones among these features
  std::vector<std::string> one = {};        ///< answers that are to be 1, as for choose_answers
  /// Whether the rows of uncompressed packed files stay outside memory; never changes a result. Default: if
  /// they take more than 256 MB or a quarter of the machine's memory; the environment variable MIXBERN_ROWS,
  /// `memory` or `outside`, goes before that.
  std::optional<bool> outside = {};
  std::function<void(const std::string&)> warn = {};  ///< called with each warning; may be empty
};

/// Reads a data file, gzip'ed or not; "-" is standard input. Streams: memory is the packed result plus a few
/// buffers, or less where the rows stay outside memory. Throws InputError with file, line and column, also
/// for more rows or features than the machine has memory for. Formats: docs/formats.md.
Dataset read_dataset(const std::string& path, const ReadOptions& options = {});

/// Several files as one data set, row after row; first_row and end_row count through all of them. Throws
/// InputError too where a file does not go with the first: other features, names, codings, threshold or
/// shape, or weights or labels in some only.
Dataset read_dataset(const std::vector<std::string>& paths, const ReadOptions& options = {});

/// The files that names stand for, in their order: a folder for the data files in it, by name; a pattern with
/// `*`, `?` or `[…]` for the files that match it, by name; every other name for itself. Throws InputError
/// where nothing is found.
std::vector<std::string> data_files(const std::vector<std::string>& names);

/// Bytes of memory that the machine has, or the control group (container) of the process where that is less.
std::uint64_t machine_memory();

/// Writes a data file in the format that its extension names (".gz" compresses): .csv, .tsv, .npy, .mtx,
/// .svm, .fps, .safetensors (packed). A temporary file beside it is written, synced and renamed: on failure
/// an older file stays whole. Throws InputError.
void write_dataset(const std::string& path, const Dataset& data, std::optional<DataFormat> format = {});

/// One weight a row, from IDX, NPY, packed data, or text with one number a line. Throws InputError.
std::vector<double> read_weights(const std::string& path);

/// One label a row, as Dataset has them.
struct Labels {
  std::vector<std::int64_t> values = {};
  std::vector<std::string> names = {};
};
/// Labels from IDX, NPY, packed data, or text with one a line. Integers stay what they are; other texts are
/// numbered in natural order from 0 and keep their names; empty and NA are -1. Throws InputError.
Labels read_labels(const std::string& path);

/// Labels whose names list classes ("1|3", "case|carrier") become sets of these classes
/// (Dataset::class_sets); what is left of names is numbered as read_labels numbers it. Changes nothing where
/// no name has a |. Throws std::invalid_argument where a list lacks a class, or has a negative one. REQUIRES:
/// no class_sets before.
void split_class_sets(Dataset& data);

/// Names of features, one a line, for ReadOptions. Throws InputError.
std::vector<std::string> read_feature_names(const std::string& path);

/// A mixture and what is needed to use it on new data.
struct Model {
  Mixture mixture;
  std::vector<std::string> feature_names;
  std::vector<Coding> codings;
  std::optional<double> threshold;
  ImageShape shape;
  std::string fit_record;  ///< JSON object: what the fit recorded (options, log-likelihood, …); may be empty
  std::vector<std::string> missing_codes = {};    ///< what stood for missing answers, as in ReadOptions
  std::vector<std::string> component_names = {};  ///< what the components are called; may be empty
  std::vector<CategoricalItem> categorical = {};  ///< as the mixture's items(), with names
};

/// What the columns of a table are called that these features come from: a categorical item is one column.
/// Empty where features have no names.
std::vector<std::string> column_names(const Dataset& data);
std::vector<std::string> column_names(const Model& model);

/// Model files are safetensors (docs/formats.md). Both throw InputError; saving is atomic as for data. A
/// model that could not be loaded again (names or codings of another number than features, a threshold that
/// is not finite, a record that is no JSON object) is not saved: std::invalid_argument.
void save_model(const std::string& path, const Model& model);
Model load_model(const std::string& path);

/// Writes through a temporary file beside `path` that is synced and renamed when `write` returns; `path` "-"
/// is standard output. `write` is handed a sink for the bytes; ".gz" at the end of `path` compresses them.
/// Throws InputError if the disk is full or the folder cannot be written; then an older file is untouched and
/// nothing new stays behind.
using ByteSink = std::function<void(std::string_view)>;
void write_file_atomically(const std::string& path, const std::function<void(const ByteSink&)>& write);

/// Copies the table in text at `path`, all its columns, with the missing cells of features filled. `filled`
/// is what a reading of it with `options` became; its features are found by name where both have names. Cells
/// are written between `delimiter`s; rows outside of `options` are left out. Throws InputError.
void write_filled_table(const std::string& path, const ReadOptions& options, const Dataset& filled,
                        char delimiter, const ByteSink& sink);

/// Throws InputError where write_file_atomically would fail for the name or the rights: a folder that does
/// not exist or takes no file, a name that is too long. Writes nothing, and what is no plain file is not
/// opened.
void check_writable(const std::string& path);

/// The bytes of a file, decompressed where they are gzip'ed. Throws InputError.
std::string read_file(const std::string& path);

/// What a file holds, without reading it whole.
enum class FileKind { kModel, kData };
FileKind detect_file_kind(const std::string& path);

}  // namespace mixbern
