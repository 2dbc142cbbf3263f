#include "stats/relate/sums.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Of so many statements.
StatementSums zero(const ClassLikelihood& likelihood, Index n_statements) {
  const Index n_components = likelihood.n_components();
  const auto n = static_cast<std::size_t>(n_components);
  return {.deviations = std::vector<RowMatrix>(n, RowMatrix::Zero(n_statements, likelihood.n_parameters())),
          .posteriors = MatrixXd::Zero(n_statements, n_components),
          .products = std::vector<RowMatrix>(n, RowMatrix::Zero(n_statements, n_components))};
}

void add_scores(const ClassLikelihood& likelihood, const TermBlock& block, TermSums& sums) {
  const Cells& cells = likelihood.cells();
  const RowMatrix scores = likelihood.scores(block);
  for (Index i = 0; i < scores.rows(); ++i) {
    const auto cell = static_cast<Index>(block.first) + i;
    const auto pattern = static_cast<Index>(cells.patterns[static_cast<std::size_t>(cell)]);
    const double factor = likelihood.evidence().factors(pattern, static_cast<Index>(block.piece));
    sums.scores.row(cell) += factor * scores.row(i);
    sums.sensitivity.by_factor[block.piece].row(pattern) += cells.weights(cell) * scores.row(i);
  }
}

/// Consecutive cells of a block that make the same statement.
struct Run {
  Index begin, n, statement;
};

// Complete-data scores in component k less those of what was seen are (δ_jk − γ_j) times the covariates, or
// the outcome's scores, of component j.
void add_pair(const ClassLikelihood& likelihood, const TermBlock& block, const Run& run, Index k, Index j,
              const VectorXd& factors, StatementSums& sums) {
  const auto x = likelihood.cells().covariates.middleRows(static_cast<Index>(block.first) + run.begin, run.n);
  const auto own = block.own[static_cast<std::size_t>(j)].middleRows(run.begin, run.n);
  auto into = sums.deviations[static_cast<std::size_t>(k)].row(run.statement);
  if (likelihood.logit(j) >= 0)
    into.segment(likelihood.logit(j), x.cols()) += factors.transpose().lazyProduct(x);
  if (own.cols() > 0) into.segment(likelihood.outcome(j), own.cols()) += factors.transpose().lazyProduct(own);
}

void add_run(const ClassLikelihood& likelihood, const TermBlock& block, const Run& run, StatementSums& sums) {
  const auto posteriors = block.posteriors.middleRows(run.begin, run.n);
  for (Index k = 0; k < likelihood.n_components(); ++k) {
    const VectorXd shares = block.weights.segment(run.begin, run.n).cwiseProduct(posteriors.col(k));
    sums.posteriors(run.statement, k) += shares.sum();
    for (Index j = 0; j < likelihood.n_components(); ++j) {
      const VectorXd products = shares.cwiseProduct(posteriors.col(j));
      sums.products[static_cast<std::size_t>(k)](run.statement, j) += products.sum();
      add_pair(likelihood, block, run, k, j, j == k ? VectorXd(shares - products) : VectorXd(-products),
               sums);
    }
  }
}

Index statement_of(const ClassLikelihood& likelihood, std::size_t cell, std::size_t piece) {
  return static_cast<Index>(likelihood.evidence().statement(likelihood.cells().patterns[cell], piece));
}

// Into sums of the statements from `first` on.
void add_block(const ClassLikelihood& likelihood, const TermBlock& block, Index first, StatementSums& sums) {
  const auto statement = [&](Index i) {
    return statement_of(likelihood, block.first + static_cast<std::size_t>(i), block.piece) - first;
  };
  const Index n = block.weights.size();
  for (Index begin = 0, end = 0; begin < n; begin = end) {
    while (end < n && statement(end) == statement(begin)) ++end;
    add_run(likelihood, block, {begin, end - begin, statement(begin)}, sums);
  }
}

// Of one chunk, with those statements alone that it makes: few in a row where each pattern has its own.
struct Part {
  Index first = 0;
  StatementSums sums = {};
};

Part part_of(const ClassLikelihood& likelihood, const Chunk& chunk, const VectorXd& psi) {
  Index least = statement_of(likelihood, chunk.first, 0), most = least;
  for (std::size_t cell = chunk.first; cell < chunk.end; ++cell) {
    for (std::size_t piece = 0; piece < likelihood.evidence().n_pieces(); ++piece) {
      least = std::min(least, statement_of(likelihood, cell, piece));
      most = std::max(most, statement_of(likelihood, cell, piece));
    }
  }
  Part part{least, zero(likelihood, most - least + 1)};
  likelihood.for_each_block(psi, chunk,
                            [&](const TermBlock& block) { add_block(likelihood, block, least, part.sums); });
  return part;
}

void add_part(const Part& part, StatementSums& sums) {
  const Index first = part.first, n = part.sums.posteriors.rows();
  sums.posteriors.middleRows(first, n) += part.sums.posteriors;
  for (std::size_t k = 0; k < sums.products.size(); ++k) {
    sums.deviations[k].middleRows(first, n) += part.sums.deviations[k];
    sums.products[k].middleRows(first, n) += part.sums.products[k];
  }
}

}  // namespace

TermSums sum_terms(const ClassLikelihood& likelihood, const VectorXd& psi) {
  const Evidence& evidence = likelihood.evidence();
  const Index p = likelihood.n_parameters();
  TermSums sums{.scores = RowMatrix::Zero(static_cast<Index>(likelihood.cells().size()), p)};
  sums.sensitivity.by_factor.assign(evidence.n_pieces(), RowMatrix::Zero(evidence.factors.rows(), p));
  StatementSums by_statement = zero(likelihood, evidence.log_given.rows());
  likelihood.for_each_block(psi, [&](const TermBlock& block) {
    add_scores(likelihood, block, sums);
    add_block(likelihood, block, 0, by_statement);
  });
  sums.sensitivity.by_statement = std::move(by_statement.deviations);
  return sums;
}

StatementSums sum_statements(const ClassLikelihood& likelihood, const VectorXd& psi) {
  std::vector<Part> parts(likelihood.n_chunks());
  likelihood.for_each_chunk(
      [&](const Chunk& chunk) { parts[chunk.number] = part_of(likelihood, chunk, psi); });
  StatementSums sums = zero(likelihood, likelihood.evidence().log_given.rows());
  for (const Part& part : parts) add_part(part, sums);
  return sums;
}

}  // namespace mixbern
