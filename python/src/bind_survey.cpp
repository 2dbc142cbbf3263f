// How a survey drew its rows: its design, or the replicate weights that it brings along.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "bindings.hpp"
#include "known.hpp"
#include "mixbern/mixbern.hpp"
#include "watched_run.hpp"

namespace mixbern::python {

namespace {

using namespace nb::literals;

void bind_design(nb::module_& module) {
  nb::class_<SurveyDesign>(module, "SurveyDesign")
      .def(
          "__init__",
          [](SurveyDesign* self, const std::vector<std::size_t>& strata,
             const std::vector<std::size_t>& clusters, const std::vector<double>& fpc,
             const std::string& lonely) {
            SurveyDesign design{.strata = strata,
                                .clusters = clusters,
                                .lonely = known(lonely_clusters_from_string(lonely), "lonely", lonely,
                                                "'refuse' or 'adjust'")};
            if (!fpc.empty()) design.fpc = sampled_shares(design, fpc);
            new (self) SurveyDesign(std::move(design));
          },
          "strata"_a, "clusters"_a, "fpc"_a, "lonely"_a)
      .def_prop_ro("given", &SurveyDesign::given);
  module.def(
      "degrees_of_freedom",
      [](const SurveyDesign& design, std::size_t n_rows) {
        return design.given() ? size_of(design, n_rows).degrees_of_freedom()
                              : std::numeric_limits<double>::infinity();
      },
      "design"_a, "n_rows"_a);
  module.def("interval_quantile", &interval_quantile, "level"_a, "degrees_of_freedom"_a);
  module.def("two_sided_p_value", &two_sided_p_value, "ratio"_a, "degrees_of_freedom"_a);
}

void bind_replicates(nb::module_& module) {
  nb::class_<ReplicateWeights>(module, "ReplicateWeights")
      .def(
          "__init__",
          [](ReplicateWeights* self, const std::string& type, double fay,
             std::vector<std::vector<double>> weights, const Dataset& data) {
            const ReplicateKind kind{.type = known(replicate_type_from_string(type), "replicate_type", type,
                                                   "'brr', 'fay:R', 'jk1', 'jkn' or 'bootstrap'"),
                                     .fay = fay};
            new (self) ReplicateWeights(replicate_weights(kind, std::move(weights), data.weights));
          },
          "type"_a, "fay"_a, "weights"_a, "data"_a, "One list a replicate; `data` is the whole sample.")
      .def_prop_ro("degrees_of_freedom",
                   [](const ReplicateWeights& replicates) { return degrees_of_freedom(replicates); });
  module.def(
      "replicate_standard_errors",
      [](const Mixture& mixture, const Dataset& data, const ReplicateWeights& replicates,
         const Estimation& estimation, unsigned threads) {
        return watched(nb::none(), nb::none(), [&](Watch* watch) {
          return replicate_standard_errors(mixture, data, replicates,
                                           {.estimation = estimation, .threads = threads, .watch = watch});
        });
      },
      "mixture"_a, "data"_a, "replicates"_a, nb::kw_only(), "estimation"_a, "threads"_a);
}

}  // namespace

void bind_survey(nb::module_& module) {
  bind_design(module);
  bind_replicates(module);
}

}  // namespace mixbern::python
