// The inner loops as plain functions over plain arrays. Instruction-set files include headers of this folder
// that are made for it, the intrinsics and nothing else, so that no inline function built for a newer
// processor can be linked into the rest.
//
// A row of data is spelt as codes: numbers of the table rows whose sum is wanted. Either the columns of its
// ones, or, where ones are dense, one code 16 g + p for each group g of four columns whose bits p are not all
// zero; that table then has the 16 sums of each group. Rows are offsets (absolute, one more than rows) into
// codes.
//
// In doubles, the K values of a row stand in `stride` numbers, K rounded up to a multiple of 4, and a table
// is codes × stride. In fixed point they stand in tiles of 16 slots, 32-bit integers: a table is tiles ×
// codes × 16.
//
// Every kernel gives the same bits as the scalar one: fixed-point sums are exact; sums of doubles over codes
// run in ascending order for each component by itself, sums over components in four interleaved lanes or in
// integers, and no operation is fused.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/codes.hpp"
#include "kernels/responsibilities.hpp"
#include "kernels/sums.hpp"
#include "kernels/tables.hpp"

namespace mixbern::kernel {

// out[i] = log(x[i]), within 2 units in the last place; log 0 = −∞. May be in place. REQUIRES: x finite, >=
// 0.
using Logarithms = void(const double* x, size_t n, double* out);

struct SeriesKernels {
  Logarithms* logarithms;
};

struct KernelTable {
  const char* name;
  const char* description;
  bool (*is_supported)();

  CodeKernels codes;
  TableKernels tables;
  ResponsibilityKernels responsibilities;
  SumKernels sums;
  SeriesKernels series;
};

extern const KernelTable kScalarKernel;
#if defined(__x86_64__)
extern const KernelTable kAvx2Kernel;
extern const KernelTable kAvx512Kernel;
extern const KernelTable kAmxKernel;
#elif defined(__aarch64__)
extern const KernelTable kNeonKernel;
#endif

}  // namespace mixbern::kernel
