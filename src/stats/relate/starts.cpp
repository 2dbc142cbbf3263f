#include "stats/relate/starts.hpp"

#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <cmath>

#include "base/random.hpp"

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double kOffBound = 0.01;
// Of log-odds: on 40 tables of 300 rows noise of 1 missed six better maxima, of 2 two.
constexpr double kSpread = 2;

Mixture moved(const Mixture& mixture, Engine& engine) {
  boost::random::normal_distribution<double> noise(0, kSpread);
  std::vector<double> theta(mixture.probabilities().begin(), mixture.probabilities().end());
  for (double& p : theta) {
    const double inside = std::clamp(p, kOffBound, 1 - kOffBound);
    p = 1 / (1 + (1 - inside) / inside * std::exp(-noise(engine)));
  }
  // Which makes answers of one item add up to 1 again.
  return {{mixture.weights().begin(), mixture.weights().end()}, std::move(theta), mixture.items()};
}

}  // namespace

std::vector<Mixture> moved_mixtures(const Mixture& mixture, std::size_t n) {
  Engine engine(1);
  std::vector<Mixture> result;
  while (result.size() < n) result.push_back(moved(mixture, engine));
  return result;
}

VectorXd permuted(const VectorXd& psi, std::span<const std::size_t> order,
                  const ClassLikelihood& likelihood) {
  const Index n_columns = likelihood.cells().covariates.cols();
  const Index n_outcome = likelihood.outcome(1) - likelihood.outcome(0);
  const auto logits = [&](std::size_t k) -> VectorXd {
    const Index at = likelihood.logit(static_cast<Index>(k));
    if (at < 0) return VectorXd::Zero(n_columns);
    return psi.segment(at, n_columns);
  };
  VectorXd result = psi;
  VectorXd reference = VectorXd::Zero(n_columns);
  for (std::size_t j = 0; j < order.size(); ++j) {
    if (likelihood.logit(static_cast<Index>(j)) < 0) reference = logits(order[j]);
  }
  for (std::size_t j = 0; j < order.size(); ++j) {
    const auto to = static_cast<Index>(j), from = static_cast<Index>(order[j]);
    if (likelihood.logit(to) >= 0)
      result.segment(likelihood.logit(to), n_columns) = logits(order[j]) - reference;
    result.segment(likelihood.outcome(to), n_outcome) = psi.segment(likelihood.outcome(from), n_outcome);
  }
  return result;
}

}  // namespace mixbern
