// Which lanes of 128-bit registers are chosen, for the files of the kernel for 64-bit Arm alone.
#pragma once

#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>

namespace mixbern::kernel::neon {

// Sixteen lanes of a byte each, all ones or zero: bits 4 j … 4 j + 3 are those of lane j.
static inline uint64_t nibbles_of(uint8x16_t lanes) {
  return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(lanes), 4)), 0);
}

// The first lane of such a mask, which is not empty, and the mask without it.
static inline size_t first_lane(uint64_t nibbles) {
  return static_cast<size_t>(__builtin_ctzll(nibbles)) / 4;
}
static inline uint64_t without(uint64_t nibbles, size_t lane) {
  return nibbles & ~(uint64_t{15} << (4 * lane));
}

}  // namespace mixbern::kernel::neon
