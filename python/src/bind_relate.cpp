// What predicts components, and what they predict.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <utility>

#include "arrays.hpp"
#include "bindings.hpp"
#include "interruptible.hpp"
#include "known.hpp"
#include "mixbern/mixbern.hpp"
#include "watched_run.hpp"

namespace mixbern::python {

namespace {

using namespace nb::literals;

OutcomeKind kind_named(const std::string& kind) {
  return known(outcome_kind_from_string(kind), "the kind of an outcome", kind,
               "'continuous', 'nominal' or 'count'");
}

void bind_variables(nb::module_& module) {
  nb::class_<Variable>(module, "Variable")
      .def(
          "__init__",
          [](Variable* self, const std::string& name, const Input<double, 1>& values,
             const std::vector<std::string>& categories) {
            new (self) Variable{name, vector_of(values), categories};
          },
          "name"_a, "values"_a, "categories"_a)
      .def_ro("name", &Variable::name)
      .def_ro("categories", &Variable::categories)
      .def_prop_ro("kind",
                   [](const Variable& variable) { return std::string(to_string(likely_kind(variable))); });
  module.def(
      "variable_of",
      [](const std::string& name, std::vector<std::string> cells, bool as_categories) {
        return variable_of({name, std::move(cells)}, as_categories);
      },
      "name"_a, "cells"_a, "as_categories"_a, "A column of a file, with empty cells where it is missing.");
}

void bind_results(nb::module_& module) {
  nb::class_<StepErrors>(module, "StepErrors")
      .def_ro("standard_error", &StepErrors::standard_error)
      .def_ro("step3_standard_error", &StepErrors::step3_standard_error)
      .def_ro("corrected_standard_error", &StepErrors::corrected_standard_error);
  nb::class_<Coefficient>(module, "Coefficient")
      .def_ro("component", &Coefficient::component)
      .def_ro("name", &Coefficient::name)
      .def_ro("estimate", &Coefficient::estimate)
      .def_ro("errors", &Coefficient::errors);
  nb::class_<RelateTest>(module, "RelateTest")
      .def_ro("name", &RelateTest::name)
      .def_ro("statistic", &RelateTest::statistic)
      .def_ro("degrees_of_freedom", &RelateTest::degrees_of_freedom)
      .def_ro("p_value", &RelateTest::p_value)
      .def_ro("adjusted_p_value", &RelateTest::adjusted_p_value);
  nb::class_<RelationBase>(module, "RelationBase")
      .def_prop_ro("method", [](const RelationBase& base) { return std::string(to_string(base.method)); })
      .def_ro("chosen_by_entropy", &RelationBase::chosen_by_entropy)
      .def_prop_ro("one_step_errors",
                   [](const RelationBase& base) {
                     std::optional<std::string> name;
                     if (base.one_step_errors) name = to_string(*base.one_step_errors);
                     return name;
                   })
      .def_ro("log_likelihood", &RelationBase::log_likelihood)
      .def_ro("n_parameters", &RelationBase::n_parameters)
      .def_ro("n_rows", &RelationBase::n_rows)
      .def_ro("n_left_out", &RelationBase::n_left_out)
      .def_ro("converged", &RelationBase::converged)
      .def_ro("n_iter", &RelationBase::n_iter)
      .def_ro("entropy", &RelationBase::entropy)
      .def_ro("classification", &RelationBase::classification)
      .def_ro("warnings", &RelationBase::warnings);
  nb::class_<Relation, RelationBase>(module, "Relation")
      .def_ro("reference", &Relation::reference)
      .def_ro("names", &Relation::names)
      .def_ro("tests", &Relation::tests)
      .def("coefficients", &coefficients, "reference"_a)
      .def(
          "curves",
          [](const Relation& relation, const std::vector<Variable>& variables,
             const std::vector<std::string>& terms) { return membership_curves(relation, variables, terms); },
          "variables"_a, "terms"_a);
  nb::class_<MembershipCurve>(module, "MembershipCurve")
      .def_ro("name", &MembershipCurve::name)
      .def_prop_ro(
          "values", [](const MembershipCurve& curve) { return to_numpy(curve.values); }, nb::rv_policy::move)
      .def_ro("categories", &MembershipCurve::categories)
      .def_prop_ro(
          "shares",
          [](const MembershipCurve& curve) {
            const std::size_t n = curve.values.size();
            return to_numpy(curve.shares, {n, curve.shares.size() / n});
          },
          nb::rv_policy::move);
  nb::class_<ClassOutcome>(module, "ClassOutcome")
      .def_ro("component", &ClassOutcome::component)
      .def_ro("category", &ClassOutcome::category)
      .def_ro("mean", &ClassOutcome::mean)
      .def_ro("variance", &ClassOutcome::variance)
      .def_ro("errors", &ClassOutcome::errors);
  module.def(
      "outcome_interval",
      [](const ClassOutcome& own, const std::string& kind, double level, double degrees_of_freedom) {
        const Interval interval = outcome_interval(own, kind_named(kind), level, degrees_of_freedom);
        return std::pair(interval.lower, interval.upper);
      },
      "own"_a, "kind"_a, "level"_a, "degrees_of_freedom"_a);
  nb::class_<OutcomeRelation, RelationBase>(module, "OutcomeRelation")
      .def_ro("name", &OutcomeRelation::name)
      .def_prop_ro("kind", [](const OutcomeRelation& own) { return std::string(to_string(own.kind)); })
      .def_ro("n_without_outcome", &OutcomeRelation::n_without_outcome)
      .def_ro("classes", &OutcomeRelation::classes)
      .def_ro("tests", &OutcomeRelation::tests);
}

void bind_options(nb::module_& module) {
  nb::class_<RelateOptions>(module, "RelateOptions")
      .def(
          "__init__",
          [](RelateOptions* self, const std::string& method, const std::optional<std::string>& assignment,
             std::size_t reference, const std::optional<std::string>& one_step_errors,
             const Estimation& estimation, const SurveyDesign& design, bool listwise, unsigned threads) {
            new (self) RelateOptions{
                .method = known(relate_method_from_string(method), "method", method,
                                "'auto', 'ml', 'bch', 'two-step' or 'one-step'"),
                .assignment = known_if_given(assignment_from_string, "assignment", assignment,
                                             "'modal' or 'proportional'"),
                .reference = reference,
                .one_step_errors = known_if_given(standard_error_method_from_string, "standard_errors",
                                                  one_step_errors, "'observed', 'opg' or 'sandwich'"),
                .estimation = estimation,
                .design = design,
                .listwise = listwise,
                .threads = threads};
          },
          nb::kw_only(), "method"_a, "assignment"_a.none(), "reference"_a, "one_step_errors"_a.none(),
          "estimation"_a, "design"_a, "listwise"_a, "threads"_a);
}

void bind_relations(nb::module_& module) {
  module.def(
      "relate_covariates",
      [](const Mixture& mixture, const Dataset& data, const std::vector<Variable>& variables,
         const std::vector<std::string>& terms, const RelateOptions& options) {
        return interruptible({nb::find(mixture), nb::find(data)},
                             [&mixture, &data, options, design = design_matrix(variables, terms)] {
                               return relate_covariates(mixture, data, design, options);
                             });
      },
      "mixture"_a, "data"_a, "variables"_a, "terms"_a, "options"_a);
  module.def(
      "relate_outcome",
      [](const Mixture& mixture, const Dataset& data, const Variable& outcome, const std::string& kind,
         const RelateOptions& options) {
        const OutcomeKind chosen = kind_named(kind);
        return interruptible({nb::find(mixture), nb::find(data)},
                             [&mixture, &data, outcome, chosen, options] {
                               return relate_outcome(mixture, data, outcome, chosen, options);
                             });
      },
      "mixture"_a, "data"_a, "outcome"_a, "kind"_a, "options"_a);
}

RelateOptions with_watch(RelateOptions options, Watch* watch) {
  options.watch = watch;
  return options;
}

void bind_replicated_relations(nb::module_& module) {
  module.def(
      "relate_covariates",
      [](const Mixture& mixture, const Dataset& data, const std::vector<Variable>& variables,
         const std::vector<std::string>& terms, const RelateOptions& options,
         const ReplicateWeights& replicates) {
        const DesignMatrix design = design_matrix(variables, terms);
        return watched(nb::none(), nb::none(), [&](Watch* watch) {
          return relate_covariates(mixture, data, design, replicates, with_watch(options, watch));
        });
      },
      "mixture"_a, "data"_a, "variables"_a, "terms"_a, "options"_a, "replicates"_a);
  module.def(
      "relate_outcome",
      [](const Mixture& mixture, const Dataset& data, const Variable& outcome, const std::string& kind,
         const RelateOptions& options, const ReplicateWeights& replicates) {
        const OutcomeKind chosen = kind_named(kind);
        return watched(nb::none(), nb::none(), [&](Watch* watch) {
          return relate_outcome(mixture, data, outcome, chosen, replicates, with_watch(options, watch));
        });
      },
      "mixture"_a, "data"_a, "outcome"_a, "kind"_a, "options"_a, "replicates"_a);
}

}  // namespace

void bind_relate(nb::module_& module) {
  bind_variables(module);
  bind_results(module);
  bind_options(module);
  bind_relations(module);
  bind_replicated_relations(module);
}

}  // namespace mixbern::python
