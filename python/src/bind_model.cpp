// Mixtures: what they say of rows, and their files.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <stdexcept>

#include "arrays.hpp"
#include "bindings.hpp"
#include "codings.hpp"
#include "interruptible.hpp"
#include "mixbern/io/io.hpp"
#include "mixbern/mixture/fixed.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "mixbern/report/report.hpp"

namespace mixbern::python {

namespace {

using namespace nb::literals;

Mixture make_mixture(const Input<double, 1>& weights, const Input<double, 2>& probabilities,
                     const ItemTuples& categorical, const Constraints& constraints) {
  const Items items(probabilities.shape(1), to_items(categorical));
  return Mixture(vector_of(weights), vector_of(probabilities), items,
                 Ties(constraints, probabilities.shape(0), probabilities.shape(1), items));
}

Array<double, 2> probabilities_of(const Mixture& mixture) {
  const auto values = mixture.probabilities();
  return to_numpy(std::vector<double>(values.begin(), values.end()),
                  {mixture.n_components(), mixture.n_features()});
}

Array<double, 2> responsibilities(const Mixture& mixture, const Dataset& data,
                                  const PosteriorOptions& options) {
  std::vector<double> values(data.n_rows() * mixture.n_components());
  {
    const nb::gil_scoped_release released;
    for_each_posterior(mixture, data, options, [&](const PosteriorBlock& block) {
      std::copy(block.responsibilities.begin(), block.responsibilities.end(),
                values.begin() + static_cast<std::ptrdiff_t>(block.first_row * mixture.n_components()));
    });
  }
  return to_numpy(std::move(values), {data.n_rows(), mixture.n_components()});
}

Array<std::int64_t, 1> components(const Mixture& mixture, const Dataset& data,
                                  const PosteriorOptions& options) {
  std::vector<std::int64_t> result(data.n_rows());
  {
    const nb::gil_scoped_release released;
    const std::size_t n_components = mixture.n_components();
    for_each_posterior(mixture, data, options, [&](const PosteriorBlock& block) {
      for (std::size_t i = 0; i < block.n_rows; ++i) {
        const auto row = block.responsibilities.subspan(i * n_components, n_components);
        result[block.first_row + i] = std::max_element(row.begin(), row.end()) - row.begin();
      }
    });
  }
  return to_numpy(std::move(result));
}

Array<double, 1> log_likelihoods(const Mixture& mixture, const Dataset& data,
                                 const PosteriorOptions& options) {
  std::vector<double> values(data.n_rows());
  {
    const nb::gil_scoped_release released;
    for_each_posterior(mixture, data, options, [&](const PosteriorBlock& block) {
      std::copy(block.log_likelihoods.begin(), block.log_likelihoods.end(),
                values.begin() + static_cast<std::ptrdiff_t>(block.first_row));
    });
  }
  return to_numpy(std::move(values));
}

ImputeMethod impute_method(const std::string& name) {
  if (name == "mode") return ImputeMethod::kMode;
  if (name == "draw") return ImputeMethod::kDraw;
  throw std::invalid_argument("method must be 'mode' or 'draw', not '" + name + "'");
}

std::vector<bool> fixed_weights(const Mixture& mixture) {
  std::vector<bool> fixed;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) fixed.push_back(is_fixed_weight(mixture, k));
  return fixed;
}

void bind_mixture(nb::module_& module) {
  nb::class_<Mixture>(module, "Mixture")
      .def(
          "__init__",
          [](Mixture* self, const Input<double, 1>& weights, const Input<double, 2>& probabilities,
             const ItemTuples& categorical, const Constraints& constraints) {
            new (self) Mixture(make_mixture(weights, probabilities, categorical, constraints));
          },
          "weights"_a, "probabilities"_a, "categorical"_a, "constraints"_a)
      .def_prop_ro("constraints", [](const Mixture& mixture) { return mixture.ties().constraints(); })
      .def_prop_ro("n_parameters", &Mixture::n_parameters)
      .def_prop_ro("fixed_weights", &fixed_weights, "[K] whether it is known whatever the data")
      .def_prop_ro("fixed_probabilities", &fixed_probabilities, "[K * D] the same")
      .def_prop_ro(
          "weights", [](const Mixture& mixture) { return to_numpy(mixture.weights()); }, nb::rv_policy::move)
      .def_prop_ro("probabilities", &probabilities_of, nb::rv_policy::move);
  nb::class_<PosteriorOptions>(module, "PosteriorOptions")
      .def(
          "__init__",
          [](PosteriorOptions* self, unsigned threads, bool semi_supervised) {
            new (self) PosteriorOptions{.threads = threads, .semi_supervised = semi_supervised};
          },
          "threads"_a = 0, "semi_supervised"_a = false);
  module.def("responsibilities", &responsibilities, "mixture"_a, "data"_a, "options"_a,
             "Posterior of each component for each row.");
  module.def("components", &components, "mixture"_a, "data"_a, "options"_a,
             "The most probable component of each row.");
  module.def("log_likelihoods", &log_likelihoods, "mixture"_a, "data"_a, "options"_a,
             "log p of each row, without its weight.");
  module.def("log_likelihood", &log_likelihood, "mixture"_a, "data"_a, "options"_a,
             nb::call_guard<nb::gil_scoped_release>(), "Weighted sum of log p of the rows.");
  module.def("sample", &sample, "mixture"_a, "n_rows"_a, "seed"_a, nb::call_guard<nb::gil_scoped_release>());
  module.def(
      "impute",
      [](const Mixture& mixture, const Dataset& data, const std::string& method, std::uint64_t seed) {
        return impute(mixture, data, impute_method(method), seed);
      },
      "mixture"_a, "data"_a, "method"_a, "seed"_a, nb::call_guard<nb::gil_scoped_release>());
}

void bind_model_files(nb::module_& module) {
  nb::class_<Model>(module, "Model", "What a model file holds.")
      .def(
          "__init__",
          [](Model* self, const Mixture& mixture, std::vector<std::string> feature_names,
             const CodingPairs& codings, std::optional<double> threshold, const ShapePair& shape,
             std::string fit_record, std::vector<std::string> missing_codes,
             std::vector<std::string> component_names, const ItemTuples& categorical) {
            new (self) Model{.mixture = mixture,
                             .feature_names = std::move(feature_names),
                             .codings = to_codings(codings),
                             .threshold = threshold,
                             .shape = to_shape(shape),
                             .fit_record = std::move(fit_record),
                             .missing_codes = std::move(missing_codes),
                             .component_names = std::move(component_names),
                             .categorical = to_items(categorical)};
          },
          "mixture"_a, "feature_names"_a, "codings"_a, "threshold"_a, "shape"_a, "fit_record"_a,
          "missing_codes"_a, "component_names"_a, "categorical"_a)
      .def_ro("mixture", &Model::mixture)
      .def_ro("feature_names", &Model::feature_names)
      .def_prop_ro("codings", [](const Model& model) { return to_pairs(model.codings); })
      .def_ro("threshold", &Model::threshold)
      .def_prop_ro("shape", [](const Model& model) { return to_pair(model.shape); })
      .def_ro("fit_record", &Model::fit_record)
      .def_ro("missing_codes", &Model::missing_codes)
      .def_ro("component_names", &Model::component_names)
      .def_prop_ro("column_names", [](const Model& model) { return column_names(model); })
      .def_prop_ro("categorical", [](const Model& model) { return to_tuples(model.categorical); });
  module.def("save_model", &save_model, "path"_a, "model"_a, nb::call_guard<nb::gil_scoped_release>());
  module.def("load_model", nb::overload_cast<const std::string&>(&load_model), "path"_a,
             nb::call_guard<nb::gil_scoped_release>());
}

void bind_reports(nb::module_& module) {
  module.def(
      "model_report",
      [](const Model& model, const Dataset* data, const std::string& title, bool statistics,
         unsigned threads) {
        std::vector<nb::object> kept = {nb::find(model)};
        if (data != nullptr) kept.push_back(nb::find(*data));
        return interruptible(std::move(kept), [&model, data, title, threads, statistics] {
          return report_document(model, data, {.title = title, .threads = threads, .statistics = statistics});
        });
      },
      "model"_a, "data"_a.none(), nb::kw_only(), "title"_a, "statistics"_a, "threads"_a,
      "What a report says of a model, and of rows where there are any: JSON.");
  module.def(
      "selection_report",
      [](const Selection& selection, const std::string& criterion, const Dataset& data,
         const std::string& title, unsigned threads) {
        const auto known = criterion_from_string(criterion);
        if (!known) throw std::invalid_argument("there is no criterion '" + criterion + "'");
        return interruptible(
            {nb::find(selection), nb::find(data)}, [&selection, known, &data, title, threads] {
              return report_document(selection, *known, data, {.title = title, .threads = threads});
            });
      },
      "selection"_a, "criterion"_a, "data"_a, nb::kw_only(), "title"_a, "threads"_a);
  module.def(
      "write_report",
      [](const std::string& path, const std::string& document) { write_report(path, document); }, "path"_a,
      "document"_a, nb::call_guard<nb::gil_scoped_release>(), "Writes the page that draws a document.");
}

}  // namespace

void bind_model(nb::module_& module) {
  bind_mixture(module);
  bind_model_files(module);
  bind_reports(module);
}

}  // namespace mixbern::python
