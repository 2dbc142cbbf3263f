// Folding all rows, block by block, into one set of statistics.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "em/e_step.hpp"

namespace mixbern {

/// Adds rows begin … end-1 to the accumulator.
using FoldBlock = std::function<void(std::size_t begin, std::size_t end, Accumulator& into)>;

/// Calls of reduce() in any number; each starts from zero. The sums are integers, so block size, number of
/// threads and the order in which blocks are taken change nothing.
class Reducer {
 public:
  virtual ~Reducer() = default;
  /// Folds rows 0 … n_rows-1; the result stays valid until the next call.
  virtual const SufficientStats& reduce(std::size_t n_rows, const FoldBlock& fold) = 0;
};

/// Rows a block: the caller's `wanted`, or, if that is 0, as many as keep the working memory in a first-level
/// cache.
std::size_t block_rows_for(std::size_t wanted, std::size_t stride);

std::unique_ptr<Reducer> make_serial_reducer(const StatsLayout& layout, std::size_t block_rows);
/// Runs in the task arena of the caller; each thread keeps one accumulator.
std::unique_ptr<Reducer> make_thread_reducer(const StatsLayout& layout, std::size_t block_rows);

}  // namespace mixbern
