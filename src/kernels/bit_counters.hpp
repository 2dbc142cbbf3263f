// Counting rows of bits with few instructions a row.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace mixbern::kernel {

/// Counters of 8 bits for as many features as `Bits` has, bit p of each in planes[p]. Eight rows go through a
/// tree of full adders (Harley and Seal; Muła, Kurz and Lemire 2018, Faster population counts using AVX2
/// instructions), 7 for 8 rows, before their carry passes through the upper planes. `Bits` has load(from, n)
/// and store(to, n) of n words at most, sum(a, b, c), the parity of each bit, and carry(a, b, c), the
/// majority. It must be a type of the including file's own, so that no code is shared between instruction
/// sets.
template <class Bits>
class BitCounters {
 public:
  /// Modulo 256: adds rows rows[j] of n_words words each, at words[rows[j] · n_words], of which the first n
  /// are counted, to the planes, which are n_words apart.
  static void add(const uint64_t* words, size_t n_words, size_t n, const uint32_t* rows, size_t n_rows,
                  uint64_t* planes) {
    BitCounters counters;
    for (size_t p = 0; p < 8; ++p) counters.planes_[p] = Bits::load(planes + p * n_words, n);
    const auto row = [&](size_t j) { return Bits::load(words + rows[j] * n_words, n); };
    size_t j = 0;
    for (; j + 8 <= n_rows; j += 8) {
      const Bits fours = counters.add_four(row(j), row(j + 1), row(j + 2), row(j + 3));
      const Bits more_fours = counters.add_four(row(j + 4), row(j + 5), row(j + 6), row(j + 7));
      counters.ripple(counters.add_pair(2, fours, more_fours), 3);
    }
    if (j + 4 <= n_rows) {
      counters.ripple(counters.add_four(row(j), row(j + 1), row(j + 2), row(j + 3)), 2);
      j += 4;
    }
    for (; j < n_rows; ++j) counters.ripple(row(j), 0);
    for (size_t p = 0; p < 8; ++p) counters.planes_[p].store(planes + p * n_words, n);
  }

 private:
  // Two numbers of weight 2^p; what is left has twice that weight.
  Bits add_pair(size_t p, Bits a, Bits b) {
    const Bits carry = Bits::carry(planes_[p], a, b);
    planes_[p] = Bits::sum(planes_[p], a, b);
    return carry;
  }
  Bits add_four(Bits a, Bits b, Bits c, Bits d) {
    const Bits twos = add_pair(0, a, b);
    return add_pair(1, twos, add_pair(0, c, d));
  }
  void ripple(Bits carry, size_t p) {
    for (; p < 8; ++p) carry = add_pair(p, carry, Bits{});
  }

  Bits planes_[8];
};

/// One word, for BitCounters. `Owner` must be a type of the including file's own.
template <class Owner>
struct OneWord {
  uint64_t bits;

  static OneWord load(const uint64_t* from, size_t) { return {*from}; }
  void store(uint64_t* to, size_t) const { *to = bits; }
  static OneWord sum(OneWord a, OneWord b, OneWord c) { return {a.bits ^ b.bits ^ c.bits}; }
  static OneWord carry(OneWord a, OneWord b, OneWord c) {
    return {(a.bits & b.bits) | ((a.bits ^ b.bits) & c.bits)};
  }
};

}  // namespace mixbern::kernel
