// Kernels that add up a row's entries of tables: products of 0/1 rows with them.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace mixbern::kernel {

// Slots of a tile of a fixed-point table, one a component: one 64-byte line.
constexpr size_t kSlots = 16;
// Slots of a line of a table of bytes: component c < 32 is byte 2 c, c >= 32 byte 2 (c − 32) + 1.
constexpr size_t kByteSlots = 64;

// No component.
constexpr uint32_t kNone = UINT32_MAX;

// find_candidates may write so many components more than there are.
constexpr size_t kCandidateSlack = 16;

// out[i, k] += Σ_j table[code_ij, k]. The matrix product of 0/1 rows with the table.
using AddRows = void(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const double* table,
                     size_t stride, double* out);
// The same for one tile, modulo 2^32: out[i · out_stride + l] = start[i · start_stride + l] + Σ_j
// tile[code_ij, l], l < 16. start may be out. REQUIRES: tile[code, l] = 0 for l >= n_used.
using AddTile = void(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const int32_t* tile,
                     size_t n_used, const int32_t* start, size_t start_stride, int32_t* out,
                     size_t out_stride);

// A table in bytes, for packed rows of n_words words: entry = Σ_q 256^q digit q, modulo 2^32. Digit q of
// feature 64 w + b for component t · height + r, r < height, is
// values[(((t · n_words + w) · height + r) · n_digits + q) · 64 + b].
struct Digits {
  const int8_t* values;
  size_t n_digits;  // 3 or 4
  size_t n_tiles;
  size_t height;  // height · n_digits <= 16
};
static inline size_t n_columns(const Digits& digits) {
  return digits.n_tiles * digits.height;
}
// The sums of packed rows, n_words words each, by such a table: of row i and component c, modulo 2^32,
// start[c] + Σ_d entry_dc x_id at columns[(i / 16 · n_columns + c) · 16 + i % 16]. Rows that fill up 16 have
// any values. The cost does not depend on the ones, but words that neighbouring rows lack cost nothing.
using AddDense = void(const uint64_t* words, size_t n_words, size_t n_rows, const Digits& digits,
                      const int32_t* start, int32_t* columns);

// A table of bytes for up to four tiles that stand one after the other: the byte of component 16 t + l of
// lines[64 j] is (tiles[(t · n_codes + j) · 16 + l] + lifts[j]) · scale in single precision, rounded to the
// nearest integer, ties to even; 0 for t >= n_tiles. REQUIRES: in [0, 255.4].
using Coarsen = void(const int32_t* tiles, size_t n_tiles, size_t n_codes, const int32_t* lifts, float scale,
                     uint8_t* lines);
// add_tile for a line of bytes: out[i · out_stride + c] = start[i · start_stride + c] + Σ_j byte c of
// line code_ij, c < 64, modulo 2^16. start may be out.
using AddBytes = void(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const uint8_t* lines,
                      const uint16_t* start, size_t start_stride, uint16_t* out, size_t out_stride);
// The candidates: the k < n_components with values[i · stride + k] + reaches[i] >= max_k values[i · stride +
// k]. sole[i] is that component if there is one, and kNone if there are several. Those of the j-th row with
// several, rows[j], ascend, and kNone fills up to a multiple of 16: components[begins[j]] …
// components[begins[j + 1] − 1], begins[0] = 0; kCandidateSlack more may be written. Returns the number of
// such rows. stride is a multiple of 32.
using FindCandidates = size_t(const uint16_t* values, size_t stride, size_t n_rows, size_t n_components,
                              const uint16_t* reaches, uint32_t* sole, uint32_t* rows, uint32_t* begins,
                              uint32_t* components);
// out[j] += Σ weights[64 w + b] over the bits b of words[rows[j] · n_words + w], w < n_words, modulo 2^32.
using DotBits = void(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
                     const int32_t* weights, int32_t* out);

struct TableKernels {
  AddRows* add_rows;
  AddTile* add_tile;
  AddDense* add_dense;  // null where there is no matrix unit
  // The others are null where sums in 32 bits are as fast.
  Coarsen* coarsen;
  AddBytes* add_bytes;
  FindCandidates* find_candidates;
  DotBits* dot_bits;
};

}  // namespace mixbern::kernel
