// Responsibilities in fixed point where few components matter to a row.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/kernel_table.hpp"

namespace mixbern::kernel {

/// SoftmaxFixed in three passes over some rows: the candidates, entries near their row's maximum, of whatever
/// row, side by side; their exponentials; the sums and shares of each row. Whether a row has one entry is as
/// good as random, so there is no branch on it: an entry that turns out to be alone is written over, since
/// its sum is known. All of it happens in the memory of the shares, what is read ahead of what is written.
///
/// `Vectors` must be a type of the including file's own, so that no code is shared between instruction sets:
///   largest(values, n): the maximum of n values, a multiple of 16;
///   append_candidates(values, components, n, threshold, maximum, to, below): the components (null: 0, 1, …)
///     of those above the threshold to to[0] …, value less maximum to below[0] …; returns how many. Up to 16
///     more numbers may be written than those before and these are;
///   exponentials(below, n, unit, e): exp(below[j] · unit), from the last one; e lies behind below, and up to
///     8 more are read and written;
///   sum(e, n): Σ round(e · kSumScale);
///   share(components, e, n, factor, to_components, to_amounts): the components, and round(e · factor); up to
///     8 more are written.
template <class Vectors>
class CandidateSoftmax {
 public:
  static void run(const RowValues& rows, size_t n_rows, double unit, const double* factors, int32_t* maxima,
                  double* sums, uint32_t* sole, Shares* shares) {
    const size_t n = find_entries(rows, n_rows, unit, maxima, sums, sole, shares);
    share(n, unit, factors, sums, sole, shares);
  }

  // The other two passes over n rows, rows[j], which the first has left entries begins[j] … begins[j + 1] − 1
  // of in components_of() and below_of(): components ascending, and values less the row's maximum.
  static void share(size_t n, double unit, const double* factors, double* sums, uint32_t* sole,
                    Shares* shares) {
    Vectors::exponentials(below_of(*shares), shares->begins[n], unit,
                          reinterpret_cast<double*>(shares->amounts + kAhead));
    take_shares(n, factors, sums, sole, shares);
  }
  static uint32_t* components_of(const Shares& shares) { return shares.components + kAhead; }
  static char* below_of(const Shares& shares) { return reinterpret_cast<char*>(shares.amounts); }

 private:
  static constexpr size_t kAhead = 8;

  // Rows with more than one entry, which it returns the number of, to `shares`, with their entries.
  static size_t find_entries(const RowValues& rows, size_t n_rows, double unit, int32_t* maxima, double* sums,
                             uint32_t* sole, Shares* shares) {
    const int32_t reach = reach_in(unit);
    uint32_t* components = components_of(*shares);
    char* below = below_of(*shares);
    size_t n = 0;
    size_t count = 0;
    shares->begins[0] = 0;
    for (size_t i = 0; i < n_rows; ++i) {
      const bool all = rows.begins == nullptr;
      const size_t first = all ? i * rows.stride : rows.begins[i];
      const size_t n_values = all ? rows.most : rows.begins[i + 1] - first;
      const int32_t* values = rows.values + first;
      const int32_t maximum = Vectors::largest(values, n_values);
      const int32_t threshold = threshold_below(maximum, reach);
      const size_t found =
          Vectors::append_candidates(values, all ? nullptr : rows.components + first, n_values, threshold,
                                     maximum, components + count, below + count * sizeof(int32_t));
      maxima[i] = maximum;
      sums[i] = 1;
      const size_t is_more = found == 1 ? 0 : 1;
      sole[i] = components[count] | (0U - static_cast<uint32_t>(is_more));
      shares->rows[n] = static_cast<uint32_t>(i);
      n += is_more;
      count += found & (0 - is_more);
      shares->begins[n] = static_cast<uint32_t>(count);
    }
    return n;
  }

  static void take_shares(size_t n, const double* factors, double* sums, uint32_t* sole, Shares* shares) {
    size_t n_shared = 0;
    size_t n_shares = 0;
    const uint32_t* components = components_of(*shares);
    const auto* e = reinterpret_cast<const double*>(shares->amounts + kAhead);
    size_t begin = 0;
    for (size_t j = 0, count = 0; j < n; ++j, begin += count, components += count, e += count) {
      const uint32_t i = shares->rows[j];
      count = shares->begins[j + 1] - begin;
      sums[i] = static_cast<double>(Vectors::sum(e, count)) * (1 / kSumScale);
      const double factor = factors[i] / sums[i];
      if (static_cast<int64_t>(__builtin_nearbyint(factor)) == static_cast<int64_t>(factors[i])) {
        size_t best = 0;
        while (e[best] != 1) ++best;
        sole[i] = components[best];
        continue;
      }
      Vectors::share(components, e, count, factor, shares->components + n_shares, shares->amounts + n_shares);
      n_shares += count;
      shares->rows[n_shared] = i;
      shares->begins[++n_shared] = static_cast<uint32_t>(n_shares);
    }
    shares->n_rows = n_shared;
  }
};

}  // namespace mixbern::kernel
