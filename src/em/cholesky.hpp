// Small symmetric systems.
#pragma once

#include <vector>

namespace mixbern {

/// Solves A x = b in place by Cholesky's method, A = L D Lᵀ: `matrix` is A, n × n, of which the lower
/// triangle is read, and is overwritten; `right` is b and becomes x. False, and b unusable, unless A is
/// positive definite. O(n³ / 6).
bool solve_positive_definite(std::vector<double>& matrix, std::vector<double>& right);

}  // namespace mixbern
