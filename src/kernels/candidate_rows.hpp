// Rows with their candidates, as FindCandidates leaves them.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/kernel_table.hpp"

namespace mixbern::kernel {

/// One row after the other. `Owner` must be a type of the including file's own, so that no code is shared
/// between instruction sets; inlined, so that its numbers stay in registers. Order of calls: (add+ end_row)*.
template <class Owner>
class CandidateRows {
 public:
  CandidateRows(uint32_t* sole, uint32_t* rows, uint32_t* begins, uint32_t* components)
      : sole_(sole), rows_(rows), begins_(begins), components_(components) {
    begins_[0] = 0;
  }
  [[gnu::always_inline]] void add(size_t component) {
    components_[count_++] = static_cast<uint32_t>(component);
  }
  [[gnu::always_inline]] void end_row(size_t i) {
    if (count_ == begins_[n_several_] + 1) {
      sole_[i] = components_[--count_];
      return;
    }
    sole_[i] = kNone;
    for (size_t j = 0; j < kCandidateSlack; ++j) components_[count_ + j] = kNone;
    count_ = static_cast<uint32_t>((count_ + kSlots - 1) / kSlots * kSlots);
    rows_[n_several_] = static_cast<uint32_t>(i);
    begins_[++n_several_] = count_;
  }
  size_t n_several() const { return n_several_; }

 private:
  uint32_t* sole_;
  uint32_t* rows_;
  uint32_t* begins_;
  uint32_t* components_;
  size_t n_several_ = 0;
  uint32_t count_ = 0;
};

}  // namespace mixbern::kernel
