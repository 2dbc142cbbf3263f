// What is known of the rows before the first iteration, and stays.
#pragma once

#include <cstddef>
#include <vector>

#include "base/archive.hpp"
#include "data/row_source.hpp"

namespace mixbern {

/// Of all rows, from one pass: O(ones). A fold, whose parts merge exactly where weights are whole numbers.
/// Order of calls: add* merge* finish read*.
struct RowFacts {
  explicit RowFacts(const RowSource& rows, Arithmetic how = Arithmetic::kDouble);
  /// Of a data set in memory, spelt as suits the arithmetic.
  explicit RowFacts(const Dataset& data, Arithmetic how = Arithmetic::kDouble);
  /// Of none of the rows yet.
  static RowFacts of_none(const RowSource& rows, Arithmetic how);

  void add(const RowBlock& rows);
  /// REQUIRES: facts of other rows of the same source, neither finished.
  void merge(const RowFacts& other);
  void finish();
  /// Facts for kFixed become those for `how`, as another pass would find them. REQUIRES: finished.
  void settle(Arithmetic how);

  /// As an archive takes them down or gives them back. Throws std::invalid_argument for facts that no rows
  /// have.
  void save(ArchiveWriter& archive) const;
  static RowFacts load(ArchiveReader& archive);

  Arithmetic arithmetic = Arithmetic::kDouble;
  Encodings encodings;
  Items items;
  bool is_packed = true;  ///< the ones are
  bool is_weighted = false;
  double ones_a_row = 0;
  double codes_a_row = 0;  ///< of packed ones; 0 of sparse ones
  std::size_t n_rows = 0;
  std::size_t n_ones = 0;
  std::size_t n_missing = 0;
  double total_weight = 0;
  double largest_weight = 1;
  double informative_weight = 0;  ///< of the rows with at least one observed cell
  std::vector<double> ones;       ///< Σ_i w_i x_id, [D]
  std::vector<double> missing;    ///< Σ_i w_i [x_id missing], [D]; empty without missing cells
  std::size_t most_ones = 0;      ///< in one row
  std::size_t most_missing = 0;

 private:
  RowFacts() = default;
  void load_items(ArchiveReader& archive);
  template <class Self, class Archive>
  static void remember(Self& facts, Archive& archive);
  bool can_be() const;
};

}  // namespace mixbern
