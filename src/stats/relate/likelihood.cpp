#include "stats/relate/likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/parallel.hpp"

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Cells that are looked at together, and those that one thread adds up; the order of sums is always the same.
constexpr std::size_t kBlockCells = 512;
constexpr std::size_t kChunkCells = 16384;

VectorXd finite_or_0(const VectorXd& x) {
  return x.unaryExpr([](double value) { return std::isfinite(value) ? value : 0.0; });
}

// Of each row, in place: x − log Σ exp x. Returns the logarithms; a row of −∞ stays as it is.
VectorXd normalise(MatrixXd& logs) {
  const VectorXd most = finite_or_0(logs.rowwise().maxCoeff());
  const VectorXd sums = (logs.colwise() - most).array().exp().rowwise().sum();
  VectorXd totals = most + sums.array().log().matrix();
  logs.colwise() -= finite_or_0(totals);
  return totals;
}

Derivatives zero(Index p) {
  return {0, VectorXd::Zero(p), MatrixXd::Zero(p, p), MatrixXd::Zero(p, p)};
}

}  // namespace

ClassLikelihood::ClassLikelihood(const Cells& cells, const Evidence& evidence, const OutcomeModel* outcome,
                                 std::size_t n_components, std::size_t reference)
    : cells_(cells),
      evidence_(evidence),
      outcome_(outcome),
      n_components_(static_cast<Index>(n_components)),
      reference_(static_cast<Index>(reference)) {}

Index ClassLikelihood::logit(Index k) const {
  if (k == reference_) return -1;
  return (k < reference_ ? k : k - 1) * cells_.covariates.cols();
}

Index ClassLikelihood::outcome(Index k) const {
  return (n_components_ - 1) * cells_.covariates.cols() + k * (outcome_ ? outcome_->n_parameters() : 0);
}

Index ClassLikelihood::n_parameters() const {
  return outcome(n_components_);
}

MatrixXd ClassLikelihood::covariates(const TermBlock& block) const {
  return cells_.covariates.middleRows(static_cast<Index>(block.first), block.weights.size());
}

// What does not depend on the piece of evidence.
struct ClassLikelihood::Work {
  MatrixXd covariates, log_priors, priors, log_outcome;
  std::vector<MatrixXd> own;

  Work(const ClassLikelihood& model, const VectorXd& psi, Index first, Index n) {
    const Cells& cells = model.cells_;
    const Index n_components = model.n_components_;
    covariates = cells.covariates.middleRows(first, n);
    const MatrixXd& x = covariates;
    log_priors = MatrixXd::Zero(n, n_components);
    for (Index k = 0; k < n_components; ++k) {
      if (model.logit(k) >= 0) log_priors.col(k) = x * psi.segment(model.logit(k), x.cols());
    }
    normalise(log_priors);
    priors = log_priors.array().exp().matrix();
    log_outcome = MatrixXd::Zero(n, n_components);
    const Index q = model.outcome_ ? model.outcome_->n_parameters() : 0;
    own.assign(static_cast<std::size_t>(n_components), MatrixXd::Zero(n, q));
    if (model.outcome_ == nullptr) return;
    VectorXd score(q);
    for (Index k = 0; k < n_components; ++k) {
      const double* phi = psi.data() + model.outcome(k);
      for (Index i = 0; i < n; ++i) {
        log_outcome(i, k) = model.outcome_->log_density(cells.outcomes(first + i), phi);
        model.outcome_->score(cells.outcomes(first + i), phi, score.data());
        own[static_cast<std::size_t>(k)].row(i) = score.transpose();
      }
    }
  }
};

// One piece of evidence of the cells of a block.
struct Piece {
  VectorXd weights, likelihood;
  MatrixXd posteriors;

  Piece(const Cells& cells, const Evidence& evidence, const MatrixXd& log_joint, std::size_t first,
        std::size_t piece)
      : weights(log_joint.rows()), posteriors(log_joint) {
    for (Index i = 0; i < weights.size(); ++i) {
      const std::size_t cell = first + static_cast<std::size_t>(i), pattern = cells.patterns[cell];
      weights(i) = cells.weights(static_cast<Index>(cell)) *
                   evidence.factors(static_cast<Index>(pattern), static_cast<Index>(piece));
      posteriors.row(i) += evidence.log_given.row(static_cast<Index>(evidence.statement(pattern, piece)));
    }
    likelihood = normalise(posteriors);
    posteriors = posteriors.array().exp().matrix();
  }
  double value() const {
    double sum = 0;
    for (Index i = 0; i < weights.size(); ++i) sum += weights(i) != 0 ? weights(i) * likelihood(i) : 0;
    return sum;
  }
};

