#include "stats/relate/evidence.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kSingular = 1e-8;
constexpr double kImpossible = -1e200;

MatrixXd safe_log(const MatrixXd& x) {
  return x.unaryExpr([](double p) { return p > 0 ? std::log(p) : -std::numeric_limits<double>::infinity(); });
}

double relative_entropy(const FirstStep& first) {
  double sum = 0;
  for (Index m = 0; m < first.n_patterns(); ++m) {
    for (Index k = 0; k < first.n_components(); ++k) {
      const double gamma = first.posteriors()(m, k);
      if (gamma > 0) sum -= first.weights()(m) * gamma * std::log(gamma);
    }
  }
  return 1 - sum / (first.weights().sum() * std::log(static_cast<double>(first.n_components())));
}

MatrixXd inverse_of(const MatrixXd& errors) {
  const Eigen::FullPivLU<MatrixXd> factor(errors);
  if (!factor.isInvertible() || !(factor.rcond() > kSingular)) {
    throw std::invalid_argument(
        "BCH cannot correct for this classification: a class is never assigned, or two are not told apart; "
        "take ml, or proportional assignment");
  }
  return factor.inverse();
}

// Each pattern makes K statements, one a class, with the weights that stand in `factors`.
Evidence one_a_class(MatrixXd factors, MatrixXd log_given) {
  Evidence evidence{.factors = std::move(factors), .log_given = std::move(log_given)};
  for (Index m = 0; m < evidence.factors.rows(); ++m) {
    for (std::size_t s = 0; s < evidence.n_pieces(); ++s) evidence.statements.push_back(s);
  }
  return evidence;
}

Evidence by_answers(const FirstStep& first) {
  Evidence evidence{.factors = MatrixXd::Ones(first.n_patterns(), 1),
                    .log_given = log_given(first.mixture(), first.table())};
  for (Index m = 0; m < first.n_patterns(); ++m) {
    evidence.statements.push_back(static_cast<std::size_t>(m));
    if (evidence.log_given.row(m).maxCoeff() < kImpossible)
      throw std::invalid_argument("no class of the model can have given the answers of row " +
                                  std::to_string(first.table().first_row[static_cast<std::size_t>(m)] + 1));
  }
  return evidence;
}

Evidence by_modal_class(const AssignedClasses& classification) {
  Evidence evidence{.factors = MatrixXd::Ones(classification.assigned.rows(), 1),
                    .log_given = safe_log(classification.errors.transpose())};
  for (Index m = 0; m < classification.assigned.rows(); ++m) {
    Index likeliest = 0;
    classification.assigned.row(m).maxCoeff(&likeliest);
    evidence.statements.push_back(static_cast<std::size_t>(likeliest));
  }
  return evidence;
}

using Adjoints = std::vector<RowMatrix>;  // of g, a vector of q in each row

// ∂g / ∂D_ks: [k] of K × q, a row each s.
Adjoints by_errors(const FirstStep& first, const AssignedClasses& classification,
                   const Sensitivity& sensitivity, const RelateOptions& options) {
  const Index n = first.n_components();
  const MatrixXd& errors = classification.errors;
  if (options.method == RelateMethod::kMl) {
    Adjoints result = sensitivity.by_statement;
    for (Index k = 0; k < n; ++k) {
      for (Index s = 0; s < n; ++s) {
        if (errors(k, s) > 0) result[static_cast<std::size_t>(k)].row(s) /= errors(k, s);
      }
    }
    return result;
  }
  // d(D⁻¹) = −D⁻¹ dD D⁻¹.
  const MatrixXd inverse = inverse_of(errors);
  Adjoints result(static_cast<std::size_t>(n), RowMatrix::Zero(n, sensitivity.by_factor.front().cols()));
  for (Index k = 0; k < n; ++k) {
    const MatrixXd assigned = classification.assigned.transpose() *
                              sensitivity.by_factor[static_cast<std::size_t>(k)];  // K × q, a row each s
    for (Index a = 0; a < n; ++a) {
      for (Index b = 0; b < n; ++b) {
        result[static_cast<std::size_t>(a)].row(b) -= inverse(b, k) * (inverse.col(a).transpose() * assigned);
      }
    }
  }
  return result;
}

// ∂g / ∂W_ms: [s] of M × q.
Adjoints by_assignment(const AssignedClasses& classification, const Sensitivity& sensitivity,
                       const RelateOptions& options) {
  if (options.method == RelateMethod::kMl) return sensitivity.by_factor;
  const MatrixXd inverse = inverse_of(classification.errors);
  const RowMatrix& any = sensitivity.by_factor.front();
  Adjoints result(sensitivity.by_factor.size(), RowMatrix::Zero(any.rows(), any.cols()));
  for (std::size_t s = 0; s < result.size(); ++s) {
    for (std::size_t k = 0; k < result.size(); ++k)
      result[s] += inverse(static_cast<Index>(s), static_cast<Index>(k)) * sensitivity.by_factor[k];
  }
  return result;
}

