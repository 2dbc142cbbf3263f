// Sums over packed rows on tiles of bytes (AMX): 16,384 products of a bit and a digit an instruction,
// whatever the bits are.
//
// An entry of the table is three or four digits of 8 bits. The digits of up to five components are the rows
// of a product of tiles, and rows of data its columns, so that tiles are only as high as there are components
// to share out, and what comes next has the values of 16 rows for one component side by side. Sums of a digit
// stay in 32 bits, and are joined at the end, modulo 2^32. The limit is a cycle for each row of a tile, which
// is n_digits / 16 cycles a word of a row and component.
//
// Tiles 0 to 3 are sums, 4 and 5 digits of two tiles, 6 and 7 bits of twice 16 rows; the intrinsics want
// literals.
//
// Compilers don't take it that the tile intrinsics read and write memory, so a fence stands between those and
// everything else that does.
#include <immintrin.h>

#include "kernels/avx512_masks.hpp"
#include "kernels/x86.hpp"

namespace mixbern::kernel::amx {
namespace {

constexpr size_t kTileRows = 16;
constexpr size_t kRowBytes = 64;
constexpr size_t kTileBytes = kTileRows * kRowBytes;
constexpr size_t kTileSums = kTileBytes / sizeof(int32_t);
// Rows of data that are done together: two tiles.
constexpr size_t kRows = 2 * kTileRows;
// Words of a row that are done together: a register, and 16 KB as bytes, which leaves the first-level cache
// room for the digits.
constexpr size_t kWords = 8;

struct alignas(64) TileConfig {
  uint8_t palette = 1;
  uint8_t start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t row_bytes[16] = {};
  uint8_t rows[16] = {};
};

inline void fence() {
  __asm__ volatile("" ::: "memory");
}

void configure(size_t n_rows) {
  TileConfig config;
  for (int tile = 0; tile < 8; ++tile) {
    config.row_bytes[tile] = kRowBytes;
    config.rows[tile] = static_cast<uint8_t>(tile >= 6 ? kTileRows : n_rows);
  }
  fence();
  _tile_loadconfig(&config);
}

// Eight registers as 64 groups of eight bytes: bytes 2 j and 2 j + 1 of each 128 bits, j < 8, side by side in
// out[j].
inline void transpose(const __m512i in[8], __m512i out[8]) {
  __m512i pairs[8], fours[8];
  for (size_t i = 0; i < 4; ++i) {
    pairs[i] = _mm512_unpacklo_epi8(in[2 * i], in[2 * i + 1]);
    pairs[4 + i] = _mm512_unpackhi_epi8(in[2 * i], in[2 * i + 1]);
  }
  for (size_t i = 0; i < 4; ++i) {
    fours[i / 2 * 4 + i % 2] = _mm512_unpacklo_epi16(pairs[2 * i], pairs[2 * i + 1]);
    fours[i / 2 * 4 + 2 + i % 2] = _mm512_unpackhi_epi16(pairs[2 * i], pairs[2 * i + 1]);
  }
  for (size_t i = 0; i < 4; ++i) {
    out[2 * i] = _mm512_unpacklo_epi32(fours[2 * i], fours[2 * i + 1]);
    out[2 * i + 1] = _mm512_unpackhi_epi32(fours[2 * i], fours[2 * i + 1]);
  }
}

// Half bytes of eight words of 16 rows, those at even places and those at odd ones: bit 4 i + b of
// even[(w % 2 · 4 + j / 2) · 8 + w / 2 · 2 + j % 2] is bit 8 j + b of word w of row i.
struct Nibbles {
  alignas(64) uint64_t even[64];
  alignas(64) uint64_t odd[64];

  void take(const __m512i rows[kTileRows]) {
    const __m512i low = _mm512_set1_epi16(0x0f0f);
    __m512i pairs[8], eights[8];
    const auto put = [&](uint64_t* to) {
      transpose(pairs, eights);
      for (size_t i = 0; i < 8; ++i) _mm512_store_si512(to + 8 * i, eights[i]);
    };
    constexpr int kSelect = 0xca;  // the second where the first is one, the third where it is zero
    for (size_t i = 0; i < 8; ++i) {
      pairs[i] = _mm512_ternarylogic_epi64(low, rows[2 * i], _mm512_slli_epi16(rows[2 * i + 1], 4), kSelect);
    }
    put(even);
    for (size_t i = 0; i < 8; ++i) {
      pairs[i] = _mm512_ternarylogic_epi64(low, _mm512_srli_epi16(rows[2 * i], 4), rows[2 * i + 1], kSelect);
    }
    put(odd);
  }

