// The tile intrinsics that src/kernels/amx.cpp calls, number by number as Intel's manual gives them (Software
// Developer's Manual, volume 2: LDTILECFG, TILERELEASE, TILEZERO, TILELOADD, TILESTORED, TDPBSUD), for
// processors without them: that file is compiled once more with this header before it.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace emulated {

struct Tiles {
  struct Tile {
    std::size_t rows = 0, row_bytes = 0;
    std::uint8_t at[16][64];
  };
  Tile tiles[8];
  bool is_configured = false;

  static Tiles& of_thread() {
    static thread_local Tiles tiles;
    return tiles;
  }
  Tile& operator[](int i) {
    if (!is_configured) std::abort();
    return tiles[i];
  }

  void configure(const void* from) {
    const auto* config = static_cast<const std::uint8_t*>(from);
    if (config[0] != 1) std::abort();
    is_configured = true;
    for (int i = 0; i < 8; ++i) {
      std::uint16_t row_bytes = 0;
      std::memcpy(&row_bytes, config + 16 + 2 * i, sizeof(row_bytes));
      if (row_bytes > 64 || config[48 + i] > 16) std::abort();
      tiles[i].rows = config[48 + i];
      tiles[i].row_bytes = row_bytes;
      zero(i);
    }
  }
  void zero(int i) { std::memset((*this)[i].at, 0, sizeof(tiles[i].at)); }
  void load(int i, const void* from, std::size_t stride) {
    zero(i);
    for (std::size_t r = 0; r < tiles[i].rows; ++r)
      std::memcpy(tiles[i].at[r], static_cast<const char*>(from) + r * stride, tiles[i].row_bytes);
  }
  void store(int i, void* to, std::size_t stride) {
    const Tile& tile = (*this)[i];
    for (std::size_t r = 0; r < tile.rows; ++r)
      std::memcpy(static_cast<char*>(to) + r * stride, tile.at[r], tile.row_bytes);
  }
  // Signed bytes of a times unsigned ones of b.
  void multiply(int to, int a, int b) {
    Tile& sums = (*this)[to];
    const Tile &left = tiles[a], &right = tiles[b];
    if (left.rows != sums.rows || left.row_bytes != 4 * right.rows || right.row_bytes != sums.row_bytes)
      std::abort();
    for (std::size_t m = 0; m < sums.rows; ++m) {
      for (std::size_t n = 0; n < sums.row_bytes / 4; ++n) {
        std::uint32_t sum = 0;
        std::memcpy(&sum, sums.at[m] + 4 * n, sizeof(sum));
        for (std::size_t k = 0; k < right.rows; ++k) {
          for (std::size_t byte = 0; byte < 4; ++byte) {
            const auto signed_one = static_cast<std::int8_t>(left.at[m][4 * k + byte]);
            sum += static_cast<std::uint32_t>(signed_one * right.at[k][4 * n + byte]);
          }
        }
        std::memcpy(sums.at[m] + 4 * n, &sum, sizeof(sum));
      }
    }
  }
};

}  // namespace emulated

// NOLINTBEGIN: names of the compiler's.
#undef _tile_loadd
#undef _tile_stored
#undef _tile_zero
#undef _tile_dpbsud
#define _tile_loadconfig(p) emulated::Tiles::of_thread().configure(p)
#define _tile_release() (emulated::Tiles::of_thread().is_configured = false)
#define _tile_zero(i) emulated::Tiles::of_thread().zero(i)
#define _tile_loadd(i, p, stride) emulated::Tiles::of_thread().load(i, p, stride)
#define _tile_stored(i, p, stride) emulated::Tiles::of_thread().store(i, p, stride)
#define _tile_dpbsud(to, a, b) emulated::Tiles::of_thread().multiply(to, a, b)
// NOLINTEND
