// Sums over ones, or over missing cells, by component and feature.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/row_codes.hpp"
#include "data/rows_view.hpp"
#include "sums/shared_rows.hpp"
#include "sums/sole_rows.hpp"
#include "sums/sums_by_code.hpp"

namespace mixbern {

/// The components that share a row, each once, and their amounts; one may be 0.
struct RowShares {
  std::span<const std::uint32_t> components;
  std::span<const std::int64_t> amounts;
};

/// Σ_i amount_ik x_id, K × D. Order of calls: (add* finish merge* read*)*, with clear() before each round but
/// the first. Memory: K · D · 8 bytes, and that of what it gathers and sums by code.
class CellSums {
 public:
  /// A row of weight 1 has the amount 2^fraction_bits.
  CellSums(std::size_t n_components, std::size_t n_features, Encoding encoding, int fraction_bits);

  /// Row i of a block for each of its components by itself.
  void add(const RowsView& rows, std::size_t i, const RowShares& shares);
  /// Rows for all components at once; see SumsByCode.
  void add_by_code(const RowCodes& codes, std::size_t begin, const std::uint32_t* rows, std::size_t n,
                   const std::int64_t* amounts) {
    by_code_.add(codes, begin, rows, n, amounts);
  }
  /// The rows of a block of which a component has all, packed ones as bits, sparse ones by columns. `sole`:
  /// the component of each row, kernel::kNone if there is none. REQUIRES: rows of weight 1.
  void add_sole(const RowsView& rows, std::span<const std::uint32_t> sole);
  void finish();
  void merge(const CellSums& other);
  void clear();

  /// Of one component, by feature.
  class Component {
   public:
    Component(const std::int64_t* sums, const std::int64_t* sole, int fraction_bits)
        : sums_(sums), sole_(sole), fraction_bits_(fraction_bits) {}
    std::int64_t operator[](std::size_t d) const {
      return sums_[d] + (sole_ == nullptr ? 0 : sole_[d] << fraction_bits_);
    }

   private:
    const std::int64_t* sums_;
    const std::int64_t* sole_;  // null: none
    int fraction_bits_;
  };
  Component operator[](std::size_t k) const {
    return {sums_.data() + k * n_features_, sole_.empty() ? nullptr : sole_.ones(k).data(), fraction_bits_};
  }
  /// All sums, [K × D], at the end of `values`; and in place of what is here.
  void append_to(std::vector<std::int64_t>& values) const;
  void assign(std::span<const std::int64_t> values);
  /// The rows of add_sole(), of which the sums are a part.
  const SoleRows& sole() const { return sole_; }

 private:
  std::size_t n_features_;
  int fraction_bits_;
  std::vector<std::int64_t> sums_;  // [K × D], and 64 more
  SharedRows gathered_;
  SumsByCode by_code_;
  SoleRows sole_;
};

}  // namespace mixbern