  // Byte 4 i + b of line r is bit 4 r + b of word w of row i.
  void spread(size_t w, uint8_t* tile) const {
    const __m512i one = _mm512_set1_epi8(1);
    const size_t first = w % 2 * 32 + w / 2 * 2;
    for (size_t j = 0; j < 8; ++j) {
      const size_t at = first + j / 2 * 8 + j % 2;
      _mm512_store_si512(tile + 2 * j * kRowBytes, _mm512_maskz_mov_epi8(even[at], one));
      _mm512_store_si512(tile + (2 * j + 1) * kRowBytes, _mm512_maskz_mov_epi8(odd[at], one));
    }
  }
};

// Up to eight words of 32 rows.
struct Bits {
  Nibbles nibbles[2];      // of 16 rows
  uint32_t words[kWords];  // those that are not zero in all rows
  size_t n_words;

  void take(const uint64_t* from, size_t words_per_row, size_t some, size_t n_rows) {
    const __mmask8 there = avx512::first_lanes(some);
    __m512i any = _mm512_setzero_si512();
    for (size_t half = 0; half < 2; ++half) {
      __m512i rows[kTileRows];
      for (size_t i = 0; i < kTileRows; ++i) {
        const size_t row = half * kTileRows + i;
        rows[i] = row < n_rows ? _mm512_maskz_loadu_epi64(there, from + row * words_per_row)
                               : _mm512_setzero_si512();
        any = _mm512_or_si512(any, rows[i]);
      }
      nibbles[half].take(rows);
    }
    n_words = 0;
    for (unsigned left = _mm512_test_epi64_mask(any, any); left != 0; left &= left - 1)
      words[n_words++] = static_cast<uint32_t>(__builtin_ctz(left));
  }

  // The j-th of these words as two tiles.
  void spread(size_t j, uint8_t* tiles) const {
    nibbles[0].spread(words[j], tiles + 2 * j * kTileBytes);
    nibbles[1].spread(words[j], tiles + (2 * j + 1) * kTileBytes);
  }
};

// sums[(2 t + h) · 256 + 16 r + i]: of row r of digit tile t < kTiles, and row 16 h + i of data. Those of a
// word have `tile_size` bytes; the second tile is n_words words later. `next` takes the place of what has
// been read: it is spread while products are formed.
template <size_t kTiles>
void add_digits(uint8_t* bytes, const uint32_t* words, size_t some, const int8_t* digits, size_t tile_size,
                size_t n_words, const Bits* next, int32_t* sums) {
  _tile_zero(0);
  _tile_zero(1);
  if constexpr (kTiles > 1) {
    _tile_zero(2);
    _tile_zero(3);
  }
  const size_t n_next = next != nullptr ? next->n_words : 0;
  for (size_t j = 0; j < some; ++j) {
    const uint8_t* tiles = bytes + 2 * j * kTileBytes;
    const int8_t* tile = digits + words[j] * tile_size;
    _tile_loadd(6, tiles, kRowBytes);
    _tile_loadd(4, tile, kRowBytes);
    _tile_dpbsud(0, 4, 6);
    _tile_loadd(7, tiles + kTileBytes, kRowBytes);
    _tile_dpbsud(1, 4, 7);
    if constexpr (kTiles > 1) {
      _tile_loadd(5, tile + n_words * tile_size, kRowBytes);
      _tile_dpbsud(2, 5, 6);
      _tile_dpbsud(3, 5, 7);
    }
    if (j >= n_next) continue;
    fence();
    next->spread(j, bytes);
    fence();
  }
  _tile_stored(0, sums, kRowBytes);
  _tile_stored(1, sums + kTileSums, kRowBytes);
  if constexpr (kTiles > 1) {
    _tile_stored(2, sums + 2 * kTileSums, kRowBytes);
    _tile_stored(3, sums + 3 * kTileSums, kRowBytes);
  }
  fence();
  for (size_t j = some; j < n_next; ++j) next->spread(j, bytes);
}

// columns[16 r + i], for r < height: Σ_q 256^q sums[16 (r · n_digits + q) + i], after start[r] or what is
// there (null).
template <size_t kDigits>
void join(const int32_t* sums, size_t height, const int32_t* start, int32_t* columns) {
  for (size_t r = 0; r < height; ++r, sums += kDigits * kTileRows, columns += kTileRows) {
    __m512i sum = start != nullptr ? _mm512_set1_epi32(start[r]) : _mm512_loadu_si512(columns);
    for (unsigned q = 0; q < kDigits; ++q) {
      const __m512i digit = _mm512_load_si512(sums + q * kTileRows);
      sum = _mm512_add_epi32(sum, _mm512_slli_epi32(digit, 8 * q));
    }
    _mm512_storeu_si512(columns, sum);
  }
}

// Up to 32 rows from `begin` on, up to eight words of each from `first` on.
struct Part {
  const uint64_t* words;
  size_t n_words, n_rows;
  size_t begin = 0, first = 0;

