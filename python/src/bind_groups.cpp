// Models in groups: fits, tests of invariance, standard errors and statistics.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "bindings.hpp"
#include "checkpoint_files.hpp"
#include "error_options.hpp"
#include "interruptible.hpp"
#include "mixbern/mixbern.hpp"
#include "watched_run.hpp"

namespace mixbern::python {

namespace {

using namespace nb::literals;

// Group k of the variable is label k; rows without a group have the label -1.
void take_groups(Dataset& data, const Variable& groups) {
  if (groups.values.size() != data.n_rows()) throw std::invalid_argument("groups need one value a row");
  std::vector<std::int64_t> labels;
  labels.reserve(groups.values.size());
  for (const double value : groups.values)
    labels.push_back(std::isnan(value) ? -1 : static_cast<std::int64_t>(value));
  data.labels = std::move(labels);
  data.label_names = groups.categories;
}

std::vector<double> probabilities_of(const GroupedModel& model) {
  std::vector<double> all;
  for (const Mixture& mixture : model.mixtures) {
    const auto own = mixture.probabilities();
    all.insert(all.end(), own.begin(), own.end());
  }
  return all;
}

std::size_t n_features_of(const GroupedModel& model) {
  return model.mixtures.front().n_features();
}

void bind_model_in_groups(nb::module_& module) {
  nb::class_<GroupedModel>(module, "GroupedModel")
      .def_ro("group_names", &GroupedModel::group_names)
      .def_prop_ro(
          "group_sizes", [](const GroupedModel& model) { return to_numpy(model.group_sizes); },
          nb::rv_policy::move)
      .def_prop_ro(
          "weights",
          [](const GroupedModel& model) {
            return to_numpy(model.weights, {model.mixtures.size(), model.joint.n_components()});
          },
          nb::rv_policy::move, "[G, K]")
      .def_prop_ro(
          "probabilities",
          [](const GroupedModel& model) {
            return to_numpy(probabilities_of(model),
                            {model.mixtures.size(), model.joint.n_components(), n_features_of(model)});
          },
          nb::rv_policy::move, "[G, K, D]")
      .def_ro("mixtures", &GroupedModel::mixtures)
      .def_ro("joint", &GroupedModel::joint)
      .def_ro("free_items", &GroupedModel::free_items)
      .def_ro("log_likelihood", &GroupedModel::log_likelihood)
      .def_ro("n_parameters", &GroupedModel::n_parameters)
      .def_ro("converged", &GroupedModel::converged)
      .def_ro("n_init", &GroupedModel::n_init)
      .def_ro("n_init_at_best", &GroupedModel::n_init_at_best)
      .def_ro("warnings", &GroupedModel::warnings)
      .def_prop_ro("aic", &GroupedModel::aic)
      .def_prop_ro("bic", &GroupedModel::bic);
}

std::string report_of(const NamedGroups& groups, const Dataset* data, const Estimation& estimation,
                      const SurveyDesign& design, const ReplicateWeights* replicates,
                      const std::string& title, unsigned threads) {
  std::vector<nb::object> kept = {nb::find(groups)};
  if (data != nullptr) kept.push_back(nb::find(*data));
  if (replicates != nullptr) kept.push_back(nb::find(*replicates));
  return interruptible(std::move(kept), [&groups, data, estimation, design, replicates, title, threads] {
    std::optional<GroupedErrors> errors;
    if (replicates != nullptr && data != nullptr) {
      errors = grouped_replicate_errors(groups.model, *data, *replicates,
                                        {.estimation = estimation, .threads = threads});
    } else if (design.given() && data != nullptr) {
      errors = grouped_standard_errors(groups.model, *data,
                                       {.estimation = estimation, .design = design, .threads = threads});
    }
    return report_document(groups, data, errors ? &*errors : nullptr, nullptr, estimation,
                           {.title = title, .threads = threads});
  });
}

void bind_files_of_groups(nb::module_& module) {
  nb::class_<NamedGroups>(module, "NamedGroups", "A model in groups and what its parts are called.")
      .def(
          "__init__",
          [](NamedGroups* self, const GroupedModel& model, std::string column, const Model& items) {
            new (self) NamedGroups{model, std::move(column), items};
          },
          "model"_a, "column"_a, "items"_a)
      .def_ro("model", &NamedGroups::model)
      .def_ro("column", &NamedGroups::column)
      .def_ro("items", &NamedGroups::items);
  module.def("joint_model", &joint_model, "groups"_a, "The model of a file.");
  module.def("stored_groups", &stored_groups, "stored"_a, "What joint_model() made it of, or None.");
  module.def("groups_report", &report_of, "groups"_a, "data"_a.none(), nb::kw_only(), "estimation"_a,
             "design"_a, "replicates"_a.none(), "title"_a, "threads"_a,
             "What a report says of a model in groups: JSON.");
}

void bind_statistics_in_groups(nb::module_& module) {
  nb::class_<GroupedErrors>(module, "GroupedErrors")
      .def_prop_ro("method",
                   [](const GroupedErrors& errors) { return std::string(to_string(errors.method)); })
      .def_prop_ro(
          "weights", [](const GroupedErrors& errors) { return to_numpy(errors.weights); },
          nb::rv_policy::move)
      .def_prop_ro(
          "weights_of_all", [](const GroupedErrors& errors) { return to_numpy(errors.weights_of_all); },
          nb::rv_policy::move)
      .def_prop_ro(
          "probabilities", [](const GroupedErrors& errors) { return to_numpy(errors.probabilities); },
          nb::rv_policy::move)
      .def_prop_ro("identified", [](const GroupedErrors& errors) { return errors.joint.identified(); })
      .def_prop_ro("warnings", [](const GroupedErrors& errors) { return errors.joint.warnings; });
  nb::class_<GroupedBootstrap>(module, "GroupedBootstrap")
      .def_ro("n_samples", &GroupedBootstrap::n_samples)
      .def_prop_ro(
          "weights", [](const GroupedBootstrap& drawn) { return to_numpy(drawn.weights); },
          nb::rv_policy::move)
      .def_prop_ro(
          "weights_of_all", [](const GroupedBootstrap& drawn) { return to_numpy(drawn.weights_of_all); },
          nb::rv_policy::move)
      .def_prop_ro(
          "probabilities", [](const GroupedBootstrap& drawn) { return to_numpy(drawn.probabilities); },
          nb::rv_policy::move)
      .def_ro("g2_p_value", &GroupedBootstrap::g2_p_value)
      .def_ro("x2_p_value", &GroupedBootstrap::x2_p_value)
      .def_ro("cressie_read_p_value", &GroupedBootstrap::cressie_read_p_value);
  nb::class_<GroupedStatistics>(module, "GroupedStatistics")
      .def_ro("classification", &GroupedStatistics::classification)
      .def_ro("criteria", &GroupedStatistics::criteria)
      .def_ro("fit", &GroupedStatistics::fit)
      .def_ro("g2_by_group", &GroupedStatistics::g2_by_group)
      .def_ro("with_groups", &GroupedStatistics::with_groups)
      .def_ro("pairs", &GroupedStatistics::pairs);
}

void bind_invariance(nb::module_& module) {
  nb::class_<InvarianceTest>(module, "InvarianceTest")
      .def_ro("restricted", &InvarianceTest::restricted)
      .def_ro("general", &InvarianceTest::general)
      .def_ro("item", &InvarianceTest::item)
      .def_ro("likelihood_ratio", &InvarianceTest::likelihood_ratio)
      .def_ro("degrees_of_freedom", &InvarianceTest::degrees_of_freedom)
      .def_ro("bootstrap", &InvarianceTest::bootstrap)
      .def_ro("adjusted_p_value", &InvarianceTest::adjusted_p_value)
      .def_ro("score", &InvarianceTest::score)
      .def_ro("score_degrees_of_freedom", &InvarianceTest::score_degrees_of_freedom)
      .def_ro("adjusted_score_p_value", &InvarianceTest::adjusted_score_p_value)
      .def_prop_ro("p_value", &InvarianceTest::p_value);
  nb::class_<NamedModel>(module, "NamedModel")
      .def_ro("name", &NamedModel::name)
      .def_ro("model", &NamedModel::model);
  nb::class_<GroupedSelection>(module, "GroupedSelection")
      .def_ro("models", &GroupedSelection::models)
      .def_ro("selection", &GroupedSelection::selection);
  nb::class_<Invariance>(module, "Invariance")
      .def_ro("models", &Invariance::models)
      .def_ro("tests", &Invariance::tests)
      .def_ro("items", &Invariance::items)
      .def_ro("differing", &Invariance::differing)
      .def_ro("warnings", &Invariance::warnings);
}

auto watched_groups(const Dataset& data, const FreeItems& free_items, FitOptions options,
                    nb::object on_iteration, nb::object on_tick, const std::string& checkpoint,
                    double checkpoint_every, const std::string& resume) {
  const Checkpointing checkpoints = checkpoint_files(checkpoint, checkpoint_every, resume);
  return watched(std::move(on_iteration), std::move(on_tick), [&](Watch* watch) {
    options.watch = watch;
    return with_checkpoint(resume, [&] { return fit_groups(data, free_items, options, checkpoints); });
  });
}

auto watched_invariance(const Dataset& data, FitOptions options, double level, std::size_t n_samples,
                        nb::object on_iteration, nb::object on_tick) {
  return watched(std::move(on_iteration), std::move(on_tick), [&](Watch* watch) {
    options.watch = watch;
    return test_invariance(data, options, {.level = level, .n_samples = n_samples});
  });
}

auto watched_selection(const Dataset& data, const FreeItems& free_items,
                       const std::vector<std::size_t>& n_components, const FitOptions& fit,
                       const std::string& criterion, nb::object on_iteration, nb::object on_tick) {
  const auto known = criterion_from_string(criterion);
  if (!known) throw std::invalid_argument("there is no criterion '" + criterion + "'");
  SelectOptions options{.n_components = n_components, .fit = fit, .criterion = *known};
  return watched(std::move(on_iteration), std::move(on_tick), [&](Watch* watch) {
    options.fit.watch = watch;
    return select_groups(data, free_items, options);
  });
}

GroupedErrors errors_of(const GroupedModel& model, const Dataset& data, const std::string& method,
                        const Estimation& estimation, const SurveyDesign& design, unsigned threads) {
  const StandardErrorOptions options = error_options(method, estimation, design, threads);
  return interruptible({nb::find(model), nb::find(data)},
                       [&model, &data, options] { return grouped_standard_errors(model, data, options); });
}

auto replicated_errors(const GroupedModel& model, const Dataset& data, const ReplicateWeights& replicates,
                       const Estimation& estimation, unsigned threads) {
  return watched(nb::none(), nb::none(), [&](Watch* watch) {
    return grouped_replicate_errors(model, data, replicates,
                                    {.estimation = estimation, .threads = threads, .watch = watch});
  });
}

auto drawn_groups(const GroupedModel& model, const Dataset& data, bool resampling, std::size_t n_samples,
                  std::uint64_t seed, unsigned threads, const Estimation& estimation) {
  const BootstrapKind kind = resampling ? BootstrapKind::kResampling : BootstrapKind::kParametric;
  return watched(nb::none(), nb::none(), [&](Watch* watch) {
    return grouped_bootstrap(
        model, data, kind,
        {.n_samples = n_samples, .seed = seed, .threads = threads, .estimation = estimation, .watch = watch});
  });
}

GroupedStatistics statistics_of(const GroupedModel& model, const Dataset& data, const Estimation& estimation,
                                bool with_pairs, unsigned threads) {
  return interruptible({nb::find(model), nb::find(data)}, [&model, &data, estimation, with_pairs, threads] {
    return grouped_statistics(model, data, estimation, with_pairs, threads);
  });
}

}  // namespace

void bind_groups(nb::module_& module) {
  bind_model_in_groups(module);
  bind_files_of_groups(module);
  bind_statistics_in_groups(module);
  bind_invariance(module);
  module.def("take_groups", &take_groups, "data"_a, "groups"_a, "Makes the groups the labels of `data`.");
  module.def("fit_groups", &watched_groups, "data"_a, "free_items"_a, "options"_a,
             "on_iteration"_a = nb::none(), "on_tick"_a = nb::none(), nb::kw_only(), "checkpoint"_a = "",
             "checkpoint_every"_a = 60.0, "resume"_a = "",
             "The model, and the exception that ended the fit early or None.");
  module.def("test_invariance", &watched_invariance, "data"_a, "options"_a, nb::kw_only(), "level"_a,
             "n_samples"_a, "on_iteration"_a = nb::none(), "on_tick"_a = nb::none());
  module.def("select_groups", &watched_selection, "data"_a, "free_items"_a, "n_components"_a, "fit"_a,
             nb::kw_only(), "criterion"_a, "on_iteration"_a = nb::none(), "on_tick"_a = nb::none());
  module.def("grouped_standard_errors", &errors_of, "model"_a, "data"_a, nb::kw_only(), "method"_a,
             "estimation"_a, "design"_a, "threads"_a);
  module.def("grouped_replicate_errors", &replicated_errors, "model"_a, "data"_a, "replicates"_a,
             nb::kw_only(), "estimation"_a, "threads"_a);
  module.def("grouped_bootstrap", &drawn_groups, "model"_a, "data"_a, nb::kw_only(), "resampling"_a,
             "n_samples"_a, "seed"_a, "threads"_a, "estimation"_a,
             "What was drawn, and the exception that ended it early or None.");
  module.def("grouped_statistics", &statistics_of, "model"_a, "data"_a, nb::kw_only(), "estimation"_a,
             "with_pairs"_a, "threads"_a);
}

}  // namespace mixbern::python
