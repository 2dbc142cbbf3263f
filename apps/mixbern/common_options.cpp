#include "common_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "text.hpp"

namespace mixbern::app {

namespace {

constexpr const char* kAccelerationNames = "auto|none|anderson|newton";
constexpr const char* kPrecisionNames = "auto|fast|double";
constexpr const char* kSmoothingTargets = "half|item";
constexpr const char* kInitNames = "portfolio|wide|random|rows|kmeans|kmeans++|labels|model";

InitMethod parse_init(const std::string& text) {
  if (const auto method = init_method_from_string(text)) return *method;
  refuse_choice("--init", text, kInitNames);
}

Acceleration parse_acceleration(const std::string& text) {
  if (const auto acceleration = acceleration_from_string(text)) return *acceleration;
  refuse_choice("--acceleration", text, kAccelerationNames);
}

Precision parse_precision(const std::string& text) {
  if (const auto precision = precision_from_string(text)) return *precision;
  refuse_choice("--precision", text, kPrecisionNames);
}

double parse_tolerance(const std::string& text) {
  const double value = parse_real("--tol", text);
  if (value >= 0) return value;
  throw std::invalid_argument(fmt::format("--tol takes a number of at least 0, not \"{}\"", text));
}

void take_smoothing(const std::string& text, FitArguments& options) {
  options.smoothing_by_data = text == "auto";
  options.smoothing_given = true;
  if (options.smoothing_by_data) return;
  options.estimation.smoothing = parse_real("--smoothing", text, "a number of at least 0, or auto");
  if (options.estimation.smoothing >= 0) return;
  throw std::invalid_argument(fmt::format(
      "--smoothing takes a number of at least 0, or auto, not \"{}\"; 0 is exact maximum likelihood", text));
}

SmoothingTarget parse_smoothing_target(const std::string& text) {
  if (const auto target = smoothing_target_from_string(text)) return *target;
  refuse_choice("--smoothing-target", text, kSmoothingTargets);
}

/// Often a shell variable that was never set: better told than taken for what was left out.
void refuse_empty_name(const std::string& option, const std::string& text) {
  if (text.empty())
    throw std::invalid_argument(fmt::format("{} needs the name of a file, not an empty text", option));
}

}  // namespace

DataFormat parse_format(const std::string& option, const std::string& text) {
  if (const auto format = data_format_from_string(text)) return *format;
  refuse_choice(option, text, kDataFormatNames);
}

CLI::Option* add_value(CLI::App& command, const std::string& names,
                       const std::function<void(const std::string&)>& take, const std::string& type,
                       const std::string& description, const std::string& group) {
  const bool is_name = type == "OUT" || type.find("FILE") != std::string::npos;
  const auto take_checked = [names, take, is_name](const std::string& text) {
    if (is_name) refuse_empty_name(names, text);
    take(text);
  };
  return command.add_option_function<std::string>(names, take_checked, description)
      ->type_name(type)
      ->group(group);
}

CLI::Option* add_switch(CLI::App& command, const std::string& names, bool& value,
                        const std::string& description, const std::string& group) {
  return command.add_flag(names, value, description)->group(group);
}

CLI::Option* add_argument(CLI::App& command, const std::string& name, std::string& value,
                          const std::string& description) {
  const auto take = [name, &value](const std::string& text) {
    refuse_empty_name(name, text);
    value = text;
  };
  return command.add_option_function<std::string>(name, take, description)->required()->group("Arguments");
}

CLI::Option* add_arguments(CLI::App& command, const std::string& name,
                           const std::function<void(const std::vector<std::string>&)>& take,
                           const std::string& description, const std::string& last) {
  const auto take_checked = [name, take, last](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      const bool is_last = !last.empty() && texts.size() > 1 && &text == &texts.back();
      refuse_empty_name(is_last ? last : name, text);
    }
    take(texts);
  };
  return command.add_option_function<std::vector<std::string>>(name, take_checked, description)
      ->required()
      ->group("Arguments");
}

void add_threads_option(CLI::App& command, unsigned& threads) {
  add_value(
      command, "--threads",
      [&threads](const std::string& text) {
        threads = static_cast<unsigned>(parse_count("--threads", text, 0, 4096));
      },
      "N", "Threads; never changes a result [0: one a processor]", "Running");
}

void add_run_options(CLI::App& command, RunOptions& options) {
  add_threads_option(command, options.threads);
  add_value(
      command, "--kernel", [&options](const std::string& text) { options.kernel = text; }, "NAME",
      "Inner loops to use, see 'mixbern kernels' [$MIXBERN_KERNEL, else the best one]", "Running");
}

void add_talk_options(CLI::App& command, TalkOptions& options) {
  add_switch(command, "--json", options.json, "Print one JSON object instead of text", "Output");
  add_switch(command, "--quiet", options.quiet, "No progress, notes and warnings on standard error",
             "Output");
}

void add_names_option(CLI::App& command, std::vector<std::string>& names, const std::string& description) {
  add_value(
      command, "--names", [&names](const std::string& text) { names = parse_names("--names", text); },
      "A,B,C", description, "Model");
}

void check_component_names(const std::vector<std::string>& names, std::size_t n_components) {
  if (names.empty()) return;
  for (const std::string& name : names) {
    if (std::ranges::count(names, name) > 1)
      throw std::invalid_argument(
          fmt::format("--names calls two components \"{}\"; give each a name of its own", name));
  }
  if (names.size() == n_components) return;
  throw std::invalid_argument(
      fmt::format("--names has {} for {}; give one for each, with commas between them",
                  counted(names.size(), "name"), counted(n_components, "component")));
}

