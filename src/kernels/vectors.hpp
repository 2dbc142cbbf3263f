// Registers of any length, as the compiler knows them.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace mixbern::kernel {

// kWidth numbers in a register.
template <size_t kWidth>
using VectorOf [[gnu::vector_size(8 * kWidth)]] = double;
template <size_t kWidth>
using IntegersOf [[gnu::vector_size(8 * kWidth)]] = uint64_t;  // modulo 2^64

// From and to anywhere.
template <class Vector>
[[gnu::always_inline]] static inline Vector load(const void* from) {
  Vector vector;
  __builtin_memcpy(&vector, from, sizeof(vector));
  return vector;
}
template <class Vector>
[[gnu::always_inline]] static inline void store(const Vector& vector, void* to) {
  __builtin_memcpy(to, &vector, sizeof(vector));
}

}  // namespace mixbern::kernel
