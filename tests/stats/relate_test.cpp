// Predictors and outcomes of classes, against published numbers and what the data cannot tell.
#include "mixbern/statistics/relate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "mixbern/io/columns.hpp"
#include "support.hpp"

namespace mixbern {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

Variable column(const std::string& file, const std::string& name) {
  return variable_of(read_columns({file}, {name}).front());
}

std::string shipped(const std::string& name) {
  return std::string(MIXBERN_DATA_DIR) + "/" + name;
}

FitResult fitted(const Dataset& data, std::size_t n_components) {
  FitOptions options;
  options.n_components = n_components;
  options.seed = 1;
  return fit(data, options);
}

// Four items about cheating and the grade point average.
struct Cheating {
  Dataset data = table("cheating");
  FitResult model = fitted(data, 2);
  Variable gpa = column(shipped("cheating.csv"), "GPA");

  Relation relate(const RelateOptions& options) const {
    const std::vector<Variable> variables = {gpa};
    const std::vector<std::string> terms = {"GPA"};
    return relate_covariates(model.mixture, data, design_matrix(variables, terms), options);
  }
};

const Cheating& cheating() {
  static const Cheating cheating;
  return cheating;
}

struct Published {
  RelateMethod method;
  Assignment assignment;
  double intercept, slope;
  double intercept_error, slope_error;  // all steps
  double intercept_step3, slope_step3;  // the last one
};

std::string name_of_case(const ::testing::TestParamInfo<Published>& info) {
  std::string name =
      std::string(to_string(info.param.method)) + "_" + std::string(to_string(info.param.assignment));
  std::ranges::replace(name, '-', '_');
  return name;
}

class PublishedRelations : public ::testing::TestWithParam<Published> {};

TEST_P(PublishedRelations, AreFound) {
  const Published& known = GetParam();
  RelateOptions options;
  options.method = known.method;
  options.assignment = known.assignment;
  const Relation relation = cheating().relate(options);
  const std::vector<Coefficient> found = coefficients(relation, 1);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(relation.n_rows, 315U);
  EXPECT_EQ(relation.n_left_out, 4U);
  EXPECT_EQ(relation.n_rows_of_model, 319U);
  EXPECT_TRUE(relation.converged);
  EXPECT_EQ(found[1].name, "GPA");
  EXPECT_NEAR(found[0].estimate, known.intercept, 2e-6);
  EXPECT_NEAR(found[1].estimate, known.slope, 2e-6);
  EXPECT_NEAR(found[0].errors.standard_error, known.intercept_error, 6e-5);
  EXPECT_NEAR(found[1].errors.standard_error, known.slope_error, 6e-5);
  EXPECT_NEAR(found[0].errors.step3_standard_error, known.intercept_step3, 6e-5);
  EXPECT_NEAR(found[1].errors.step3_standard_error, known.slope_step3, 6e-5);
}

constexpr auto kModal = Assignment::kModal;
constexpr auto kProportional = Assignment::kProportional;
INSTANTIATE_TEST_SUITE_P(
    Cheating, PublishedRelations,
    ::testing::Values(
        Published{RelateMethod::kOneStep, kModal, -0.113422, 0.842485, .5237, .2686, .5237, .2686},
        Published{RelateMethod::kTwoStep, kModal, 0.041076, 0.807424, .5745, .3005, .4497, .2493},
        Published{RelateMethod::kMl, kModal, 0.240818, 0.697689, .4734, .3684, .4603, .2547},
        Published{RelateMethod::kMl, kProportional, 0.100864, 0.779002, .5349, .3120, .4452, .2502},
        Published{RelateMethod::kBch, kModal, 0.227212, 0.707075, .5015, .4465, .4937, .2822},
        Published{RelateMethod::kBch, kProportional, 0.078201, 0.795321, .4967, .3973, .4693, .2720}),
    name_of_case);

TEST(Relate, CorrectsTheLastStepForTheModelsErrorsToo) {
  const auto slope = [](Assignment assignment) {
    RelateOptions options;
    options.assignment = assignment;
    return coefficients(cheating().relate(options), 1)[1].errors.corrected_standard_error;
  };
  EXPECT_NEAR(slope(kModal), .3603, 6e-5);
  EXPECT_NEAR(slope(kProportional), .3002, 6e-5);
}

TEST(Relate, OneStepHasTheLikelihoodAndErrorsThatArePublished) {
  RelateOptions options;
  options.method = RelateMethod::kOneStep;
  const auto slope_error = [&](StandardErrorMethod errors) {
    options.one_step_errors = errors;
    return coefficients(cheating().relate(options), 1)[1].errors.standard_error;
  };
  EXPECT_NEAR(slope_error(StandardErrorMethod::kOuterProduct), .2813, 6e-5);
  EXPECT_NEAR(slope_error(StandardErrorMethod::kSandwich), .2640, 6e-5);
  const Relation relation = cheating().relate(options);
  EXPECT_NEAR(relation.log_likelihood, -429.638384, 2e-6);
  EXPECT_EQ(relation.n_parameters, 10U);
  ASSERT_TRUE(relation.mixture.has_value());
}

TEST(Relate, FindsTheOutcomesOfClasses) {
  RelateOptions options;
  options.listwise = true;
  const OutcomeRelation ml = relate_outcome(cheating().model.mixture, cheating().data, cheating().gpa,
                                            OutcomeKind::kContinuous, options);
  ASSERT_EQ(ml.classes.size(), 2U);
  EXPECT_NEAR(ml.classes[0].mean, 2.5242, 6e-5);
  EXPECT_NEAR(ml.classes[1].mean, 1.3567, 6e-5);
  EXPECT_NEAR(ml.classes[0].errors.step3_standard_error, .0837, 6e-5);
  EXPECT_NEAR(ml.classes[1].errors.step3_standard_error, .1077, 6e-5);
  EXPECT_NEAR(ml.tests.front().step3_statistic, 69.51, 6e-3);
  options.method = RelateMethod::kBch;
  const OutcomeRelation bch = relate_outcome(cheating().model.mixture, cheating().data, cheating().gpa,
                                             OutcomeKind::kContinuous, options);
  EXPECT_NEAR(bch.classes[0].mean, 2.4629, 6e-5);
  EXPECT_NEAR(bch.classes[1].mean, 1.6310, 6e-5);
  EXPECT_NEAR(bch.classes[0].errors.step3_standard_error, .0845, 6e-5);
  EXPECT_NEAR(bch.classes[1].errors.step3_standard_error, .1851, 6e-5);
}

TEST(Relate, ReferencesOnlyChangeHowItIsTold) {
  RelateOptions options;
  const Relation last = cheating().relate(options);
  options.reference = 0;
  const Relation first = cheating().relate(options);
  EXPECT_NEAR(last.log_likelihood, first.log_likelihood, 1e-9);
  const auto a = coefficients(last, 0), b = coefficients(first, 0);
  EXPECT_NEAR(a[1].estimate, b[1].estimate, 1e-7);
  EXPECT_NEAR(a[1].errors.standard_error, b[1].errors.standard_error, 1e-7);
  EXPECT_NEAR(a[1].estimate, -coefficients(last, 1)[1].estimate, 1e-12);
}

TEST(Relate, CountsARowAsOftenAsItsFrequencySays) {
  Cheating twice = cheating();
  twice.data.weights.assign(twice.data.n_rows(), 2.0);
  for (const RelateMethod method :
       {RelateMethod::kMl, RelateMethod::kBch, RelateMethod::kTwoStep, RelateMethod::kOneStep}) {
    RelateOptions options;
    options.method = method;
    const auto once = coefficients(cheating().relate(options), 1)[1];
    const auto doubled = coefficients(twice.relate(options), 1)[1];
    EXPECT_NEAR(doubled.estimate, once.estimate, 1e-5);
    EXPECT_NEAR(doubled.errors.standard_error, once.errors.standard_error / std::sqrt(2), 1e-5);
  }
}

TEST(Relate, RowsAsClustersAreNoDesign) {
  RelateOptions options;
  const auto plain = coefficients(cheating().relate(options), 1)[1].errors;
  for (std::size_t i = 0; i < cheating().data.n_rows(); ++i) options.design.clusters.push_back(i);
  const auto clustered = coefficients(cheating().relate(options), 1)[1].errors;
  const double n = 319;
  EXPECT_NEAR(clustered.standard_error, plain.standard_error * std::sqrt(n / (n - 1)), 1e-5);
}

TEST(Relate, LeavesOutWhatSaysNothingNew) {
  const std::vector<Variable> variables = {
      cheating().gpa, {.name = "one", .values = std::vector<double>(cheating().data.n_rows(), 7.0)}};
  const std::vector<std::string> terms = {"GPA", "one"};
  const Relation relation = relate_covariates(cheating().model.mixture, cheating().data,
                                              design_matrix(variables, terms), RelateOptions{});
  EXPECT_EQ(relation.names, (std::vector<std::string>{"intercept", "GPA"}));
  EXPECT_THAT(relation.warnings, Contains(HasSubstr("'one' is constant")));
  EXPECT_NEAR(coefficients(relation, 1)[1].estimate, 0.697689, 2e-6);
}

TEST(Relate, SaysWhereACovariateSeparatesClasses) {
  Variable assigned{.name = "assigned"};
  for_each_posterior(cheating().model.mixture, cheating().data, {}, [&](const PosteriorBlock& block) {
    for (std::size_t i = 0; i < block.n_rows; ++i)
      assigned.values.push_back(block.responsibilities[2 * i] < .5 ? 1 : 0);
  });
  const std::vector<Variable> variables = {assigned};
  const std::vector<std::string> terms = {"assigned"};
  RelateOptions options;
  options.method = RelateMethod::kMl;
  const Relation relation =
      relate_covariates(cheating().model.mixture, cheating().data, design_matrix(variables, terms), options);
  EXPECT_LT(relation.n_iter, 200U);
  for (const double value : relation.estimates) EXPECT_TRUE(std::isfinite(value));
  for (const double value : relation.covariance) EXPECT_TRUE(std::isfinite(value));
  EXPECT_THAT(relation.warnings, Contains(HasSubstr("grows without bound")));
}

TEST(Relate, RefusesWhatCannotBeRelated) {
  const Mixture& mixture = cheating().model.mixture;
  const Dataset& data = cheating().data;
  const Mixture one({1.0}, {.5, .5, .5, .5});
  EXPECT_THROW(relate_outcome(one, data, cheating().gpa, OutcomeKind::kContinuous), std::invalid_argument);
  Variable none = cheating().gpa;
  none.values.assign(none.values.size(), std::nan(""));
  RelateOptions options;
  options.listwise = true;
  EXPECT_THROW(relate_outcome(mixture, data, none, OutcomeKind::kContinuous, options), std::invalid_argument);
  EXPECT_THROW(relate_outcome(mixture, data, none, OutcomeKind::kContinuous), std::invalid_argument);
  EXPECT_THROW(relate_outcome(mixture, data, {.name = "x", .values = std::vector<double>(319, 0.5)},
                              OutcomeKind::kNominal),
               std::invalid_argument);
  EXPECT_THROW(relate_outcome(mixture, data,
                              {.name = "x", .values = std::vector<double>(319, 0), .categories = {"only"}},
                              OutcomeKind::kNominal),
               std::invalid_argument);
  options.reference = 2;
  EXPECT_THROW(cheating().relate(options), std::invalid_argument);
}

// Two logits and two parameters of an outcome in each of three classes: what is looked at are the latter.
TEST(Relate, TrustsMeansOfLargeNumbers) {
  Variable income{.name = "income", .values = cheating().gpa.values};
  for (std::size_t i = 0; i < income.values.size(); ++i)
    income.values[i] = 1e6 * (1 + std::sin(static_cast<double>(i)));
  const Mixture mixture({.5, .3, .2}, {.1, .2, .1, .2, .7, .8, .3, .6, .3, .1, .8, .9});
  const OutcomeRelation relation = relate_outcome(mixture, cheating().data, income, OutcomeKind::kContinuous);
  EXPECT_TRUE(relation.converged);
  for (const std::string& warning : relation.warnings)
    EXPECT_EQ(warning.find("these means are of no use"), std::string::npos) << warning;
}

TEST(Relate, CurvesFollowTheLogit) {
  const std::vector<Variable> variables = {cheating().gpa};
  const std::vector<std::string> terms = {"GPA"};
  const Relation relation = cheating().relate({});
  const std::vector<MembershipCurve> curves = membership_curves(relation, variables, terms);
  ASSERT_EQ(curves.size(), 1U);
  EXPECT_EQ(curves[0].values.front(), 1);
  EXPECT_EQ(curves[0].values.back(), 5);
  const auto slope = coefficients(relation, 1);
  for (std::size_t i = 0; i < curves[0].values.size(); ++i) {
    const double logit = slope[0].estimate + slope[1].estimate * curves[0].values[i];
    EXPECT_NEAR(curves[0].shares[2 * i], 1 / (1 + std::exp(-logit)), 1e-12);
  }
}

TEST(DesignMatrix, HasColumnsForCategoriesAndProducts) {
  const std::vector<Variable> variables = {
      {.name = "age", .values = {20, 30, 40}},
      {.name = "sex", .values = {0, 1, std::nan("")}, .categories = {"F", "M"}}};
  const std::vector<std::string> terms = {"age*sex"};
  const DesignMatrix design = design_matrix(variables, terms);
  EXPECT_EQ(design.names, (std::vector<std::string>{"intercept", "age", "sex=M", "age:sex=M"}));
  EXPECT_EQ(design.term_names, (std::vector<std::string>{"intercept", "age", "sex", "age:sex"}));
  EXPECT_EQ(std::vector<double>(design.values.begin(), design.values.begin() + 8),
            (std::vector<double>{1, 20, 0, 0, 1, 30, 1, 30}));
  EXPECT_TRUE(std::isnan(design.values[10]));
  const std::vector<std::string> unknown = {"weight"};
  EXPECT_THROW(design_matrix(variables, unknown), std::invalid_argument);
}

}  // namespace
}  // namespace mixbern
