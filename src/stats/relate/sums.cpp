#include "stats/relate/sums.hpp"

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

TermSums zero(const ClassLikelihood& likelihood) {
  const Evidence& evidence = likelihood.evidence();
  const Index p = likelihood.n_parameters(), n_components = likelihood.n_components();
  const Index n_statements = evidence.log_given.rows();
  const auto n = static_cast<std::size_t>(n_components);
  return {.scores = RowMatrix::Zero(static_cast<Index>(likelihood.cells().size()), p),
          .sensitivity = {.by_statement = std::vector<RowMatrix>(n, RowMatrix::Zero(n_statements, p)),
                          .by_factor = std::vector<RowMatrix>(evidence.n_pieces(),
                                                              RowMatrix::Zero(evidence.factors.rows(), p))},
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

void add_deviations(const ClassLikelihood& likelihood, const TermBlock& block, Index k, TermSums& sums) {
  const auto component = static_cast<std::size_t>(k);
  const RowMatrix deviations = likelihood.deviations(block, k);
  const VectorXd shares = (block.weights.array() * block.posteriors.col(k).array()).matrix();
  for (Index i = 0; i < deviations.rows(); ++i) {
    const std::size_t pattern = likelihood.cells().patterns[block.first + static_cast<std::size_t>(i)];
    const auto statement = static_cast<Index>(likelihood.evidence().statement(pattern, block.piece));
    sums.sensitivity.by_statement[component].row(statement) += shares(i) * deviations.row(i);
    sums.posteriors(statement, k) += shares(i);
    sums.products[component].row(statement) += shares(i) * block.posteriors.row(i);
  }
}

}  // namespace

TermSums sum_terms(const ClassLikelihood& likelihood, const VectorXd& psi) {
  TermSums sums = zero(likelihood);
  likelihood.for_each_block(psi, [&](const TermBlock& block) {
    add_scores(likelihood, block, sums);
    for (Index k = 0; k < likelihood.n_components(); ++k) add_deviations(likelihood, block, k, sums);
  });
  return sums;
}

}  // namespace mixbern
