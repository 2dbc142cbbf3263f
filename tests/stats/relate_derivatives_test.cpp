// What relations are computed from, against differences of what it is the derivative of.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <random>
#include <vector>

#include "stats/relate/evidence.hpp"
#include "stats/relate/item_parameters.hpp"
#include "stats/relate/joint_likelihood.hpp"
#include "stats/relate/likelihood.hpp"
#include "stats/relate/sums.hpp"
#include "support.hpp"

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t kRows = 120;
constexpr std::size_t kComponents = 3;

// Three items of two answers and one of three, with missing answers and weights.
struct Study {
  Dataset data = {};
  // No two components are equally likely for any answers.
  Mixture mixture{{.487, .302, .211},
                  {.913, .707, .219, .511, .287, .202,  //
                   .193, .604, .811, .103, .216, .681,  //
                   .417, .131, .593, .307, .588, .105},
                  Items(6, std::vector<Items::Group>{{3, 3}})};
  DesignMatrix design = {.names = {"intercept", "x"}, .terms = {0, 1}, .term_names = {"intercept", "x"}};
  std::vector<double> outcome = {};

  Study() {
    std::mt19937_64 chance(7);
    std::uniform_real_distribution<double> uniform;
    BitMatrix ones(kRows, 6), missing(kRows, 6);
    for (std::size_t i = 0; i < kRows; ++i) {
      for (std::size_t d = 0; d < 3; ++d) {
        if (uniform(chance) < .15) {
          missing.set(i, d);
        } else if (uniform(chance) < .5) {
          ones.set(i, d);
        }
      }
      const bool answered = uniform(chance) < .85;
      const auto answer = static_cast<std::size_t>(uniform(chance) * 3);
      for (std::size_t c = 0; c < 3 && !answered; ++c) missing.set(i, 3 + c);
      if (answered) ones.set(i, 3 + answer);
      data.weights.push_back(1 + std::floor(uniform(chance) * 3));
      design.values.insert(design.values.end(), {1.0, std::floor(uniform(chance) * 5)});
      outcome.push_back(uniform(chance) < .1 ? std::nan("") : std::floor(uniform(chance) * 3));
    }
    data.ones = ones;
    data.missing = missing;
    data.categorical = {{.name = "c", .first = 3, .categories = {"a", "b", "c"}}};
  }
};

const Study& study() {
  static const Study study;
  return study;
}

VectorXd some_point(Index n) {
  std::mt19937_64 chance(3);
  std::uniform_real_distribution<double> uniform(-.5, .5);
  VectorXd point(n);
  for (double& x : point) x = uniform(chance);
  return point;
}

// Rows of −∂² by differences of gradients.
template <class Gradient>
MatrixXd difference_of(const Gradient& gradient, const VectorXd& at, double step = 1e-5) {
  MatrixXd result(at.size(), at.size());
  for (Index j = 0; j < at.size(); ++j) {
    VectorXd up = at, down = at;
    up(j) += step;
    down(j) -= step;
    result.col(j) = (gradient(down) - gradient(up)) / (2 * step);
  }
  return result;
}

template <class Value>
VectorXd gradient_of(const Value& value, const VectorXd& at, double step = 1e-5) {
  VectorXd result(at.size());
  for (Index j = 0; j < at.size(); ++j) {
    VectorXd up = at, down = at;
    up(j) += step;
    down(j) -= step;
    result(j) = (value(up) - value(down)) / (2 * step);
  }
  return result;
}

struct Way {
  RelateMethod method;
  Assignment assignment;
};

constexpr Way kWays[] = {{RelateMethod::kMl, Assignment::kModal},
                         {RelateMethod::kMl, Assignment::kProportional},
                         {RelateMethod::kBch, Assignment::kModal},
                         {RelateMethod::kBch, Assignment::kProportional},
                         {RelateMethod::kTwoStep, Assignment::kModal}};

RelateOptions options_of(const Way& way) {
  RelateOptions options;
  options.method = way.method;
  options.assignment = way.assignment;
  options.estimation.smoothing = 0;
  return options;
}

TEST(RelateDerivatives, AreThoseOfTheLastStepsLikelihood) {
  for (const OutcomeKind kind : {OutcomeKind::kContinuous, OutcomeKind::kNominal, OutcomeKind::kCount}) {
    for (const Way& way : kWays) {
      const RelateOptions options = options_of(way);
      const FirstStep first(study().mixture, study().data, options.estimation, 1);
      const AssignedClasses classification = classify(first, way.assignment);
      const Evidence evidence = make_evidence(first, classification, options);
      const Cells cells = make_cells(first.table(), study().data, study().design, study().outcome);
      const OutcomeModel model(kind, 3, way.method == RelateMethod::kBch, cells.outcomes, cells.weights);
      const ClassLikelihood likelihood(cells, evidence, &model, kComponents, 1);
      const VectorXd at = some_point(likelihood.n_parameters());
      const Derivatives exact = likelihood.derivatives(at);
      EXPECT_NEAR(exact.value, likelihood.value(at), 1e-9 * std::abs(exact.value));
      EXPECT_LT((exact.gradient - gradient_of([&](const VectorXd& x) { return likelihood.value(x); }, at))
                    .cwiseAbs()
                    .maxCoeff(),
                2e-6);
      const auto gradient = [&](const VectorXd& x) { return likelihood.derivatives(x).gradient; };
      EXPECT_LT((exact.observed() - difference_of(gradient, at)).cwiseAbs().maxCoeff(), 1e-6);
      const TermSums sums = sum_terms(likelihood, at);
      EXPECT_LT((sums.scores.transpose() * cells.weights - exact.gradient).cwiseAbs().maxCoeff(), 1e-9);
    }
  }
}

