// Which components can have a part in a row, from sums of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/aligned.hpp"
#include "kernels/registry.hpp"
#include "model/row_block.hpp"
#include "model/row_facts.hpp"

namespace mixbern {

/// For each row of a block the components whose log joint may be within kernel::kNegligible of the largest:
/// sole[i] if there is one. Those of the j-th row with several, rows[j], are components[begins[j]] …
/// components[begins[j + 1] − 1], ascending, and kernel::kNone up to a multiple of 16.
struct Candidates {
  std::vector<std::uint32_t> sole;  // kernel::kNone where there are several
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> begins;
  std::vector<std::uint32_t> components;
  // Working memory.
  AlignedVector<std::uint16_t> sums;
  std::vector<std::uint16_t> reaches;
};

/// The tables of FixedLogJoint once more, in a byte an entry. A row's sums of bytes, 16 bits each, are right
/// to half a unit a code, so that who is too far below the largest to have a part in the row is known; 64
/// components cost as much as 16 in 32 bits, or less. Who is left is summed up exactly: the result is the
/// same to the bit.
class Screen {
 public:
  /// A table in 32 bits, tiles × codes × 16, and how far the entries of each code are from zero at most.
  struct Source {
    const std::int32_t* tiles = nullptr;
    std::span<const std::int32_t> spreads;
    std::size_t most_codes = 0;  // in one row
  };
  /// `missing` without tiles: no cell is. `base`: b_k, none above 0. `reach`: kNegligible. All in units.
  /// False, and nothing may be asked for, if rows have too many codes for sums of 16 bits.
  bool assign(std::size_t n_components, const Source& ones, const Source& missing,
              std::span<const std::int32_t> base, double reach);

  void find(const RowBlock& rows, Candidates& found) const;

 private:
  std::size_t n_lines() const { return (n_components_ + kernel::kByteLanes - 1) / kernel::kByteLanes; }
  void coarsen(const Source& source, float scale, AlignedVector<std::uint8_t>& lines) const;

  std::size_t n_components_ = 0;
  double reach_ = 0;                            // in units of a byte
  std::vector<std::uint16_t> base_;             // [64 a line]
  AlignedVector<std::uint8_t> ones_, missing_;  // lines × codes × 64
  std::size_t n_ones_codes_ = 0, n_missing_codes_ = 0;
};

}  // namespace mixbern
