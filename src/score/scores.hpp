// Scores of the rows of a block.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/aligned.hpp"
#include "data/row_block.hpp"
#include "kernels/registry.hpp"

namespace mixbern {

/// Some of the rows that a block's scores are of, in their order.
struct Part {
  std::size_t begin = 0, end = 0;
  std::size_t size() const { return end - begin; }
};

/// For each row of a block the components whose score may be within kernel::kNegligible of the largest:
/// sole[i] if there is one. Those of the j-th row with several, rows[j], are components[begins[j]] …
/// components[begins[j + 1] − 1], ascending, and kernel::kNone up to a multiple of 16.
struct Candidates {
  std::vector<std::uint32_t> sole;  // kernel::kNone where there are several
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> begins;
  std::vector<std::uint32_t> components;
  // Of rows with one candidate, if they are wanted: which, and its score.
  std::vector<std::uint32_t> sole_rows;
  std::vector<std::int32_t> sole_scores;
  std::size_t n_skipped = 0;  // blocks that are still to come: looking for candidates did not pay
  // Working memory: sums of bytes, and how far from the largest of a row they matter; rows by component, of
  // which the k-th begin where those before end, where the score of each belongs, and it.
  AlignedVector<std::uint16_t> byte_sums;
  std::vector<std::uint16_t> reaches;
  std::vector<std::size_t> ends;
  std::vector<std::uint32_t> chosen;
  std::vector<std::int32_t*> places;
  std::vector<std::int32_t> chosen_scores;
};

/// The log joints of a block's rows with the components, as a way to score leaves them: in units of a
/// ScoreTable less what all components of a row share, or, in doubles, normalised. They are of all rows in
/// their order, or, by candidates, of those with several.
struct Scores {
  enum class Form {
    kRows,        ///< values[i · stride + k]
    kColumns,     ///< as kernel::AddDense leaves them
    kCandidates,  ///< values[place] of candidates.components[place]
    kPosteriors,  ///< posteriors[i · stride + k], of log_likelihoods[i]
  };
  static constexpr std::size_t kPartRows = 64;

  /// A block's scores are to be filled in.
  void begin(Form as, std::size_t block_rows, std::size_t components, double in_unit) {
    form = as;
    n_block_rows = block_rows;
    n_components = components;
    unit = in_unit;
  }
  std::size_t n_rows() const { return form == Form::kCandidates ? candidates.rows.size() : n_block_rows; }
  /// Which row of the block the j-th is.
  std::uint32_t row(std::size_t j) const {
    return form == Form::kCandidates ? candidates.rows[j] : static_cast<std::uint32_t>(j);
  }
  /// Parts of so many rows that what is made of them stays in the cache: from the first on, until it is
  /// empty.
  Part part_from(std::size_t begin) const {
    const bool is_small = form == Form::kPosteriors;  // as the blocks in doubles are
    return {begin, is_small ? n_rows() : std::min(begin + kPartRows, n_rows())};
  }

  /// Score k of row i. REQUIRES: kRows or kColumns.
  std::int32_t& value(std::size_t i, std::size_t k) {
    return values[form == Form::kColumns ? kernel::place_in_columns(i, k, stride) : i * stride + k];
  }
  /// A row belongs to a component that it is held in, or to one of some: the other scores become −∞.
  /// REQUIRES: kRows or kColumns.
  void semi_supervised(const RowBlock& rows);
  /// As kernels take them, from the j-th row on. REQUIRES: kRows or kCandidates.
  kernel::RowValues from(std::size_t j) const {
    if (form == Form::kRows) return {values.data() + j * stride, most, stride, nullptr, nullptr};
    return {values.data(), most, 0, candidates.begins.data() + j, candidates.components.data()};
  }
  /// A part as one tile of rows. REQUIRES: kRows or kColumns, at most 16 components.
  const std::int32_t* tile(Part part, AlignedVector<std::int32_t>& memory) const;

  Form form = Form::kRows;
  std::size_t n_block_rows = 0;
  std::size_t n_components = 0;
  std::size_t most = 0;  // padded K
  std::size_t stride = 0;
  double unit = 1;
  AlignedVector<std::int32_t> values;
  Candidates candidates;
  AlignedVector<double> posteriors;
  std::vector<double> log_likelihoods;
  std::vector<double> sums;  // working memory of kPosteriors
};

}  // namespace mixbern
