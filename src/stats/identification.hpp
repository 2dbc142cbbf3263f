// Which directions of the parameters leave the distribution as it is?
#pragma once

#include <Eigen/Dense>

#include "stats/free_parameters.hpp"

namespace mixbern {

/// Expected information of one row, scaled to a unit diagonal, split by its eigenvalues.
struct Identification {
  Eigen::VectorXd scale;  ///< square roots of its diagonal
  Eigen::MatrixXd flat;   ///< count × (count − rank): orthonormal directions without information
  Eigen::MatrixXd steep;  ///< count × rank: the others; empty where all are
  std::size_t rank = 0;
};

/// Over all 2^D patterns where D <= 12 and nothing is missing, else over 4,096 rows drawn from the mixture
/// with the missing cells of the table's rows; with classes that are held, over the table's rows too.
/// Deterministic. Not the observed information: that of a flat
/// ridge is only as singular as EM has come close to it, while the scores of a model that is not identified
/// are linearly dependent everywhere. O(patterns · count² + count³).
Identification identify(const Mixture& mixture, const PatternTable& table, const FreeParameters& free,
                        const PosteriorOptions& options);

/// Free cells of the table of all patterns less the parameters: below 0 no data determine the model.
double degrees_of_freedom(const Mixture& mixture);

/// Dimensions by which the distributions of a model with that many components and features fall short of its
/// parameters, wherever these lie: what negative degrees of freedom leave over, and 1 for three components of
/// four features; no other model falls short (Catalisano, Geramita and Gimigliano, J. Algebraic Geom. 20
/// (2011) 295-327). Components that coincide or are empty are no matter of the model.
std::size_t missing_dimensions(const Mixture& mixture);

}  // namespace mixbern
