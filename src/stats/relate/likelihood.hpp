// The likelihood of the last step: classes by a logit, evidence of the class, perhaps an outcome.
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <functional>
#include <vector>

#include "stats/relate/cells.hpp"
#include "stats/relate/first_step.hpp"
#include "stats/relate/outcome_model.hpp"

namespace mixbern {

/// What a pattern of answers says of the class, whatever the method: S weighted statements, each one of T.
/// Two-step: one, the answers themselves. ML by modal assignment: one, the class that was assigned.
/// Proportional: each class with its posterior. BCH: each class for certain, with weights W D⁻¹.
struct Evidence {
  Eigen::MatrixXd factors = {};              ///< M × S weight of each statement
  std::vector<std::size_t> statements = {};  ///< M × S row-major: which one
  Eigen::MatrixXd log_given = {};            ///< T × K log P(statement | class), perhaps −∞

  std::size_t n_pieces() const { return static_cast<std::size_t>(factors.cols()); }
  std::size_t statement(std::size_t pattern, std::size_t piece) const {
    return statements[pattern * n_pieces() + piece];
  }
};

/// At one point, summed over all cells.
struct Derivatives {
  double value = 0;
  Eigen::VectorXd gradient = {};
  Eigen::MatrixXd complete = {};  ///< information if the classes were known
  Eigen::MatrixXd missing = {};   ///< what is lost of it because they are not

  Eigen::MatrixXd observed() const { return complete - missing; }
};

/// Consecutive cells with one piece of evidence each.
struct TermBlock {
  std::size_t first = 0;  ///< cell
  std::size_t piece = 0;
  const Eigen::VectorXd& weights;           ///< [n] of the cell times the factor of the piece
  const Eigen::VectorXd& likelihood;        ///< [n] log
  const Eigen::MatrixXd& priors;            ///< n × K: P(k | x)
  const Eigen::MatrixXd& posteriors;        ///< n × K
  const std::vector<Eigen::MatrixXd>& own;  ///< [K] scores of each class's outcome, n × q
};

/// Consecutive cells that one thread adds up.
struct Chunk {
  std::size_t number, first, end;
};

/// Σ over cells and pieces of v log Σ_k π_k(x) P(statement | k) f_k(z), in ψ = (β_k, P each, of all
/// components but the reference; φ_k, q each, of all components).
class ClassLikelihood {
 public:
  /// All are kept by reference; `outcome` may be null.
  ClassLikelihood(const Cells& cells, const Evidence& evidence, const OutcomeModel* outcome,
                  std::size_t n_components, std::size_t reference);

  Eigen::Index n_parameters() const;
  Eigen::Index n_components() const { return n_components_; }
  /// Where the logit of component k begins, −1 for the reference, and its outcome.
  Eigen::Index logit(Eigen::Index k) const;
  Eigen::Index outcome(Eigen::Index k) const;

  double value(const Eigen::VectorXd& psi) const;
  /// Louis's identity (1982): what is missing is Σ v Cov(complete-data score | what was seen).
  Derivatives derivatives(const Eigen::VectorXd& psi) const;
  void for_each_block(const Eigen::VectorXd& psi, const std::function<void(const TermBlock&)>& visit) const;

  std::size_t n_chunks() const;
  /// Several at once; the order of sums that are kept by chunk is always the same.
  void for_each_chunk(const std::function<void(const Chunk&)>& visit) const;
  void for_each_block(const Eigen::VectorXd& psi, const Chunk& chunk,
                      const std::function<void(const TermBlock&)>& visit) const;

  /// ∂ log likelihood of each term of the block / ∂ψ, n × p.
  RowMatrix scores(const TermBlock& block) const;

  /// Whether odds between two classes exceed e^50 somewhere, which is without bound.
  bool is_beyond(const Eigen::VectorXd& psi) const;

  const Cells& cells() const { return cells_; }
  const Evidence& evidence() const { return evidence_; }

 private:
  struct Work;
  struct Piece;
  struct Factors;
  void add_cells(const Eigen::VectorXd& psi, std::size_t first, std::size_t end, Derivatives& sums) const;
  void add_products(const Work& work, const Factors& factors, Derivatives& sums) const;
  void add_curvature(const Eigen::VectorXd& psi, std::size_t first, const Factors& factors,
                     Derivatives& sums) const;
  Eigen::MatrixXd covariates(const TermBlock& block) const;

  const Cells& cells_;
  const Evidence& evidence_;
  const OutcomeModel* outcome_;
  Eigen::Index n_components_;
  Eigen::Index reference_;
};

}  // namespace mixbern
