// Sums over packed rows on tiles of bytes (AMX): 16,384 products of a bit and a digit an instruction,
// whatever the bits are.
//
// An entry of the table is four digits of 8 bits; sums of a digit stay in 32 bits, and are joined at the end,
// modulo 2^32. The limit is 16 cycles a product of tiles, which is 4 cycles a word of a row and 16
// components.
//
// Compilers don't take it that the tile intrinsics read and write memory, so a fence stands between those and
// everything else that does.
#include <immintrin.h>

#include "kernels/x86.hpp"

namespace mixbern::kernel::amx {
namespace {

constexpr size_t kTileRows = 16;
constexpr size_t kRowBytes = 64;
constexpr size_t kTileBytes = kTileRows * kRowBytes;
constexpr size_t kDigits = 4;
// Rows that are done together: two tiles.
constexpr size_t kRows = 2 * kTileRows;
// Words of a row that are bytes at a time: 32 KB.
constexpr size_t kWords = 16;

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

void configure() {
  TileConfig config;
  for (size_t tile = 0; tile < 8; ++tile) {
    config.row_bytes[tile] = kRowBytes;
    config.rows[tile] = kTileRows;
  }
  fence();
  _tile_loadconfig(&config);
}

// A byte a bit, 0 or 1: of word w of row i at bytes[(w · kRows + i) · 64]. Rows past the last are zero.
void spread_bits(const uint64_t* words, size_t n_words, size_t n_rows, size_t words_per_row, uint8_t* bytes) {
  const __m512i one = _mm512_set1_epi8(1);
  for (size_t w = 0; w < n_words; ++w) {
    for (size_t i = 0; i < kRows; ++i) {
      const uint64_t word = i < n_rows ? words[i * words_per_row + w] : 0;
      _mm512_store_si512(bytes + (w * kRows + i) * kRowBytes, _mm512_maskz_mov_epi8(word, one));
    }
  }
}

// sums[r · 256 + 16 i + l], r < 2: of row 16 r + i for two digits, the second kRows rows later.
void add_digits(const uint8_t* bytes, size_t n_words, const uint32_t* digits, int32_t* sums) {
  constexpr size_t kSums = kTileBytes / sizeof(int32_t);
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (size_t w = 0; w < n_words; ++w) {
    _tile_loadd(4, bytes, kRowBytes);
    _tile_loadd(5, bytes + kTileBytes, kRowBytes);
    _tile_loadd(6, digits, kRowBytes);
    _tile_loadd(7, digits + kSums, kRowBytes);
    _tile_dpbuud(0, 4, 6);
    _tile_dpbuud(1, 5, 6);
    _tile_dpbuud(2, 4, 7);
    _tile_dpbuud(3, 5, 7);
    bytes += 2 * kTileBytes;
    digits += kDigits * kSums;
  }
  _tile_stored(0, sums, kRowBytes);
  _tile_stored(1, sums + kSums, kRowBytes);
  _tile_stored(2, sums + 2 * kSums, kRowBytes);
  _tile_stored(3, sums + 3 * kSums, kRowBytes);
}

}  // namespace

void add_dense(const uint64_t* words, size_t n_words, size_t n_rows, const uint32_t* digits, size_t n_tiles,
               const int32_t* start, int32_t* out, size_t out_stride) {
  constexpr size_t kTileNumbers = kTileBytes / sizeof(uint32_t);
  alignas(64) uint8_t bytes[kWords * kRows * kRowBytes];
  alignas(64) int32_t sums[kDigits * kRows * kLanes];
  configure();
  for (size_t begin = 0; begin < n_rows; begin += kRows) {
    const size_t n = n_rows - begin < kRows ? n_rows - begin : kRows;
    for (size_t first = 0; first < n_words; first += kWords) {
      const size_t some = n_words - first < kWords ? n_words - first : kWords;
      spread_bits(words + begin * n_words + first, some, n, n_words, bytes);
      for (size_t t = 0; t < n_tiles; ++t) {
        const uint32_t* of_tile = digits + (t * n_words + first) * kDigits * kTileNumbers;
        fence();
        add_digits(bytes, some, of_tile, sums);
        add_digits(bytes, some, of_tile + 2 * kTileNumbers, sums + 2 * kRows * kLanes);
        fence();
        for (size_t i = 0; i < n; ++i) {
          int32_t* to = out + (begin + i) * out_stride + t * kLanes;
          __m512i sum = _mm512_loadu_si512(first == 0 ? start + t * kLanes : to);
          for (unsigned q = 0; q < kDigits; ++q) {
            const __m512i digit = _mm512_load_si512(sums + (q * kRows + i) * kLanes);
            sum = _mm512_add_epi32(sum, _mm512_slli_epi32(digit, 8 * q));
          }
          _mm512_storeu_si512(to, sum);
        }
      }
    }
  }
  _tile_release();
}

}  // namespace mixbern::kernel::amx