// ∂g / ∂γ_mk through W and D: [k] of M × q.
Adjoints by_posteriors(const FirstStep& first, const AssignedClasses& classification, const Adjoints& errors,
                       const Sensitivity& sensitivity, const RelateOptions& options) {
  const Index n = first.n_components(), q = errors.front().cols();
  Adjoints result(static_cast<std::size_t>(n), RowMatrix::Zero(first.n_patterns(), q));
  for (Index k = 0; k < n; ++k) {
    const VectorXd share = first.weights() / classification.sizes(k);
    const MatrixXd off = classification.assigned.rowwise() - classification.errors.row(k);
    result[static_cast<std::size_t>(k)] = share.asDiagonal() * off * errors[static_cast<std::size_t>(k)];
  }
  if (options.assignment == Assignment::kModal) return result;
  const Adjoints assigned = by_assignment(classification, sensitivity, options);
  for (Index k = 0; k < n; ++k) {
    RowMatrix& sum = result[static_cast<std::size_t>(k)];
    sum += assigned[static_cast<std::size_t>(k)];
    for (Index j = 0; j < n; ++j) {
      const VectorXd share =
          (first.weights().array() * first.posteriors().col(j).array()).matrix() / classification.sizes(j);
      sum += share * errors[static_cast<std::size_t>(j)].row(k);
    }
  }
  return result;
}

// dγ_k = γ_k (∂ log p(pattern, k) − Σ_j γ_j ∂ log p(pattern, j)).
MatrixXd by_parameters(const FirstStep& first, const Adjoints& posteriors) {
  Adjoints joint = posteriors;
  MatrixXd mean = MatrixXd::Zero(first.n_patterns(), posteriors.front().cols());
  for (std::size_t k = 0; k < joint.size(); ++k)
    mean += first.posteriors().col(static_cast<Index>(k)).asDiagonal() * posteriors[k];
  for (std::size_t k = 0; k < joint.size(); ++k)
    joint[k] = first.posteriors().col(static_cast<Index>(k)).asDiagonal() * (posteriors[k] - mean);
  MatrixXd result = first.by_probabilities(joint);
  for (std::size_t k = 0; k < joint.size(); ++k) {
    if (first.free().weights[k] != kNotFree)
      result.col(first.free().weights[k]) += joint[k].colwise().sum().transpose();
  }
  return result;
}

}  // namespace

AssignedClasses classify(const FirstStep& first, Assignment assignment) {
  AssignedClasses result{.assigned = first.posteriors(), .entropy = relative_entropy(first)};
  if (assignment == Assignment::kModal) {
    result.assigned.setZero();
    for (Index m = 0; m < first.n_patterns(); ++m) {
      Index likeliest = 0;
      first.posteriors().row(m).maxCoeff(&likeliest);
      result.assigned(m, likeliest) = 1;
    }
  }
  const MatrixXd weighted = first.weights().asDiagonal() * first.posteriors();
  result.sizes = weighted.colwise().sum().transpose();
  result.errors = result.sizes.cwiseInverse().asDiagonal() * (weighted.transpose() * result.assigned);
  return result;
}

Evidence make_evidence(const FirstStep& first, const AssignedClasses& classification,
                       const RelateOptions& options) {
  if (options.method == RelateMethod::kTwoStep || options.method == RelateMethod::kOneStep)
    return by_answers(first);
  if (options.method == RelateMethod::kBch) {
    const Index n = first.n_components();
    return one_a_class(classification.assigned * inverse_of(classification.errors),
                       safe_log(MatrixXd::Identity(n, n)));
  }
  if (options.assignment == Assignment::kModal) return by_modal_class(classification);
  return one_a_class(classification.assigned, safe_log(classification.errors.transpose()));
}

Upstream upstream(const FirstStep& first, const AssignedClasses& classification,
                  const Sensitivity& sensitivity, const RelateOptions& options) {
  const Index q = sensitivity.by_factor.front().cols();
  MatrixXd own = MatrixXd::Zero(first.n_patterns(), q);
  if (options.method == RelateMethod::kTwoStep)
    return {first.by_probabilities(sensitivity.by_statement), own};
  const Adjoints errors = by_errors(first, classification, sensitivity, options);
  for (Index k = 0; k < first.n_components(); ++k) {
    const MatrixXd off = classification.assigned.rowwise() - classification.errors.row(k);
    const VectorXd share = first.posteriors().col(k) / classification.sizes(k);
    own += share.asDiagonal() * off * errors[static_cast<std::size_t>(k)];
  }
  return {by_parameters(first, by_posteriors(first, classification, errors, sensitivity, options)), own};
}

}  // namespace mixbern
