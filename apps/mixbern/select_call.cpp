#include "select_call.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "held_labels.hpp"

namespace mixbern::app {

namespace {

constexpr std::size_t kSmoothingFolds = 5;

}  // namespace

void refuse_tests(const SelectCall& call) {
  if (call.vlmr) {
    throw std::invalid_argument(
        "--vlmr knows no sampling weights: choose by --criterion bic or --folds, or take weights as so many "
        "equal rows with --weights-kind frequency");
  }
  if (call.blrt_samples > 0) {
    throw std::invalid_argument(
        "--blrt draws rows with equal chances, and with sampling weights the statistic varies more than it "
        "would there: choose by --criterion bic or --folds, or take weights as so many equal rows with "
        "--weights-kind frequency");
  }
}

void check_call(const SelectCall& call) {
  if (!call.groups.free.empty() && !call.groups.given())
    throw std::invalid_argument("--free names items that differ between groups: it needs --groups COLUMN");
  if (call.fit.init == InitMethod::kLabels || call.fit.init == InitMethod::kModel) {
    throw std::invalid_argument(
        fmt::format("select cannot start from a {}: that has one number of components",
                    call.fit.init == InitMethod::kModel ? "model" : "table of labels"));
  }
  if (call.criterion == Criterion::kBlrt && call.blrt_samples == 0)
    throw std::invalid_argument("--criterion blrt needs --blrt B, the number of data sets to draw");
  if (call.criterion == Criterion::kCrossValidation && call.n_folds == 0)
    throw std::invalid_argument(
        "--criterion cv needs --folds F, the number of parts of the cross-validation");
  if (call.weights_kind != WeightsKind::kSampling) return;
  if (call.data.weights.empty())
    throw std::invalid_argument(
        "--weights-kind sampling needs weights: name a column or a file with --weights");
  refuse_tests(call);
}

void check_held_labels(const SelectCall& call, const Dataset& data) {
  if (!call.fit.estimation.semi_supervised) return;
  if (call.blrt_samples > 0) refuse_class_sets(data, "--blrt");
  if (data.labels.empty())
    throw std::invalid_argument("--semi-supervised needs labels: name a column or a file with --labels");
  const std::int64_t largest = largest_class(data);
  if (largest < static_cast<std::int64_t>(call.n_components.front())) return;
  throw std::invalid_argument(fmt::format(
      "the labels are of {0} classes, and with --semi-supervised each has a component of its own: "
      "begin -k at {0}, not {1}",
      static_cast<std::uint64_t>(largest) + 1, call.n_components.front()));
}

SelectOptions select_options(const SelectCall& call) {
  return {.n_components = call.n_components,
          .fit = fit_options_of(call.fit, call.run, call.seed),
          .criterion = call.criterion,
          .vlmr = call.vlmr,
          .n_folds = call.n_folds,
          .smoothing_folds = call.fit.smoothing_by_data ? kSmoothingFolds : 0,
          .blrt_samples = call.blrt_samples};
}

GroupSelectCall group_call(const SelectCall& call) {
  if (call.blrt_samples > 0 || call.vlmr || call.n_folds > 0) {
    throw std::invalid_argument(
        "with --groups there are no --blrt, --vlmr and --folds, whose data sets know no groups; choose by "
        "--criterion bic or another that is computed from the likelihood given the groups");
  }
  if (!call.report.empty()) {
    throw std::invalid_argument(
        "with --groups a report shows one model: mixbern fit -k K --groups COLUMN --report OUT.html");
  }
  StatisticsOptions statistics;
  statistics.weights_kind = call.weights_kind;
  return {.call = {.data = call.data,
                   .fit = call.fit,
                   .run = call.run,
                   .talk = call.talk,
                   .groups = call.groups,
                   .statistics = statistics,
                   .n_components = call.n_components.front(),
                   .seed = call.seed},
          .options = {.n_components = call.n_components, .criterion = call.criterion},
          .model = call.model,
          .table = call.table};
}

}  // namespace mixbern::app
