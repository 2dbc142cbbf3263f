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

// Of each row, in place: x − log Σ exp x. Returns the logarithms; a row of −∞ stays as it is.
VectorXd normalise(MatrixXd& logs) {
  VectorXd totals(logs.rows());
  for (Index i = 0; i < logs.rows(); ++i) {
    const double most = logs.row(i).maxCoeff();
    totals(i) = std::isfinite(most) ? most + std::log((logs.row(i).array() - most).exp().sum()) : most;
  }
  for (Index k = 0; k < logs.cols(); ++k) {
    for (Index i = 0; i < logs.rows(); ++i) {
      if (std::isfinite(totals(i))) logs(i, k) -= totals(i);
    }
  }
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
  MatrixXd log_priors, priors, log_outcome;
  std::vector<MatrixXd> own;

  Work(const ClassLikelihood& model, const VectorXd& psi, Index first, Index n) {
    const Cells& cells = model.cells_;
    const Index n_components = model.n_components_;
    const auto x = cells.covariates.middleRows(first, n);
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

void ClassLikelihood::visit_cells(const VectorXd& psi, std::size_t first, std::size_t end,
                                  const std::function<void(const TermBlock&)>& visit) const {
  for (std::size_t at = first; at < end; at += kBlockCells) {
    const auto n = static_cast<Index>(std::min(kBlockCells, end - at));
    const Work work(*this, psi, static_cast<Index>(at), n);
    for (std::size_t piece = 0; piece < evidence_.n_pieces(); ++piece) {
      MatrixXd posteriors = work.log_priors + work.log_outcome;
      VectorXd weights(n);
      for (Index i = 0; i < n; ++i) {
        const std::size_t cell = at + static_cast<std::size_t>(i), pattern = cells_.patterns[cell];
        weights(i) = cells_.weights(static_cast<Index>(cell)) *
                     evidence_.factors(static_cast<Index>(pattern), static_cast<Index>(piece));
        posteriors.row(i) += evidence_.log_given.row(static_cast<Index>(evidence_.statement(pattern, piece)));
      }
      const VectorXd likelihood = normalise(posteriors);
      posteriors = posteriors.array().exp().matrix();
      visit({at, piece, weights, likelihood, work.priors, posteriors, work.own});
    }
  }
}

void ClassLikelihood::for_each_block(const VectorXd& psi,
                                     const std::function<void(const TermBlock&)>& visit) const {
  visit_cells(psi, 0, cells_.size(), visit);
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
      visit_cells(psi, chunk * kChunkCells, std::min((chunk + 1) * kChunkCells, cells_.size()),
                  [&](const TermBlock& block) { add(block, psi, parts[chunk]); });
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

void ClassLikelihood::add(const TermBlock& block, const VectorXd& psi, Derivatives& sums) const {
  for (Index i = 0; i < block.weights.size(); ++i) {
    if (block.weights(i) != 0) sums.value += block.weights(i) * block.likelihood(i);
  }
  sums.gradient.noalias() += scores(block).transpose() * block.weights;
  add_complete(block, psi, sums);
  add_missing(block, sums);
}

void ClassLikelihood::add_complete(const TermBlock& block, const VectorXd& psi, Derivatives& sums) const {
  const MatrixXd x = covariates(block);
  const Index p = x.cols();
  for (Index k = 0; k < n_components_; ++k) {
    for (Index j = 0; j < n_components_; ++j) {
      if (logit(k) < 0 || logit(j) < 0) continue;
      const VectorXd factor = (block.weights.array() * block.priors.col(k).array() *
                               ((k == j ? 1.0 : 0.0) - block.priors.col(j).array()))
                                  .matrix();
      sums.complete.block(logit(k), logit(j), p, p).noalias() += x.transpose() * factor.asDiagonal() * x;
    }
  }
  if (outcome_ == nullptr) return;
  const Index q = outcome_->n_parameters();
  for (Index k = 0; k < n_components_; ++k) {
    for (Index i = 0; i < block.weights.size(); ++i) {
      outcome_->add_curvature(cells_.outcomes(static_cast<Index>(block.first) + i), psi.data() + outcome(k),
                              block.weights(i) * block.posteriors(i, k),
                              sums.complete.block(outcome(k), outcome(k), q, q));
    }
  }
}

void ClassLikelihood::add_missing(const TermBlock& block, Derivatives& sums) const {
  for (Index k = 0; k < n_components_; ++k) {
    const MatrixXd deviation = deviations(block, k);
    const VectorXd factor = (block.weights.array() * block.posteriors.col(k).array()).matrix();
    sums.missing.noalias() += deviation.transpose() * factor.asDiagonal() * deviation;
  }
}

MatrixXd ClassLikelihood::scores(const TermBlock& block) const {
  MatrixXd scores(block.weights.size(), n_parameters());
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

MatrixXd ClassLikelihood::deviations(const TermBlock& block, Index k) const {
  MatrixXd result(block.weights.size(), n_parameters());
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
