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

// Of each row, in place: exp x / Σ exp x. Returns log Σ exp x; a row of −∞ alone becomes 0. What is below
// e^−700 of the largest counts as 0.
VectorXd to_shares(MatrixXd& logs) {
  constexpr double kLeast = 1e-304;
  const VectorXd most = finite_or_0(logs.rowwise().maxCoeff());
  logs.colwise() -= most;
  logs = logs.array().exp().matrix();
  logs = (logs.array() < kLeast).select(0.0, logs);
  const VectorXd sums = logs.rowwise().sum();
  logs.array().colwise() /= (sums.array() > 0).select(sums, 1.0).array();
  return most + sums.array().log().matrix();
}

// aᵀ diag(w) b. Products of few columns are not worth packing.
MatrixXd weighted_product(const MatrixXd& a, const VectorXd& w, const MatrixXd& b) {
  constexpr Index kFew = 4;
  if (a.cols() > kFew || b.cols() > kFew) return a.transpose() * (w.asDiagonal() * b);
  MatrixXd result(a.cols(), b.cols());
  VectorXd scaled(w.size());
  for (Index j = 0; j < b.cols(); ++j) {
    scaled = w.cwiseProduct(b.col(j));
    for (Index i = 0; i < a.cols(); ++i) result(i, j) = a.col(i).dot(scaled);
  }
  return result;
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
  MatrixXd covariates, priors;
  MatrixXd log_joint;  // of the class and the outcome; empty without one
  std::vector<MatrixXd> own;

  Work(const ClassLikelihood& model, const VectorXd& psi, Index first, Index n) {
    const Index n_components = model.n_components_;
    covariates = model.cells_.covariates.middleRows(first, n);
    MatrixXd logits = MatrixXd::Zero(n, n_components);
    for (Index k = 0; k < n_components; ++k) {
      if (model.logit(k) >= 0) logits.col(k) = covariates * psi.segment(model.logit(k), covariates.cols());
    }
    priors = logits;
    const VectorXd totals = to_shares(priors);
    const Index q = model.outcome_ ? model.outcome_->n_parameters() : 0;
    own.assign(static_cast<std::size_t>(n_components), MatrixXd::Zero(n, q));
    if (model.outcome_ == nullptr) return;
    log_joint = logits.colwise() - totals;
    VectorXd score(q);
    for (Index k = 0; k < n_components; ++k) {
      const double* phi = psi.data() + model.outcome(k);
      for (Index i = 0; i < n; ++i) {
        const double outcome = model.cells_.outcomes(first + i);
        log_joint(i, k) += model.outcome_->log_density(outcome, phi);
        model.outcome_->score(outcome, phi, score.data());
        own[static_cast<std::size_t>(k)].row(i) = score.transpose();
      }
    }
  }
};

// One piece of evidence of the cells of a block.
struct ClassLikelihood::Piece {
  VectorXd weights, likelihood;
  MatrixXd posteriors;

  Piece(const ClassLikelihood& model, const Work& work, std::size_t first, std::size_t piece)
      : weights(work.priors.rows()) {
    const Evidence& evidence = model.evidence_;
    std::vector<Index> statements;
    for (Index i = 0; i < weights.size(); ++i) {
      const std::size_t cell = first + static_cast<std::size_t>(i), pattern = model.cells_.patterns[cell];
      weights(i) = model.cells_.weights(static_cast<Index>(cell)) *
                   evidence.factors(static_cast<Index>(pattern), static_cast<Index>(piece));
      statements.push_back(static_cast<Index>(evidence.statement(pattern, piece)));
    }
    if (model.outcome_ == nullptr) {
      weigh(work.priors, evidence, statements);
    } else {
      posteriors = work.log_joint + evidence.log_given(statements, Eigen::all);
      likelihood = to_shares(posteriors);
    }
  }

  double value() const {
    double sum = 0;
    for (Index i = 0; i < weights.size(); ++i) sum += weights(i) != 0 ? weights(i) * likelihood(i) : 0;
    return sum;
  }