void check_component_order(std::vector<std::size_t> order, std::size_t n_components, bool semi_supervised) {
  if (order.empty()) return;
  if (semi_supervised)
    throw std::invalid_argument(
        "--order and --semi-supervised exclude each other: there components have the order of the labels");
  std::ranges::sort(order);
  bool whole = order.size() == n_components;
  for (std::size_t k = 0; k < order.size(); ++k) whole = whole && order[k] == k;
  if (whole) return;
  throw std::invalid_argument(fmt::format("--order takes each number from 1 to {} once, as in {}",
                                          n_components, n_components > 2 ? "3,1,2" : "2,1"));
}

void add_seed_option(CLI::App& command, std::uint64_t& seed, const std::string& what_it_decides) {
  add_value(
      command, "--seed", [&seed](const std::string& text) { seed = parse_seed("--seed", text); }, "S",
      what_it_decides + " [0]", "Running");
}

void add_output_format_option(CLI::App& command, std::optional<DataFormat>& format) {
  add_value(
      command, "--output-format",
      [&format](const std::string& text) { format = parse_format("--output-format", text); },
      kDataFormatNames, "Format of what is written [by its name; csv on standard output]", "Output");
}

bool to_standard_output(const OutputOptions& options) {
  return options.path.empty() || options.path == "-";
}

void require_file_for_json(const OutputOptions& output, const TalkOptions& talk) {
  if (talk.json && to_standard_output(output)) {
    throw std::invalid_argument(
        "--json prints one object, so the rows need a file of their own: give -o OUT");
  }
}

void add_row_output_options(CLI::App& command, OutputOptions& options) {
  add_value(
      command, "-o,--output", [&options](const std::string& text) { options.path = text; }, "OUT",
      "File to write, in the format of its name (.csv .tsv .npy .mtx .svm .fps .safetensors, each also .gz) "
      "[standard output]",
      "Output");
  add_output_format_option(command, options.format);
}

void add_fit_options(CLI::App& command, FitArguments& options) {
  add_value(
      command, "--init", [&options](const std::string& text) { options.init = parse_init(text); }, kInitNames,
      "How the first parameters are found [portfolio; labels with --labels of one class each, model with "
      "--init-model]",
      "Starts");
  add_value(
      command, "--init-model", [&options](const std::string& text) { options.init_model = text; }, "FILE",
      "Start from this model", "Starts");
  add_value(
      command, "--n-init",
      [&options](const std::string& text) { options.n_init = parse_count("--n-init", text, 1, 100'000); },
      "R", "Number of starts [by the size of the work, more where they are cheap]", "Starts");
  add_switch(
      command, "--semi-supervised", options.estimation.semi_supervised,
      "Rows with a known label keep it, and those with some, as in 1|3, are of one of these (needs labels)",
      "Starts");
  add_value(
      command, "--max-iter",
      [&options](const std::string& text) {
        options.max_iter = parse_count("--max-iter", text, 1, SIZE_MAX);
      },
      "N", "Iterations a start at most [10000; 100000 where they are cheap]", "Fitting");
  add_value(
      command, "--tol", [&options](const std::string& text) { options.tol = parse_tolerance(text); }, "T",
      "Stop when the mean log-likelihood a row will not gain more than T; 0 runs to --max-iter [1e-6; "
      "tighter "
      "where iterations are cheap]",
      "Fitting");
  add_value(
      command, "--smoothing", [&options](const std::string& text) { take_smoothing(text, options); },
      "A|auto",
      "Pseudo-count added to the ones and to the zeros of every cell and to every component; 0 is exact "
      "maximum likelihood, auto chooses what predicts held-out rows best [1e-6]",
      "Fitting");
  add_value(
      command, "--smoothing-target",
      [&options](const std::string& text) {
        options.estimation.smoothing_target = parse_smoothing_target(text);
      },
      kSmoothingTargets,
      "What smoothing pulls probabilities toward: 1/2, or the mean of the item over all rows [half]",
      "Fitting");
  add_value(
      command, "--acceleration,--accelerate",
      [&options](const std::string& text) { options.acceleration = parse_acceleration(text); },
      kAccelerationNames,
      "Fewer iterations by extrapolation from the last ones, or by Newton's method; none is plain EM [auto: "
      "anderson, and newton for a small table where that is slow]",
      "Fitting");
  add_value(
      command, "--precision",
      [&options](const std::string& text) { options.precision = parse_precision(text); }, kPrecisionNames,
      "Arithmetic of the iterations; what is reported is always in double precision [auto: fast where the "
      "data is large and smoothing is not 0]",
      "Fitting");
  add_value(
      command, "--block-rows",
      [&options](const std::string& text) {
        options.block_rows = parse_count("--block-rows", text, 1, SIZE_MAX);
      },
      "N", "Rows a block of work; never changes a result [by the size of the data]", "Expert");
}

FitOptions fit_options_of(const FitArguments& arguments, const RunOptions& run, std::uint64_t seed) {
  return {.init = arguments.init.value_or(InitMethod::kPortfolio),
          .n_init = arguments.n_init,
          .max_iter = arguments.max_iter,
          .tol = arguments.tol,
          .estimation = arguments.estimation,
          .seed = seed,
          .threads = run.threads,
          .block_rows = arguments.block_rows,
          .precision = arguments.precision,
          .acceleration = arguments.acceleration};
}

}  // namespace mixbern::app
