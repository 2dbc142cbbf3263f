#include "em/cholesky.hpp"

#include <cstddef>

namespace mixbern {

bool solve_positive_definite(std::vector<double>& matrix, std::vector<double>& right) {
  const std::size_t n = right.size();
  // The rows of D Lᵀ come to stand in the upper triangle: what is added up lies side by side.
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) matrix[i * n + j] = matrix[j * n + i];
  }
  for (std::size_t j = 0; j < n; ++j) {
    const double* row = matrix.data() + j * n;
    if (!(row[j] > 0)) return false;
    const double inverse = 1 / row[j];
    for (std::size_t i = j + 1; i < n; ++i) {
      const double factor = row[i] * inverse;
      double* other = matrix.data() + i * n;
      for (std::size_t l = i; l < n; ++l) other[l] -= factor * row[l];
      right[i] -= factor * right[j];
    }
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t l = i + 1; l < n; ++l) right[i] -= matrix[i * n + l] * right[l];
    right[i] /= matrix[i * n + i];
  }
  return true;
}

}  // namespace mixbern
