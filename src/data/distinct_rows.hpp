// Which rows are equal; the two halves of collapse(), for who looks before he goes on with them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern {

/// Rows of `data` that are equal, in their ones, missing cells and label, as one whose weight is the sum. A
/// fold over pieces of it, in their order: add* take. Memory: 50 bytes or so for each distinct row, and a
/// copy of it where the rows are outside memory.
class DistinctRows {
 public:
  /// Distinct rows may take so many bytes, what is needed to find them included, were they copied. `data` is
  /// not owned.
  explicit DistinctRows(const Dataset& data, std::size_t most_bytes = SIZE_MAX);

  /// Rows in memory, of which the first is number `begin` of the data. False once more than the bytes allowed
  /// were needed: then there is nothing to take. `distinct_of_row`, if not null, gets the number of each
  /// row's distinct row.
  bool add(const Dataset& piece, std::size_t begin, std::vector<std::size_t>* distinct_of_row = nullptr);

  std::size_t count() const { return hashes_.size(); }
  /// The distinct rows in order of first appearance, with their weights and what the data says of its
  /// columns. Nothing is left here.
  Dataset take();

 private:
  std::size_t find_or_insert(const Dataset& piece, std::size_t i, std::size_t begin);
  bool is_same(std::size_t distinct, const Dataset& piece, std::size_t i) const;
  void insert(const Dataset& piece, std::size_t i, std::size_t begin);
  void append(const Dataset& piece, std::size_t i);
  void grow();

  const Dataset& data_;
  bool copies_;
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  Dataset rows_;                     // copies
  std::vector<std::size_t> firsts_;  // the number of each distinct row, where there are no copies
  std::vector<double> weights_;
  std::vector<std::uint64_t> hashes_;  // of each distinct row
  std::vector<std::uint32_t> slots_;   // open addressing, linear probing, at most half full
};

/// The distinct rows of `data`, outside memory or in it, with what it says of its columns.
Dataset distinct_rows(const Dataset& data, std::vector<std::size_t>* distinct_of_row = nullptr);

/// What is found of the distinct rows of `data` if they fit into 128 MB, with what is needed to find them:
/// there are rarely equal rows where there are more, and rows outside memory are there for a reason.
std::optional<DistinctRows> few_distinct_rows(const Dataset& data);

/// A hash of all rows in their order, with their missing cells, labels and weights. One pass.
std::uint64_t fingerprint(const Dataset& data);

}  // namespace mixbern