 private:
  // Cells in a row make the same statement, whose exponentials serve them all.
  void weigh(const MatrixXd& priors, const Evidence& evidence, const std::vector<Index>& statements) {
    posteriors = priors;
    likelihood.resize(priors.rows());
    for (Index begin = 0, end = 0; begin < priors.rows(); begin = end) {
      const Index statement = statements[static_cast<std::size_t>(begin)];
      while (end < priors.rows() && statements[static_cast<std::size_t>(end)] == statement) ++end;
      Eigen::RowVectorXd given = evidence.log_given.row(statement);
      const double most = std::isfinite(given.maxCoeff()) ? given.maxCoeff() : 0;
      given = given.unaryExpr([&](double log) { return std::exp(log - most); });
      posteriors.middleRows(begin, end - begin) *= given.asDiagonal();
      likelihood.segment(begin, end - begin).setConstant(most);
    }
    const VectorXd sums = posteriors.rowwise().sum();
    posteriors.array().colwise() /= (sums.array() > 0).select(sums, 1.0).array();
    likelihood.array() += sums.array().log();
  }
};

void ClassLikelihood::for_each_block(const VectorXd& psi, const Chunk& chunk,
                                     const std::function<void(const TermBlock&)>& visit) const {
  for (std::size_t at = chunk.first; at < chunk.end; at += kBlockCells) {
    const auto n = static_cast<Index>(std::min(kBlockCells, chunk.end - at));
    const Work work(*this, psi, static_cast<Index>(at), n);
    for (std::size_t number = 0; number < evidence_.n_pieces(); ++number) {
      const Piece piece(*this, work, at, number);
      visit({at, number, piece.weights, piece.likelihood, work.priors, piece.posteriors, work.own});
    }
  }
}

void ClassLikelihood::for_each_block(const VectorXd& psi,
                                     const std::function<void(const TermBlock&)>& visit) const {
  for_each_block(psi, {0, 0, cells_.size()}, visit);
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

std::size_t ClassLikelihood::n_chunks() const {
  return (cells_.size() + kChunkCells - 1) / kChunkCells;
}

void ClassLikelihood::for_each_chunk(const std::function<void(const Chunk&)>& visit) const {
  const auto cost = kChunkCells * static_cast<std::size_t>(n_parameters()) * evidence_.n_pieces() * 16;
  for_ranges(n_chunks(), cost, [&](std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < end; ++at)
      visit({at, at * kChunkCells, std::min((at + 1) * kChunkCells, cells_.size())});
  });
}

double ClassLikelihood::value(const VectorXd& psi) const {
  std::vector<double> values(n_chunks(), 0.0);
  for_each_chunk([&](const Chunk& chunk) {
    for_each_block(psi, chunk, [&](const TermBlock& block) {
      for (Index i = 0; i < block.weights.size(); ++i) {
        if (block.weights(i) != 0) values[chunk.number] += block.weights(i) * block.likelihood(i);
      }
    });
  });
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

Derivatives ClassLikelihood::derivatives(const VectorXd& psi) const {
  std::vector<Derivatives> parts(n_chunks(), zero(n_parameters()));
  for_each_chunk([&](const Chunk& chunk) { add_cells(psi, chunk.first, chunk.end, parts[chunk.number]); });
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
    Factors factors(n, n_components_);
    for (std::size_t number = 0; number < evidence_.n_pieces(); ++number) {
      const Piece piece(*this, work, at, number);
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
      const MatrixXd &other = work.own[static_cast<std::size_t>(k)], &x = work.covariates;
      if (q > 0) mirrored(sums.missing, outcome(j), outcome(k), weighted_product(own, covariance, other));
      if (logit(j) >= 0 && q > 0)
        mirrored(sums.missing, logit(j), outcome(k), weighted_product(x, covariance, other));
      if (logit(k) < 0) continue;
      if (j != k && q > 0) mirrored(sums.missing, outcome(j), logit(k), weighted_product(own, covariance, x));
      if (logit(j) < 0) continue;
      mirrored(sums.missing, logit(j), logit(k), weighted_product(x, covariance, x));
      mirrored(sums.complete, logit(j), logit(k), weighted_product(x, factors.prior[factors.pair(j, k)], x));
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

}  // namespace mixbern