TEST(RelateDerivatives, AreThoseOfTheJointLikelihood) {
  const RelateOptions options = options_of({RelateMethod::kOneStep, Assignment::kModal});
  const FirstStep first(study().mixture, study().data, options.estimation, 1);
  Evidence evidence = make_evidence(first, classify(first, *options.assignment), options);
  const Cells cells = make_cells(first.table(), study().data, study().design, study().outcome);
  const OutcomeModel model(OutcomeKind::kContinuous, 0, false, cells.outcomes, cells.weights);
  const ClassLikelihood likelihood(cells, evidence, &model, kComponents, 2);
  JointLikelihood joint(first.table(), likelihood, evidence, Prior{.strength = .3},
                        ItemParameters(study().mixture, free_inside(study().mixture)));
  const VectorXd at = joint.start(some_point(likelihood.n_parameters()));
  EXPECT_EQ(at.size(), likelihood.n_parameters() + 15);
  const Derivatives exact = joint.derivatives(at);
  EXPECT_LT((exact.gradient - gradient_of([&](const VectorXd& x) { return joint.value(x); }, at))
                .cwiseAbs()
                .maxCoeff(),
            2e-6);
  const auto gradient = [&](const VectorXd& x) { return joint.derivatives(x).gradient; };
  EXPECT_LT((exact.observed() - difference_of(gradient, at)).cwiseAbs().maxCoeff(), 1e-6);
}

TEST(RelateDerivatives, ScoresOfAllParametersAddUpToTheGradient) {
  const RelateOptions options = options_of({RelateMethod::kOneStep, Assignment::kModal});
  const FirstStep first(study().mixture, study().data, options.estimation, 1);
  Evidence evidence = make_evidence(first, classify(first, *options.assignment), options);
  const Cells cells = make_cells(first.table(), study().data, study().design);
  const ClassLikelihood likelihood(cells, evidence, nullptr, kComponents, 0);
  JointLikelihood joint(first.table(), likelihood, evidence, Prior{},
                        ItemParameters(study().mixture, free_inside(study().mixture)));
  const VectorXd at = joint.start(some_point(likelihood.n_parameters()));
  const Derivatives exact = joint.derivatives(at);
  const VectorXd sum = joint.scores(at).transpose() * cells.weights;
  EXPECT_LT((sum - exact.gradient).cwiseAbs().maxCoeff(), 1e-9);
}

// How the last step's gradient moves with the model's parameters, through posteriors, assignments and D.
TEST(RelateDerivatives, CarryTheFirstStep) {
  const Study& own = study();
  for (const Way& way : kWays) {
    const RelateOptions options = options_of(way);
    const FirstStep first(own.mixture, own.data, options.estimation, 1);
    const FreeParameters& free = first.free();
    const VectorXd psi = some_point(4);
    const auto last_step = [&](const FirstStep& step, const auto& work) {
      const AssignedClasses classification = classify(step, way.assignment);
      const Evidence evidence = make_evidence(step, classification, options);
      const Cells cells = make_cells(step.table(), own.data, own.design);
      const ClassLikelihood likelihood(cells, evidence, nullptr, kComponents, 2);
      return work(likelihood, classification);
    };
    const MatrixXd exact = last_step(first, [&](const ClassLikelihood& likelihood, const AssignedClasses& c) {
      return upstream(first, c, sum_terms(likelihood, psi).sensitivity, options).by_parameters;
    });
    const ItemParameters items(own.mixture, without_weights(free));
    const auto moved = [&](Index j, double step) {
      VectorXd eta = items.start();
      std::vector<double> weights(own.mixture.weights().begin(), own.mixture.weights().end());
      const Index n_weights = static_cast<Index>(kComponents) - 1;
      if (j >= n_weights) eta(j - n_weights) += step;
      for (std::size_t k = 0; k < kComponents; ++k) {
        if (free.weights[k] == j) weights[k] *= std::exp(step);
      }
      const Mixture with_items = items.mixture(eta);
      const auto theta = with_items.probabilities();
      return Mixture(weights, {theta.begin(), theta.end()}, own.mixture.items());
    };
    for (Index j = 0; j < exact.cols(); ++j) {
      const auto gradient = [&](double step) -> VectorXd {
        const Mixture mixture = moved(j, step);
        const FirstStep step_first(mixture, own.data, options.estimation, 1);
        return last_step(step_first, [&](const ClassLikelihood& likelihood, const AssignedClasses&) {
          return likelihood.derivatives(psi).gradient;
        });
      };
      const VectorXd difference = (gradient(1e-5) - gradient(-1e-5)) / 2e-5;
      EXPECT_LT((exact.col(j) - difference).cwiseAbs().maxCoeff(), 1e-6)
          << to_string(way.method) << " " << to_string(way.assignment) << " parameter " << j;
    }
  }
}

}  // namespace
}  // namespace mixbern