void ClassLikelihood::visit_cells(const VectorXd& psi, std::size_t first, std::size_t end,
                                  const std::function<void(const TermBlock&)>& visit) const {
  for (std::size_t at = first; at < end; at += kBlockCells) {
    const Work work(*this, psi, static_cast<Index>(at), static_cast<Index>(std::min(kBlockCells, end - at)));
    const MatrixXd log_joint = work.log_priors + work.log_outcome;
    for (std::size_t number = 0; number < evidence_.n_pieces(); ++number) {
      const Piece piece(cells_, evidence_, log_joint, at, number);
      visit({at, number, piece.weights, piece.likelihood, work.priors, piece.posteriors, work.own});
    }
  }
}

void ClassLikelihood::for_each_block(const VectorXd& psi,
                                     const std::function<void(const TermBlock&)>& visit) const {
  visit_cells(psi, 0, cells_.size(), visit);
}

bool ClassLikelihood::is_beyond(const VectorXd& psi) const {
  constexpr double kMostLogOdds = 50;
  for (Index k = 0; k < n_components_; ++k) {
    if (logit(k) < 0) continue;
    const VectorXd logits = cells_.covariates * psi.segment(logit(k), cells_.covariates.cols());
    if (logits.cwiseAbs().maxCoeff() > kMostLogOdds) return true;
  }
  return false;
}

