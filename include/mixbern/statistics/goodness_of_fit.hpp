// Does a mixture fit its data? Observed counts of patterns and of pairs against expected ones.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "mixbern/mixture/posterior.hpp"

namespace mixbern {

/// A statistic and its asymptotic p-value; NaN where there is none.
struct TestStatistic {
  double statistic = 0;
  double p_value = 0;
};

/// The mixture against the saturated model of all patterns, 2^D of items of two answers, which is fitted to
/// rows with missing cells by full information maximum likelihood.
struct SaturatedTests {
  double log_likelihood = 0;      ///< of the saturated model
  TestStatistic g2 = {};          ///< 2 (log L_saturated − log L): right where cells are missing at random
  double degrees_of_freedom = 0;  ///< 2^D − 1 − parameters
  TestStatistic mcar = {};        ///< of cells missing completely at random, whatever the mixture:
                                  ///< 2 (log L of a table for each set of answered items −
                                  ///< log L_saturated)
  double mcar_degrees_of_freedom = 0;  ///< cells − tables − (2^D − 1) (Fuchs, JASA 77 (1982) 270-278)
};

/// The table of all 2^D patterns against the mixture. Rows with missing cells are compared within the table
/// of the items that they answered: one table of 2^(answered items) cells for each set of answered items,
/// whose expected counts are its number of rows times the mixture's probabilities (docs/statistics.md). Rows
/// that answered nothing count nowhere.
struct GoodnessOfFit {
  double n = 0;                   ///< weight of the rows that answered anything
  std::size_t n_patterns = 0;     ///< patterns that occur
  double n_cells = 0;             ///< cells of all tables; may be infinite
  double degrees_of_freedom = 0;  ///< cells − tables − parameters; may be <= 0 or infinite
  TestStatistic g2;               ///< 2 Σ o log(o / e)
  TestStatistic x2;               ///< Σ (o − e)² / e over all cells (Pearson)
  TestStatistic cressie_read;     ///< power divergence with λ = 2/3 (Read and Cressie 1988)
  bool sparse =
      false;  ///< fewer than five rows a cell on average: the asymptotic p-values are not to be trusted
  bool missing = false;  ///< some cells are
  /// Where cells are missing; nothing for categorical items, and where that would take too long: more than 63
  /// items, 2^18 ways to complete the distinct rows, or a second.
  std::optional<SaturatedTests> saturated = {};
};

/// p-values are NaN where degrees of freedom are <= 0 or beyond 1e9; statistics are infinite where a pattern
/// occurs that the mixture rules out. REQUIRES: data.n_features() == mixture.n_features();
/// std::invalid_argument otherwise. Cost: O(N) to find the patterns, then O(patterns · D · K).
GoodnessOfFit goodness_of_fit(const Mixture& mixture, const Dataset& data,
                              const PosteriorOptions& options = {});

/// P(X >= statistic) for a chi-squared X; NaN unless 0 < degrees_of_freedom <= 1e9.
double chi_squared_p_value(double statistic, double degrees_of_freedom);

/// Pearson's statistic of each pair of items, over the rows that answered both, against the mixture's
/// probabilities of the cells; divided by its degrees of freedom, one where both have two answers (Vermunt
/// and Magidson 2016; Maydeu-Olivares and Joe 2006). Above about 3.84 the two items hang together in a way
/// that the components do not explain. Pairs of items (0,1), (0,2), …; a categorical item is one. Cost:
/// O(patterns · D²), O(D²) memory.
std::vector<double> bivariate_residuals(const Mixture& mixture, const Dataset& data);

/// Position of the pair (first, second) in bivariate_residuals. REQUIRES: first < second < n_items.
constexpr std::size_t pair_index(std::size_t first, std::size_t second, std::size_t n_items) {
  return first * (2 * n_items - first - 1) / 2 + (second - first - 1);
}

/// A pattern that occurs.
struct PatternResidual {
  std::size_t row;  ///< a row of the data that has it: the first
  double observed;  ///< weight of the rows that have it
  double expected;  ///< rows with these items answered, times its probability
  double residual;  ///< (o − e) / √e
};

/// The `most` patterns with the largest |residual|, largest first; ties by row.
std::vector<PatternResidual> pattern_residuals(const Mixture& mixture, const Dataset& data, std::size_t most,
                                               const PosteriorOptions& options = {});

}  // namespace mixbern
