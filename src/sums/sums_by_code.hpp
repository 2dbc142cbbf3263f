// Sums over rows by their codes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/aligned.hpp"
#include "data/row_codes.hpp"

namespace mixbern {

/// Σ_i amount_ik over the rows that have a code, [codes × stride], which are those of features added up.
/// Memory: K · codes · 8 bytes, from the first row on.
class SumsByCode {
 public:
  SumsByCode(std::size_t n_components, std::size_t n_features, Encoding encoding);

  /// Of n rows, from `begin` on, or of those numbers if `rows` is not null: `amounts` are [n × stride].
  void add(const RowCodes& codes, std::size_t begin, const std::uint32_t* rows, std::size_t n,
           const std::int64_t* amounts);
  /// Moves all into `sums`, [K × D].
  void flush(std::int64_t* sums);
  void clear();

 private:
  void take_columns(std::size_t first, std::int64_t* sums);
  void take_group(std::size_t group, std::int64_t* sums);

  std::size_t n_components_, n_features_, stride_;
  Encoding encoding_;
  AlignedVector<std::int64_t> sums_;
  bool is_empty_ = true;
};

}  // namespace mixbern