double ClassLikelihood::value(const VectorXd& psi) const {
  const std::size_t n_chunks = (cells_.size() + kChunkCells - 1) / kChunkCells;
  std::vector<double> values(n_chunks, 0.0);
  const auto cost = kChunkCells * static_cast<std::size_t>(n_components_) * evidence_.n_pieces() * 16;
  for_ranges(n_chunks, cost, [&](std::size_t begin, std::size_t end) {
    for (std::size_t chunk = begin; chunk < end; ++chunk) {
      visit_cells(psi, chunk * kChunkCells, std::min((chunk + 1) * kChunkCells, cells_.size()),
                  [&](const TermBlock& block) {
                    for (Index i = 0; i < block.weights.size(); ++i) {
                      if (block.weights(i) != 0) values[chunk] += block.weights(i) * block.likelihood(i);
                    }
                  });
    }
  });
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

Derivatives ClassLikelihood::derivatives(const VectorXd& psi) const {
  const std::size_t n_chunks = (cells_.size() + kChunkCells - 1) / kChunkCells;
  std::vector<Derivatives> parts(n_chunks, zero(n_parameters()));
  const auto cost = kChunkCells * static_cast<std::size_t>(n_parameters()) * evidence_.n_pieces() * 16;
  for_ranges(n_chunks, cost, [&](std::size_t begin, std::size_t end) {
    for (std::size_t chunk = begin; chunk < end; ++chunk) {
      add_cells(psi, chunk * kChunkCells, std::min((chunk + 1) * kChunkCells, cells_.size()), parts[chunk]);
    }
  });
  Derivatives sums = zero(n_parameters());
  for (const Derivatives& part : parts) {
    sums.value += part.value;
    sums.gradient += part.gradient;
    sums.complete += part.complete;
    sums.missing += part.missing;
  }
  return sums;
}

// Σ over the pieces of a block, a number a cell: of v, of v γ_k, of v times the covariance of the class under
// the prior and under the posterior.
struct ClassLikelihood::Factors {
  VectorXd weights;
  MatrixXd shares;
  std::vector<VectorXd> prior, posterior;  // K × K, j <= k

  Factors(Index n, Index n_components)
      : weights(VectorXd::Zero(n)),
        shares(MatrixXd::Zero(n, n_components)),
        prior(static_cast<std::size_t>(n_components * n_components), VectorXd::Zero(n)),
        posterior(prior) {}
  std::size_t pair(Index j, Index k) const { return static_cast<std::size_t>(j * shares.cols() + k); }

  void add(const VectorXd& v, const MatrixXd& posteriors) {
    weights += v;
    for (Index j = 0; j < shares.cols(); ++j) {
      const VectorXd share = (v.array() * posteriors.col(j).array()).matrix();
      shares.col(j) += share;
      posterior[pair(j, j)] += share;
      for (Index k = j; k < shares.cols(); ++k)
        posterior[pair(j, k)].array() -= share.array() * posteriors.col(k).array();
    }
  }
  void finish(const MatrixXd& priors) {
    for (Index j = 0; j < shares.cols(); ++j) {
      const VectorXd share = (weights.array() * priors.col(j).array()).matrix();
      prior[pair(j, j)] += share;
      for (Index k = j; k < shares.cols(); ++k)
        prior[pair(j, k)].array() -= share.array() * priors.col(k).array();
    }
  }
};

void ClassLikelihood::add_cells(const VectorXd& psi, std::size_t first, std::size_t end,
                                Derivatives& sums) const {
  for (std::size_t at = first; at < end; at += kBlockCells) {
    const auto n = static_cast<Index>(std::min(kBlockCells, end - at));
    const Work work(*this, psi, static_cast<Index>(at), n);
    const MatrixXd log_joint = work.log_priors + work.log_outcome;
    Factors factors(n, n_components_);
    for (std::size_t number = 0; number < evidence_.n_pieces(); ++number) {
      const Piece piece(cells_, evidence_, log_joint, at, number);
      sums.value += piece.value();
      factors.add(piece.weights, piece.posteriors);
    }
    factors.finish(work.priors);
    add_products(work, factors, sums);
    if (outcome_ != nullptr) add_curvature(psi, at, factors, sums);
  }
}

// With t_k the covariates and the outcome's scores of component k, what is missing has γ-covariances of the
// class times t_j t_kᵀ, and what is complete prior covariances times x xᵀ.
void ClassLikelihood::add_products(const Work& work, const Factors& factors, Derivatives& sums) const {
  const Index p = work.covariates.cols(), q = work.own.front().cols();
  const auto mirrored = [](MatrixXd& into, Index row, Index column, const MatrixXd& product) {
    into.block(row, column, product.rows(), product.cols()) += product;
    if (row != column) into.block(column, row, product.cols(), product.rows()) += product.transpose();
  };
  for (Index j = 0; j < n_components_; ++j) {
    const MatrixXd& own = work.own[static_cast<std::size_t>(j)];
    const VectorXd surprise =
        factors.shares.col(j) - (factors.weights.array() * work.priors.col(j).array()).matrix();
    if (logit(j) >= 0) sums.gradient.segment(logit(j), p) += work.covariates.transpose() * surprise;
    sums.gradient.segment(outcome(j), q) += own.transpose() * factors.shares.col(j);
    for (Index k = j; k < n_components_; ++k) {
      const VectorXd& covariance = factors.posterior[factors.pair(j, k)];
      const MatrixXd other = covariance.asDiagonal() * work.own[static_cast<std::size_t>(k)];
      if (q > 0) mirrored(sums.missing, outcome(j), outcome(k), own.transpose() * other);
      if (logit(j) >= 0 && q > 0)
        mirrored(sums.missing, logit(j), outcome(k), work.covariates.transpose() * other);
      if (logit(k) < 0) continue;
      const MatrixXd scaled = covariance.asDiagonal() * work.covariates;
      if (j != k && q > 0) mirrored(sums.missing, outcome(j), logit(k), own.transpose() * scaled);
      if (logit(j) < 0) continue;
      const MatrixXd known = factors.prior[factors.pair(j, k)].asDiagonal() * work.covariates;
      mirrored(sums.missing, logit(j), logit(k), work.covariates.transpose() * scaled);
      mirrored(sums.complete, logit(j), logit(k), work.covariates.transpose() * known);
    }
  }
}

void ClassLikelihood::add_curvature(const VectorXd& psi, std::size_t first, const Factors& factors,
                                    Derivatives& sums) const {
  const Index q = outcome_->n_parameters();
  for (Index k = 0; k < n_components_; ++k) {
    for (Index i = 0; i < factors.weights.size(); ++i) {
      outcome_->add_curvature(cells_.outcomes(static_cast<Index>(first) + i), psi.data() + outcome(k),
                              factors.shares(i, k), sums.complete.block(outcome(k), outcome(k), q, q));
    }
  }
}

RowMatrix ClassLikelihood::scores(const TermBlock& block) const {
  RowMatrix scores(block.weights.size(), n_parameters());
  const MatrixXd x = covariates(block);
  for (Index k = 0; k < n_components_; ++k) {
    const MatrixXd& own = block.own[static_cast<std::size_t>(k)];
    if (logit(k) >= 0)
      scores.middleCols(logit(k), x.cols()) =
          (block.posteriors.col(k) - block.priors.col(k)).asDiagonal() * x;
    scores.middleCols(outcome(k), own.cols()) = block.posteriors.col(k).asDiagonal() * own;
  }
  return scores;
}

RowMatrix ClassLikelihood::deviations(const TermBlock& block, Index k) const {
  RowMatrix result(block.weights.size(), n_parameters());
  const MatrixXd x = covariates(block);
  for (Index j = 0; j < n_components_; ++j) {
    const VectorXd factor = ((j == k ? 1.0 : 0.0) - block.posteriors.col(j).array()).matrix();
    const MatrixXd& own = block.own[static_cast<std::size_t>(j)];
    if (logit(j) >= 0) result.middleCols(logit(j), x.cols()) = factor.asDiagonal() * x;
    result.middleCols(outcome(j), own.cols()) = factor.asDiagonal() * own;
  }
  return result;
}

}  // namespace mixbern