  bool is_there() const { return begin < n_rows; }
  size_t rows() const { return n_rows - begin < kRows ? n_rows - begin : kRows; }
  void take(Bits& bits) const {
    const uint64_t* from = words + begin * n_words;
    if (first == 0 && begin + 3 * kRows <= n_rows) {  // the rows after the next, into the second-level cache
      const uint64_t* after = from + 2 * kRows * n_words;
      for (size_t w = 0; w < kRows * n_words; w += 8) __builtin_prefetch(after + w, 0, 2);
    }
    bits.take(from + first, n_words, n_words - first < kWords ? n_words - first : kWords, rows());
  }
  Part next() const {
    Part part = *this;
    part.first += kWords;
    if (part.first < n_words) return part;
    part.first = 0;
    part.begin += kRows;
    return part;
  }
};

template <size_t kDigits>
void add_all(const uint64_t* words, size_t n_words, size_t n_rows, const Digits& digits, const int32_t* start,
             int32_t* columns) {
  Bits bits;
  alignas(kRowBytes) uint8_t bytes[kWords * 2 * kTileBytes];
  alignas(kRowBytes) int32_t sums[4 * kTileSums];
  configure(digits.height * kDigits);
  const size_t tile_size = digits.height * kDigits * kRowBytes;
  const size_t of_row = n_columns(digits);
  Part part{words, n_words, n_rows};
  part.take(bits);
  for (size_t j = 0; j < bits.n_words; ++j) bits.spread(j, bytes);
  while (part.is_there()) {
    uint32_t chosen[kWords];
    const size_t n_chosen = bits.n_words;
    for (size_t j = 0; j < n_chosen; ++j) chosen[j] = bits.words[j];
    const Part next = part.next();
    if (next.is_there()) next.take(bits);
    for (size_t t = 0; t < digits.n_tiles; t += 2) {
      const int8_t* tile = digits.values + (t * n_words + part.first) * tile_size;
      const size_t together = t + 1 == digits.n_tiles ? 1 : 2;
      const Bits* spread = next.is_there() && t + together == digits.n_tiles ? &bits : nullptr;
      fence();
      (together == 1 ? add_digits<1> : add_digits<2>)(bytes, chosen, n_chosen, tile, tile_size, n_words,
                                                      spread, sums);
      for (size_t j = 0; j < together * 2; ++j) {
        const size_t half = j % 2, component = (t + j / 2) * digits.height;
        if (half * kTileRows >= part.rows()) continue;
        join<kDigits>(sums + j * kTileSums, digits.height, part.first == 0 ? start + component : nullptr,
                      columns + (part.begin + half * kTileRows) * of_row + component * kTileRows);
      }
    }
    part = next;
  }
  _tile_release();
}

}  // namespace

void add_dense(const uint64_t* words, size_t n_words, size_t n_rows, const Digits& digits,
               const int32_t* start, int32_t* columns) {
  return digits.n_digits == 3 ? add_all<3>(words, n_words, n_rows, digits, start, columns)
                              : add_all<4>(words, n_words, n_rows, digits, start, columns);
}

}  // namespace mixbern::kernel::amx
