// The report: one JSON document of all that is known of a fit, and the HTML page that draws it.
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/fit/fit.hpp"
#include "mixbern/fit/group_statistics.hpp"
#include "mixbern/io/io.hpp"
#include "mixbern/select/bootstrap.hpp"
#include "mixbern/select/selection.hpp"
#include "mixbern/statistics/goodness_of_fit.hpp"
#include "mixbern/statistics/relate.hpp"
#include "mixbern/statistics/standard_errors.hpp"

namespace mixbern {

/// Predictors and outcomes of the classes of one model. Nothing is owned.
struct Relations {
  const Relation* covariates = nullptr;  ///< may be null
  std::span<const MembershipCurve> curves = {};
  std::span<const OutcomeRelation> outcomes = {};
  double degrees_of_freedom =
      std::numeric_limits<double>::infinity();  ///< of intervals, by a survey's design
};

/// The groups of a model whose joint mixture and data (by_group()) a report shows. Nothing is owned.
struct ReportGroups {
  const GroupedModel* model = nullptr;
  const GroupedErrors* errors = nullptr;          ///< may be null
  const GroupedStatistics* statistics = nullptr;  ///< may be null
  std::string column = {};                        ///< what the groups are
  std::vector<std::string> items = {};            ///< one an item of the groups' data; may be empty
  std::vector<std::string> features = {};         ///< one a feature of the groups' data; may be empty
};

/// What a report says beyond the model and its data. Nothing pointed to is owned.
struct ReportOptions {
  std::string data_name = {};                     ///< should be without folders
  std::string title = {};                         ///< empty: data_name
  std::vector<std::string> component_names = {};  ///< empty: those of the model, else numbers
  std::string created = {};                       ///< ISO date and time, UTC; empty: now
  unsigned threads = 0;                           ///< 0: all processors; never changes a result
  std::optional<double> seconds_read = {};
  std::optional<double> seconds_total = {};
  /// Of the one model; null: those of `resampling`, else of `bootstrap`, else computed where there are at
  /// most 200 parameters.
  const StandardErrors* standard_errors = nullptr;
  const GoodnessOfFit* goodness_of_fit = nullptr;  ///< of the one model; null: computed where it is shown
  const BootstrapFit* bootstrap = nullptr;         ///< of the one model, parametric; may be null
  const BootstrapFit* resampling = nullptr;        ///< of the one model, resampled; may be null
  const Relations* relations = nullptr;            ///< of the one model; may be null
  /// Of the one model; may be null. Its likelihood, criteria and fit are those given the groups then.
  const ReportGroups* groups = nullptr;
  /// Goodness of fit and residuals of the table of all patterns also where that is large; else only up to 64
  /// features and where it takes a tenth of a second at most.
  bool statistics = false;
};

/// The document of docs/report.md, one line of JSON in which no "<" stands: of a fit to `data`; of a saved
/// model, with rows to show it on or without (null); of a search over numbers of components.
///
/// With a saved model that was fitted to sampling weights, weights of the rows are scaled like those.
///
/// Throws std::invalid_argument if features differ. Cost: two passes over the rows for each model, as for
/// classification() and for_each_posterior(), and what ReportOptions says.
std::string report_document(const FitResult& fit, const Dataset& data, const ReportOptions& options = {});
std::string report_document(const Model& model, const Dataset* data, const ReportOptions& options = {});
std::string report_document(const Selection& selection, Criterion criterion, const Dataset& data,
                            const ReportOptions& options = {});

/// The HTML page that draws a document: one file that needs no network. REQUIRES: `document` comes from
/// report_document.
std::string report_page(std::string_view document);

/// Writes report_page(document) as write_file_atomically does. Throws InputError.
void write_report(const std::string& path, std::string_view document);

}  // namespace mixbern
