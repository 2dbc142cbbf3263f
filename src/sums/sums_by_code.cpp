#include "sums/sums_by_code.hpp"

#include <algorithm>
#include <utility>

#include "base/parallel.hpp"
#include "kernels/registry.hpp"

namespace mixbern {

SumsByCode::SumsByCode(std::size_t n_components, std::size_t n_features, Encoding encoding)
    : n_components_(n_components),
      n_features_(n_features),
      stride_(kernel::stride_for(n_components)),
      encoding_(encoding) {}

void SumsByCode::add(const RowCodes& codes, std::size_t begin, const std::uint32_t* rows, std::size_t n,
                     const std::int64_t* amounts) {
  is_empty_ = false;
  sums_.resize(n_codes(encoding_, n_features_) * stride_);
  kernel::active().sums.add_outer(codes.offsets() + begin, codes.codes(), rows, n, amounts, stride_,
                                  sums_.data());
}

void SumsByCode::flush(std::int64_t* sums) {
  if (std::exchange(is_empty_, true)) return;
  for_ranges((n_features_ + 3) / 4, 16 * stride_, [&](std::size_t begin, std::size_t end) {
    for (std::size_t group = begin; group < end; ++group) {
      if (encoding_ == Encoding::kColumns) {
        take_columns(4 * group, sums);
      } else {
        take_group(group, sums);
      }
    }
  });
}

// Four columns at a time, which then stand side by side.
void SumsByCode::take_columns(std::size_t first, std::int64_t* sums) {
  const std::size_t n = std::min<std::size_t>(4, n_features_ - first);
  std::int64_t* columns = sums_.data() + first * stride_;
  for (std::size_t k = 0; k < n_components_; ++k) {
    std::int64_t* to = sums + k * n_features_ + first;
    for (std::size_t j = 0; j < n; ++j) to[j] += columns[j * stride_ + k];
  }
  std::fill_n(columns, n * stride_, 0);
}

void SumsByCode::take_group(std::size_t group, std::int64_t* sums) {
  const std::size_t n = std::min<std::size_t>(4, n_features_ - 4 * group);
  std::int64_t* codes = sums_.data() + 16 * group * stride_;
  for (std::size_t k = 0; k < n_components_; ++k) {
    std::int64_t of_feature[4] = {};
    for (unsigned pattern = 1; pattern < 16; ++pattern) {
      const std::int64_t count = codes[pattern * stride_ + k];
      for (unsigned j = 0; j < 4; ++j) of_feature[j] += (pattern >> j & 1U) != 0 ? count : 0;
    }
    std::int64_t* to = sums + k * n_features_ + 4 * group;
    for (std::size_t j = 0; j < n; ++j) to[j] += of_feature[j];
  }
  std::fill_n(codes, 16 * stride_, 0);
}

void SumsByCode::clear() {
  if (std::exchange(is_empty_, true)) return;
  for_ranges(sums_.size(), 1, [&](std::size_t begin, std::size_t end) {
    std::fill(sums_.data() + begin, sums_.data() + end, 0);
  });
}

}  // namespace mixbern
