// Which components can have a part in a row, from sums of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/aligned.hpp"
#include "data/row_block.hpp"
#include "data/row_facts.hpp"
#include "kernels/registry.hpp"
#include "score/score_table.hpp"
#include "score/scores.hpp"

namespace mixbern {

/// A ScoreTable once more, in a byte an entry. A row's sums of bytes, 16 bits each, are right
/// to half a unit a code, so that who is too far below the largest to have a part in the row is known; 64
/// components cost as much as 16 in 32 bits, or less. Who is left is summed up exactly: the result is the
/// same to the bit.
class CoarseTable {
 public:
  /// Of a table that is laid out, and has spreads. False, and nothing may be asked for, if rows have too many
  /// codes for sums of 16 bits.
  bool assign(const ScoreTable& table, const RowFacts& facts);

  /// Who may matter to each row: candidates' sole, rows, begins and components. REQUIRES: rows are spelt.
  void find(const RowBlock& rows, Candidates& found) const;

 private:
  std::size_t n_lines() const { return (n_components_ + kernel::kByteSlots - 1) / kernel::kByteSlots; }
  void coarsen(const Entries& entries, float scale, AlignedVector<std::uint8_t>& lines) const;
  void add(const RowCodes& codes, std::size_t n_rows, const AlignedVector<std::uint8_t>& lines, bool begins,
           AlignedVector<std::uint16_t>& sums) const;
  std::uint16_t reach(std::uint64_t n_codes) const;
  // An odd number of half lines, so that a column of sums does not fall into a few sets of the cache.
  std::size_t stride() const { return n_lines() * kernel::kByteSlots + kernel::kByteSlots / 2; }

  std::size_t n_components_ = 0;
  double reach_ = 0;                            // in units of a byte
  std::vector<std::uint16_t> base_;             // [64 a line]
  AlignedVector<std::uint8_t> ones_, missing_;  // lines × codes × 64
};

}  // namespace mixbern
