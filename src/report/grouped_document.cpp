// The report of a model in groups.
#include "mixbern/report/groups.hpp"

namespace mixbern {
namespace {

// What is computed without being asked for.
constexpr std::size_t kFewParameters = 200, kFewFeatures = 64;

}  // namespace

std::string report_document(const NamedGroups& groups, const Dataset* data, const GroupedErrors* errors,
                            const GroupedStatistics* statistics, const Estimation& estimation,
                            const ReportOptions& options) {
  const GroupedModel& model = groups.model;
  std::optional<GroupedErrors> own_errors;
  std::optional<GroupedStatistics> own_statistics;
  if (errors == nullptr && data != nullptr && model.joint.n_parameters() <= kFewParameters) {
    own_errors = grouped_standard_errors(model, *data,
                                         {.method = usual_method(estimation.weights_kind),
                                          .estimation = estimation,
                                          .threads = options.threads});
    errors = &*own_errors;
  }
  if (statistics == nullptr && data != nullptr && data->n_features() <= kFewFeatures) {
    own_statistics = grouped_statistics(model, *data, estimation, true, options.threads);
    statistics = &*own_statistics;
  }
  const ReportGroups section{.model = &model,
                             .errors = errors,
                             .statistics = statistics,
                             .column = groups.column,
                             .items = column_names(groups.items),
                             .features = groups.items.feature_names};
  ReportOptions shown = options;
  shown.groups = &section;
  const Model joint = joint_model(groups);
  if (data == nullptr) return report_document(joint, nullptr, shown);
  const Dataset rows = by_group(*data, model.free_items, groups.column);
  return report_document(joint, &rows, shown);
}

}  // namespace mixbern
