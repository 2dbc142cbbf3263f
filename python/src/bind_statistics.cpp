// What a mixture and a table say about each other.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cmath>
#include <stdexcept>

#include "arrays.hpp"
#include "bindings.hpp"
#include "error_options.hpp"
#include "interruptible.hpp"
#include "known.hpp"
#include "mixbern/mixbern.hpp"
#include "watched_run.hpp"

namespace mixbern::python {

namespace {

using namespace nb::literals;

// K × D, or K × K: as many rows as `n_rows`.
Array<double, 2> matrix(const std::vector<double>& values, std::size_t n_rows) {
  return to_numpy(values, {n_rows, n_rows == 0 ? 0 : values.size() / n_rows});
}

void bind_criteria(nb::module_& module) {
  nb::class_<Classification>(module, "Classification")
      .def_ro("n", &Classification::n)
      .def_ro("uncertainty", &Classification::uncertainty)
      .def_ro("entropy", &Classification::entropy)
      .def_ro("entropy_r2", &Classification::entropy_r2)
      .def_ro("error", &Classification::error)
      .def_prop_ro(
          "sizes_by_posterior", [](const Classification& c) { return to_numpy(c.sizes_by_posterior); },
          nb::rv_policy::move)
      .def_prop_ro(
          "sizes_by_mode", [](const Classification& c) { return to_numpy(c.sizes_by_mode); },
          nb::rv_policy::move)
      .def_prop_ro(
          "average_posteriors",
          [](const Classification& c) { return matrix(c.average_posteriors, c.sizes_by_mode.size()); },
          nb::rv_policy::move);
  nb::class_<Criteria>(module, "Criteria")
      .def_ro("aic", &Criteria::aic)
      .def_ro("aic3", &Criteria::aic3)
      .def_ro("bic", &Criteria::bic)
      .def_ro("sabic", &Criteria::sabic)
      .def_ro("caic", &Criteria::caic)
      .def_ro("icl_bic", &Criteria::icl_bic)
      .def_ro("awe", &Criteria::awe)
      .def_ro("classification_log_likelihood", &Criteria::classification_log_likelihood);
  module.def("classification", &classification, "mixture"_a, "data"_a, "options"_a,
             nb::call_guard<nb::gil_scoped_release>());
  module.def("criteria", &criteria, "log_likelihood"_a, "n_parameters"_a, "n"_a, "uncertainty"_a);
}

void bind_goodness(nb::module_& module) {
  nb::class_<TestStatistic>(module, "TestStatistic")
      .def_ro("statistic", &TestStatistic::statistic)
      .def_ro("p_value", &TestStatistic::p_value);
  nb::class_<GoodnessOfFit>(module, "GoodnessOfFit")
      .def_ro("n", &GoodnessOfFit::n)
      .def_ro("n_patterns", &GoodnessOfFit::n_patterns)
      .def_ro("n_cells", &GoodnessOfFit::n_cells)
      .def_ro("degrees_of_freedom", &GoodnessOfFit::degrees_of_freedom)
      .def_ro("g2", &GoodnessOfFit::g2)
      .def_ro("x2", &GoodnessOfFit::x2)
      .def_ro("cressie_read", &GoodnessOfFit::cressie_read)
      .def_ro("sparse", &GoodnessOfFit::sparse);
  module.def(
      "goodness_of_fit",
      [](const Mixture& mixture, const Dataset& data, const PosteriorOptions& options, bool sampled) {
        GoodnessOfFit fit = interruptible({nb::find(mixture), nb::find(data)}, [&mixture, &data, options] {
          return goodness_of_fit(mixture, data, options);
        });
        for (TestStatistic* test : {&fit.g2, &fit.x2, &fit.cressie_read})
          if (sampled) test->p_value = std::nan("");
        return fit;
      },
      "mixture"_a, "data"_a, "options"_a, "sampled"_a, "No p-value holds for the weights of a sample.");
  module.def(
      "bivariate_residuals",
      [](const Mixture& mixture, const Dataset& data) {
        return to_numpy(interruptible({nb::find(mixture), nb::find(data)},
                                      [&mixture, &data] { return bivariate_residuals(mixture, data); }));
      },
      "mixture"_a, "data"_a, "Of the pairs (0, 1), (0, 2), ...");
  module.attr("LIKELIHOOD_RATIO_CAUTION") = std::string(kLikelihoodRatioCaution);
  nb::class_<LikelihoodRatioTest>(module, "LikelihoodRatioTest")
      .def_ro("plain", &LikelihoodRatioTest::plain)
      .def_ro("adjusted", &LikelihoodRatioTest::adjusted);
  nb::class_<BootstrapTest>(module, "BootstrapTest")
      .def_ro("statistic", &BootstrapTest::statistic)
      .def_ro("p_value", &BootstrapTest::p_value)
      .def_ro("n_samples", &BootstrapTest::n_samples)
      .def_ro("n_exceeding", &BootstrapTest::n_exceeding)
      .def_ro("n_samples_asked", &BootstrapTest::n_samples_asked)
      .def_prop_ro("ended", [](const BootstrapTest& test) { return std::string(to_string(test.ended)); });
}

void bind_standard_errors(nb::module_& module) {
  nb::class_<StandardErrors>(module, "StandardErrors")
      .def_prop_ro(
          "weights", [](const StandardErrors& errors) { return to_numpy(errors.weights); },
          nb::rv_policy::move)
      .def_prop_ro(
          "probabilities",
          [](const StandardErrors& errors) { return matrix(errors.probabilities, errors.weights.size()); },
          nb::rv_policy::move)
      .def_ro("degrees_of_freedom", &StandardErrors::degrees_of_freedom)
      .def_ro("n_free", &StandardErrors::n_free)
      .def_ro("rank", &StandardErrors::rank)
      .def_prop_ro("identified", &StandardErrors::identified)
      .def_ro("empty_components", &StandardErrors::empty_components)
      .def_ro("boundary", &StandardErrors::boundary)
      .def_ro("warnings", &StandardErrors::warnings);
  module.def(
      "standard_errors",
      [](const Mixture& mixture, const Dataset& data, const std::string& method, const Estimation& estimation,
         const SurveyDesign& design, unsigned threads) {
        return interruptible({nb::find(mixture), nb::find(data)},
                             [&mixture, &data, options = error_options(method, estimation, design, threads)] {
                               return standard_errors(mixture, data, options);
                             });
      },
      "mixture"_a, "data"_a, nb::kw_only(), "method"_a, "estimation"_a, "design"_a, "threads"_a);
  module.def(
      "identification_warnings",
      [](const Mixture& mixture, const Dataset& data, const Estimation& estimation, unsigned threads) {
        const nb::gil_scoped_release released;
        return identification_warnings(mixture, data, {.estimation = estimation, .threads = threads});
      },
      "mixture"_a, "data"_a, nb::kw_only(), "estimation"_a, "threads"_a);
  module.def(
      "logit_interval",
      [](double estimate, double standard_error, double level, double degrees_of_freedom) {
        const Interval interval = logit_interval(estimate, standard_error, level, degrees_of_freedom);
        return std::pair(interval.lower, interval.upper);
      },
      "estimate"_a, "standard_error"_a, "level"_a, "degrees_of_freedom"_a);
  module.def(
      "weights_kind_of", [](const Dataset& data) { return std::string(to_string(weights_kind_of(data))); },
      "data"_a);
  module.def(
      "sampling_weights", [](const Dataset& data) { return to_numpy(sampling_weights(data)); }, "data"_a);
}

void bind_bootstrap(nb::module_& module) {
  nb::class_<BootstrapFit>(module, "BootstrapFit")
      .def_ro("n_samples", &BootstrapFit::n_samples)
      .def_prop_ro(
          "weights", [](const BootstrapFit& fit) { return to_numpy(fit.weights); }, nb::rv_policy::move)
      .def_prop_ro(
          "probabilities",
          [](const BootstrapFit& fit) { return matrix(fit.probabilities, fit.weights.size()); },
          nb::rv_policy::move)
      .def_ro("g2_p_value", &BootstrapFit::g2_p_value)
      .def_ro("x2_p_value", &BootstrapFit::x2_p_value)
      .def_ro("cressie_read_p_value", &BootstrapFit::cressie_read_p_value)
      .def_ro("saturated_p_value", &BootstrapFit::saturated_p_value)
      .def_ro("mcar_p_value", &BootstrapFit::mcar_p_value)
      .def_prop_ro(
          "pair_p_values", [](const BootstrapFit& fit) { return to_numpy(fit.pair_p_values); },
          nb::rv_policy::move);
  module.def(
      "bootstrap_fit",
      [](const Mixture& mixture, const Dataset& data, bool resampling, std::size_t n_samples,
         std::uint64_t seed, unsigned threads, const Estimation& estimation) {
        const BootstrapKind kind = resampling ? BootstrapKind::kResampling : BootstrapKind::kParametric;
        return watched(nb::none(), nb::none(), [&](Watch* watch) {
          const BootstrapOptions options{.n_samples = n_samples,
                                         .seed = seed,
                                         .threads = threads,
                                         .estimation = estimation,
                                         .watch = watch};
          return bootstrap_fit(mixture, data, kind, options);
        });
      },
      "mixture"_a, "data"_a, nb::kw_only(), "resampling"_a, "n_samples"_a, "seed"_a, "threads"_a,
      "estimation"_a);
}

}  // namespace

StandardErrorOptions error_options(const std::string& method, const Estimation& estimation,
                                   const SurveyDesign& design, unsigned threads) {
  return {.method = known(standard_error_method_from_string(method), "method", method,
                          "'observed', 'opg' or 'sandwich'"),
          .estimation = estimation,
          .design = design,
          .threads = threads};
}

void bind_statistics(nb::module_& module) {
  bind_criteria(module);
  bind_goodness(module);
  bind_standard_errors(module);
  bind_bootstrap(module);
}

}  // namespace mixbern::python
