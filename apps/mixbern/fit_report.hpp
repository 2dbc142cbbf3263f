// What a fit says: for people, as JSON, and as the record in a model file.
#pragma once

#include <string>

#include "agreement_report.hpp"
#include "common_options.hpp"
#include "mixbern/fit/fit.hpp"
#include "mixbern/select/smoothing.hpp"
#include "output.hpp"
#include "statistics_report.hpp"

namespace mixbern::app {

struct FitStory {
  const Dataset& data;
  const FitResult& result;
  std::string data_name;      ///< without folders
  std::string model_path;     ///< where the model goes, later where it is; empty: not saved
  bool starts_given = false;  ///< the number of starts was the user's choice
  double seconds_read = 0;
  double seconds_total = 0;
  std::optional<SmoothingChoice> smoothing = {};  ///< where the data chose it
  std::optional<StandardErrors> standard_errors = {};
  std::optional<BootstrapFit> bootstrap = {};
  std::optional<BootstrapFit> resampling = {};
  std::optional<Statistics> statistics = {};
  std::optional<Agreement> agreement = {};        ///< where the data has labels
  std::string report_path = {};                   ///< empty: not written
  std::vector<std::string> component_names = {};  ///< empty: numbers
};

/// The standard errors to show beside the estimates: those asked for, else those of a bootstrap.
std::optional<StandardErrors> shown_errors(const FitStory& story);

/// Writes the model with the record of its fit to `model_path`; nothing if that is empty. Where that fails,
/// the model goes to a new folder among the temporary files. Returns where it is; empty: nowhere.
std::string save_fitted_model(const FitStory& story, Saves& saves);

Json fit_json(const FitStory& story, bool with_trace);

/// Result and components, for a terminal of the given width.
std::string fit_text(const FitStory& story, std::size_t width, bool to_terminal);

/// " (20 distinct)" of the rows of a fit; empty where they were not counted.
std::string distinct_words(const FitResult& result);

/// Rows and features of a data set in one line; `distinct` comes after the rows,
/// and what the weights are taken as after their sum.
std::string data_line(const Dataset& data, const std::string& name, const std::string& distinct = {},
                      std::optional<WeightsKind> kind = {});

/// Missing cells.
std::size_t count_missing(const Dataset& data);

}  // namespace mixbern::app
