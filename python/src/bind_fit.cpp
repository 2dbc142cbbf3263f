// Fits, and the search for the number of components.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <limits>
#include <optional>
#include <stdexcept>

#include "arrays.hpp"
#include "bindings.hpp"
#include "checkpoint_files.hpp"
#include "mixbern/mixbern.hpp"
#include "watched_run.hpp"

namespace mixbern::python {

namespace {

using namespace nb::literals;

template <class T>
T known(std::optional<T> value, const char* option, const std::string& name, const char* names) {
  if (!value) throw std::invalid_argument(std::string(option) + " must be " + names + ", not '" + name + "'");
  return *value;
}

void bind_estimation(nb::module_& module) {
  nb::class_<Estimation>(module, "Estimation")
      .def(
          "__init__",
          [](Estimation* self, double smoothing, const std::string& smoothing_target, bool semi_supervised,
             const std::string& weights_kind) {
            new (self) Estimation{
                .smoothing = smoothing,
                .smoothing_target = known(smoothing_target_from_string(smoothing_target), "smoothing_target",
                                          smoothing_target, "'half' or 'item'"),
                .semi_supervised = semi_supervised,
                .weights_kind = known(weights_kind_from_string(weights_kind), "weights_kind", weights_kind,
                                      "'auto', 'frequency' or 'sampling'")};
          },
          nb::kw_only(), "smoothing"_a, "smoothing_target"_a, "semi_supervised"_a, "weights_kind"_a)
      .def_ro("smoothing", &Estimation::smoothing)
      .def_prop_ro(
          "smoothing_target",
          [](const Estimation& estimation) { return std::string(to_string(estimation.smoothing_target)); })
      .def_ro("semi_supervised", &Estimation::semi_supervised)
      .def_prop_ro("weights_kind", [](const Estimation& estimation) {
        return std::string(to_string(estimation.weights_kind));
      });
}

void bind_options(nb::module_& module) {
  nb::class_<FitOptions>(module, "FitOptions")
      .def(
          "__init__",
          [](FitOptions* self, std::size_t n_components, const std::string& init, std::size_t n_init,
             std::size_t max_iter, std::optional<double> tol, const Constraints& constraints,
             const Estimation& estimation, std::uint64_t seed, unsigned threads, const std::string& precision,
             const std::string& acceleration, std::optional<Mixture> init_model) {
            new (self)
                FitOptions{.n_components = n_components,
                           .init = known(init_method_from_string(init), "init", init,
                                         "'portfolio', 'wide', 'random', 'rows', 'kmeans', 'kmeans++', "
                                         "'labels' or (weights, probabilities)"),
                           .n_init = n_init,
                           .max_iter = max_iter,
                           .tol = tol,
                           .constraints = constraints,
                           .estimation = estimation,
                           .seed = seed,
                           .threads = threads,
                           .precision = known(precision_from_string(precision), "precision", precision,
                                              "'auto', 'fast' or 'double'"),
                           .acceleration = known(acceleration_from_string(acceleration), "acceleration",
                                                 acceleration, "'auto', 'none', 'anderson' or 'newton'"),
                           .init_model = std::move(init_model)};
          },
          nb::kw_only(), "n_components"_a, "init"_a, "n_init"_a, "max_iter"_a, "tol"_a.none(),
          "constraints"_a, "estimation"_a, "seed"_a, "threads"_a, "precision"_a, "acceleration"_a,
          "init_model"_a)
      .def_prop_ro("init", [](const FitOptions& options) { return std::string(to_string(options.init)); })
      .def_ro("n_init", &FitOptions::n_init)
      .def_ro("max_iter", &FitOptions::max_iter)
      .def_ro("tol", &FitOptions::tol)
      .def_ro("estimation", &FitOptions::estimation)
      .def_ro("seed", &FitOptions::seed)
      .def_prop_ro("precision",
                   [](const FitOptions& options) { return std::string(to_string(options.precision)); })
      .def_prop_ro("acceleration",
                   [](const FitOptions& options) { return std::string(to_string(options.acceleration)); });
}

void bind_result(nb::module_& module) {
  nb::class_<FitResult>(module, "FitResult")
      .def_ro("mixture", &FitResult::mixture)
      .def_ro("log_likelihood", &FitResult::log_likelihood)
      .def_ro("total_weight", &FitResult::total_weight)
      .def_ro("n_informative", &FitResult::n_informative)
      .def_ro("n_rows", &FitResult::n_rows)
      .def_ro("n_distinct_rows", &FitResult::n_distinct_rows)
      .def_ro("n_iter", &FitResult::n_iter)
      .def_ro("converged", &FitResult::converged)
      .def_prop_ro("stop_reason",
                   [](const FitResult& result) { return std::string(to_string(result.stop_reason)); })
      .def_ro("n_init", &FitResult::n_init)
      .def_ro("n_init_at_best", &FitResult::n_init_at_best)
      .def_ro("optimum_margin", &FitResult::optimum_margin)
      .def_ro("start_components", &FitResult::start_components)
      .def_prop_ro(
          "log_likelihoods", [](const FitResult& result) { return to_numpy(result.log_likelihoods); },
          nb::rv_policy::move)
      .def_prop_ro(
          "trace", [](const FitResult& result) { return to_numpy(result.trace); }, nb::rv_policy::move)
      .def_ro("total_iterations", &FitResult::total_iterations)
      .def_ro("seconds_init", &FitResult::seconds_init)
      .def_ro("seconds_em", &FitResult::seconds_em)
      .def_ro("threads", &FitResult::threads)
      .def_ro("kernel", &FitResult::kernel)
      .def_ro("options", &FitResult::options)
      .def_ro("warnings", &FitResult::warnings)
      .def_prop_ro("aic", &FitResult::aic)
      .def_prop_ro("bic", &FitResult::bic)
      .def_prop_ro("mean_log_likelihood", &FitResult::mean_log_likelihood)
      .def_prop_ro("optima_warnings", &optima_warnings);
  nb::class_<Optimum>(module, "Optimum")
      .def_ro("log_likelihood", &Optimum::log_likelihood)
      .def_ro("n_init", &Optimum::n_init);
  module.def("fit_record", &fit_record, "fit"_a, "data"_a, "data_name"_a,
             "What a model file says of a fit: JSON.");
  module.def(
      "distinct_optima",
      [](const Input<double, 1>& values, std::optional<double> margin) {
        return distinct_optima(span_of(values), margin);
      },
      "log_likelihoods"_a, "margin"_a = nb::none());
}

auto watched_fit(const Dataset& data, FitOptions options, nb::object on_iteration, nb::object on_tick,
                 const std::string& checkpoint, double checkpoint_every, const std::string& resume) {
  const Checkpointing checkpoints = checkpoint_files(checkpoint, checkpoint_every, resume);
  return watched(std::move(on_iteration), std::move(on_tick), [&](Watch* watch) {
    options.watch = watch;
    return with_checkpoint(resume, [&] { return fit(data, options, checkpoints); });
  });
}

auto watched_choice(const Dataset& data, FitOptions options, nb::object on_iteration, nb::object on_tick) {
  return watched(std::move(on_iteration), std::move(on_tick), [&](Watch* watch) {
    options.watch = watch;
    return choose_smoothing(data, options);
  });
}

void bind_smoothing(nb::module_& module) {
  nb::class_<SmoothingChoice>(module, "SmoothingChoice")
      .def_ro("smoothing", &SmoothingChoice::smoothing)
      .def_ro("n_folds", &SmoothingChoice::n_folds)
      .def_ro("warnings", &SmoothingChoice::warnings);
  module.def("choose_smoothing", &watched_choice, "data"_a, "options"_a, "on_iteration"_a = nb::none(),
             "on_tick"_a = nb::none(), "The choice, and the exception that ended it early or None.");
}

void bind_selection(nb::module_& module) {
  nb::class_<Candidate>(module, "Candidate")
      .def_ro("fit", &Candidate::fit)
      .def_ro("n_parameters", &Candidate::n_parameters)
      .def_ro("classification", &Candidate::classification)
      .def_ro("criteria", &Candidate::criteria)
      .def_ro("goodness_of_fit", &Candidate::goodness_of_fit)
      .def_ro("optima", &Candidate::optima)
      .def_ro("vlmr", &Candidate::vlmr)
      .def_ro("cv_log_likelihood", &Candidate::cv_log_likelihood)
      .def_ro("blrt", &Candidate::blrt)
      .def_ro("warnings", &Candidate::warnings);
  nb::class_<Selection>(module, "Selection")
      .def_ro("candidates", &Selection::candidates)
      .def_ro("best", &Selection::best);
  module.def(
      "select_components",
      [](const Dataset& data, std::vector<std::size_t> n_components, FitOptions fit_options,
         const std::string& criterion, bool vlmr, std::size_t n_folds, std::size_t smoothing_folds,
         std::size_t blrt_samples, double blrt_level, std::size_t n_replications, nb::object on_iteration,
         nb::object on_tick) {
        SelectOptions options{
            .n_components = std::move(n_components),
            .fit = std::move(fit_options),
            .criterion = known(criterion_from_string(criterion), "criterion", criterion,
                               "'aic', 'aic3', 'bic', 'sabic', 'caic', 'icl-bic', 'awe', 'blrt' or 'cv'"),
            .replication = {.n_replications = n_replications},
            .vlmr = vlmr,
            .n_folds = n_folds,
            .smoothing_folds = smoothing_folds,
            .blrt_samples = blrt_samples,
            .blrt_level = blrt_level};
        return watched(std::move(on_iteration), std::move(on_tick), [&](Watch* watch) {
          options.fit.watch = watch;
          return select_components(data, options);
        });
      },
      "data"_a, "n_components"_a, "fit"_a, nb::kw_only(), "criterion"_a, "vlmr"_a, "n_folds"_a,
      "smoothing_folds"_a, "blrt_samples"_a, "blrt_level"_a, "n_replications"_a,
      "on_iteration"_a = nb::none(), "on_tick"_a = nb::none());
}

}  // namespace

void bind_fit(nb::module_& module) {
  bind_estimation(module);
  bind_options(module);
  bind_result(module);
  module.def("fit", &watched_fit, "data"_a, "options"_a, "on_iteration"_a = nb::none(),
             "on_tick"_a = nb::none(), nb::kw_only(), "checkpoint"_a = "", "checkpoint_every"_a = 60.0,
             "resume"_a = "", "The result, and the exception that ended the fit early or None.");
  bind_smoothing(module);
  bind_selection(module);
}

}  // namespace mixbern::python
