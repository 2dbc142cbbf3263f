// What a report is made from, the same for a fit, a saved model and a search.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mixbern/report/report.hpp"
#include "report/json_parts.hpp"

namespace mixbern::report {

/// What is known of the features. Not owned.
struct Features {
  const std::vector<std::string>& names;
  const std::vector<Coding>& codings;
  std::optional<double> threshold;
  ImageShape shape;
  const std::vector<CategoricalItem>& categorical;
};

/// Sums over the rows, [D].
struct FeatureSums {
  std::vector<double> ones = {}, missing = {};  ///< weight of the rows with a one, with a missing cell
  std::vector<double> n_missing = {};           ///< rows with a missing cell, whatever their weight
  double total_weight = 0;
};

/// The rows and how the report is to be made.
struct Context {
  const Dataset* data;  ///< null: no rows
  const ReportOptions& options;
  Features features;
  std::size_t n_distinct_rows = 0;  ///< as in FitResult
  FeatureSums sums = {};
  std::vector<std::int64_t> labels =
      {};                    ///< those that occur, ascending; empty without labels or with too many
  std::size_t n_labels = 0;  ///< how many occur, even if they are too many
  std::vector<std::size_t> constant_features = {};  ///< never vary among observed cells of rows with a weight
};
Context make_context(const Dataset* data, Features features, const ReportOptions& options);

/// One model. Not owned.
struct Source {
  const Mixture& mixture;
  const FitResult* fit = nullptr;        ///< null: a saved model
  const Candidate* candidate = nullptr;  ///< of a search
  Json record = Json::object();          ///< what the fit recorded; any JSON where a file says so
  std::size_t most_rows = 10'000;        ///< rows in the table
  std::size_t most_traces = 100;  ///< starts with a trace; they are most of a document with many starts

  /// Of the fit, as far as it is recorded. The labels that a saved model held are not at hand.
  Estimation estimation() const;
};

/// A member of the record if it is there and of this kind, else null.
Json recorded_number(const Json& record, const char* name);
Json recorded_text(const Json& record, const char* name);
Json recorded_flag(const Json& record, const char* name);
/// The numbers of a list; NaN for what is none.
std::vector<double> recorded_numbers(const Json& record, const char* name);

/// A Model::fit_record; an empty object where it is no JSON of few levels, as hostile files may have it.
Json parsed_record(const std::string& fit_record);
/// Which estimate the record is of.
Estimation recorded_estimation(const Json& record, double smoothing_if_unknown);

/// Is a sum of weights nothing but rounding?
bool is_nothing(double weight, const FeatureSums& sums);

/// The name of a feature for people.
std::string feature_name(const Features& features, std::size_t d);

}  // namespace mixbern::report
