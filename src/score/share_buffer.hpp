// Room for the shares of some rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/kernel_table.hpp"

namespace mixbern {

/// Shares as kernels write them, in memory that the next rows use again. Order of calls: (make_room (empty
/// write read)*)*.
class ShareBuffer {
 public:
  /// For so many rows with as many shares each at most.
  void make_room(std::size_t n_rows, std::size_t most) {
    rows_.resize(n_rows);
    begins_.resize(n_rows + 1);
    components_.resize(n_rows * most + kernel::kShareSlack);
    amounts_.resize(n_rows * most + kernel::kShareSlack);
  }
  /// Of no rows yet.
  kernel::Shares& empty() {
    shares_ = {0, rows_.data(), begins_.data(), components_.data(), amounts_.data()};
    return shares_;
  }
  const kernel::Shares& get() const { return shares_; }

 private:
  kernel::Shares shares_{};
  std::vector<std::uint32_t> rows_, begins_, components_;
  std::vector<std::int64_t> amounts_;
};

}  // namespace mixbern
