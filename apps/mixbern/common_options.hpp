// Options that several commands share, each defined once.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mixbern/fit/fit.hpp"
#include "mixbern/io/io.hpp"
#include "parse.hpp"

namespace mixbern::app {

/// Adds an option whose text goes through `take`. `type` is what help shows for the value; alternatives in
/// lower case with bars between them ("yes|no|auto") are offered by shell completion.
CLI::Option* add_value(CLI::App& command, const std::string& names,
                       const std::function<void(const std::string&)>& take, const std::string& type,
                       const std::string& description, const std::string& group);
CLI::Option* add_switch(CLI::App& command, const std::string& names, bool& value,
                        const std::string& description, const std::string& group);
/// An argument without a dash, which has to be given.
CLI::Option* add_argument(CLI::App& command, const std::string& name, std::string& value,
                          const std::string& description);

/// The same for one word or more; `last` is what messages call the last of several, if that is something
/// else.
CLI::Option* add_arguments(CLI::App& command, const std::string& name,
                           const std::function<void(const std::vector<std::string>&)>& take,
                           const std::string& description, const std::string& last = {});

constexpr const char* kDataFormatNames = "idx|npy|csv|mtx|libsvm|fps|packed";
/// Throws std::invalid_argument for a name that is none of them.
DataFormat parse_format(const std::string& option, const std::string& text);

/// Where the data is and how to read it.
struct DataOptions {
  std::vector<std::string> paths;  ///< files, folders, patterns: one data set, row after row
  ReadOptions read;
  std::string weights;        ///< column or file; empty: none
  std::string labels;         ///< column or file; empty: none
  std::string feature_names;  ///< file; empty: none
  bool keeps_others = false;  ///< columns that are not the model's are kept, and no note is needed
  std::optional<ImageShape> shape;
  bool threshold_given() const { return read.threshold.has_value(); }
  /// What messages call it: its path, or the first of several.
  std::string name() const;
};
/// What DATA is used for: rows for a model that exists know their shape and need no labels; rows that are
/// only filled need no weights either.
enum class DataUse { kNewData, kForModel, kForFilling };
void add_data_options(CLI::App& command, DataOptions& options, DataUse use);
inline constexpr const char* kDataWords =
    "Data file, - for standard input; several files, folders and patterns are one data set, row after row";
/// The argument DATA, which has to be given.
CLI::Option* add_data_argument(CLI::App& command, DataOptions& options);

/// --threads and --kernel.
struct RunOptions {
  unsigned threads = 0;
  std::string kernel;
};
void add_run_options(CLI::App& command, RunOptions& options);
void add_threads_option(CLI::App& command, unsigned& threads);

/// --quiet and --json.
struct TalkOptions {
  bool quiet = false;
  bool json = false;
};
void add_talk_options(CLI::App& command, TalkOptions& options);

/// --names; check_component_names throws std::invalid_argument unless there is one for each component, or
/// none.
void add_names_option(CLI::App& command, std::vector<std::string>& names, const std::string& description);
void check_component_names(const std::vector<std::string>& names, std::size_t n_components);

/// Throws std::invalid_argument unless `order` is empty or has each of the components once; with held labels
/// it has to be empty.
void check_component_order(std::vector<std::size_t> order, std::size_t n_components, bool semi_supervised);

void add_seed_option(CLI::App& command, std::uint64_t& seed, const std::string& what_it_decides);

/// -o OUT and --output-format for commands that write rows.
struct OutputOptions {
  std::string path;
  std::optional<DataFormat> format;
};
bool to_standard_output(const OutputOptions& options);
/// Throws std::invalid_argument where rows and the JSON object would both go to standard output.
void require_file_for_json(const OutputOptions& output, const TalkOptions& talk);
void add_row_output_options(CLI::App& command, OutputOptions& options);
void add_output_format_option(CLI::App& command, std::optional<DataFormat>& format);

/// How a mixture is fitted: everything of FitOptions but K, the seed and the threads.
struct FitArguments {
  std::optional<InitMethod> init;
  std::string init_model;
  std::size_t n_init = 0;
  std::size_t max_iter = 0;
  std::optional<double> tol;
  Estimation estimation = {};
  bool smoothing_by_data = false;  ///< choose it by held-out likelihood
  bool smoothing_given = false;
  Acceleration acceleration = Acceleration::kAuto;
  Precision precision = Precision::kAuto;
  std::size_t block_rows = 0;
};
void add_fit_options(CLI::App& command, FitArguments& options);
/// All of it but the number of components, labels and the model to start from.
FitOptions fit_options_of(const FitArguments& arguments, const RunOptions& run, std::uint64_t seed);

}  // namespace mixbern::app
