// The 512-bit intrinsics that src/kernels/avx512_*.cpp and amx.cpp call, lane by lane, for processors without
// them: those files are compiled once more with this header before them. Slow, and for GCC alone, whose
// 512-bit types can be used without the instructions.
#pragma once

#include <immintrin.h>

#include <cmath>
#include <cstdint>
#include <cstring>

namespace emulated {

template <class Lane, class Vector>
struct Array {
  static constexpr int kLanes = sizeof(Vector) / sizeof(Lane);
  Lane at[kLanes] = {};
  Array() = default;
  // Both convert, as intrinsics take vectors of any lanes.
  Array(Vector v) { std::memcpy(at, &v, sizeof(v)); }  // NOLINT(google-explicit-constructor)
  operator Vector() const {                            // NOLINT(google-explicit-constructor)
    Vector v;
    std::memcpy(&v, at, sizeof(v));
    return v;
  }
};

using I8 = Array<std::uint8_t, __m512i>;
using I16 = Array<std::uint16_t, __m512i>;
using I32 = Array<std::uint32_t, __m512i>;
using S32 = Array<std::int32_t, __m512i>;
using I64 = Array<std::uint64_t, __m512i>;
using S64 = Array<std::int64_t, __m512i>;
using D = Array<double, __m512d>;
using F = Array<float, __m512>;
using Half = Array<std::int32_t, __m256i>;

template <class To, class Make>
To lanes(Make make) {
  To to;
  for (int i = 0; i < To::kLanes; ++i) to.at[i] = static_cast<decltype(to.at[0] + 0)>(make(i));
  return to;
}
template <class A, class Test>
std::uint64_t mask(Test test) {
  std::uint64_t bits = 0;
  for (int i = 0; i < A::kLanes; ++i) bits |= static_cast<std::uint64_t>(test(i) ? 1 : 0) << i;
  return bits;
}
inline bool has(std::uint64_t mask, int i) {
  return (mask >> i & 1) != 0;
}

// Loads, stores and compression leave out the lanes that are not chosen; loaded and compressed, they are 0.
template <class A>
A zero() {
  return {};
}
template <class A>
A load(const void* from, std::uint64_t chosen = ~std::uint64_t{0}) {
  A to;
  for (int i = 0; i < A::kLanes; ++i) {
    if (has(chosen, i))
      std::memcpy(&to.at[i], static_cast<const char*>(from) + i * sizeof(to.at[i]), sizeof(to.at[i]));
  }
  return to;
}
template <class A>
void store(void* to, A a, std::uint64_t chosen = ~std::uint64_t{0}) {
  for (int i = 0; i < A::kLanes; ++i) {
    if (has(chosen, i)) std::memcpy(static_cast<char*>(to) + i * sizeof(a.at[i]), &a.at[i], sizeof(a.at[i]));
  }
}
template <class A>
A compress(std::uint64_t chosen, A a) {
  A to;
  int n = 0;
  for (int i = 0; i < A::kLanes; ++i) {
    if (has(chosen, i)) to.at[n++] = a.at[i];
  }
  return to;
}
template <class A>
A choose(A otherwise, std::uint64_t chosen, A a) {
  return lanes<A>([&](int i) { return has(chosen, i) ? a.at[i] : otherwise.at[i]; });
}
template <class A>
A add(A a, A b) {
  return lanes<A>([&](int i) { return a.at[i] + b.at[i]; });
}
template <class A>
A sub(A a, A b) {
  return lanes<A>([&](int i) { return a.at[i] - b.at[i]; });
}
template <class A>
A mul(A a, A b) {
  return lanes<A>([&](int i) { return a.at[i] * b.at[i]; });
}
template <class A>
A div(A a, A b) {
  return lanes<A>([&](int i) { return a.at[i] / b.at[i]; });
}
template <class A>
A max(A a, A b) {  // as the instruction: b unless a is greater
  return lanes<A>([&](int i) { return a.at[i] > b.at[i] ? a.at[i] : b.at[i]; });
}
template <class A, class X>
A set1(X x) {
  return lanes<A>([&](int) { return x; });
}
template <class A>
A left(A a, unsigned n) {
  return lanes<A>([&](int i) { return a.at[i] << n; });
}
template <class A>
A right(A a, unsigned n) {
  return lanes<A>([&](int i) { return a.at[i] >> n; });
}
template <class To, class From>
To part(From from, int i) {
  To to;
  std::memcpy(&to, reinterpret_cast<const char*>(&from) + i * static_cast<int>(sizeof(to)), sizeof(to));
  return to;
}
inline __m512d broadcast(__m256d a) {
  const Array<double, __m256d> four(a);
  return lanes<D>([&](int i) { return four.at[i % 4]; });
}
inline __mmask8 compare(D a, D b, int how) {
  return static_cast<__mmask8>(mask<D>(
      [&](int i) { return how == _CMP_LT_OQ ? a.at[i] < b.at[i] : how == _CMP_GT_OQ && a.at[i] > b.at[i]; }));
}
inline D shuffle_pairs(D a, D b, int how) {
  return lanes<D>([&](int i) {
    const int pair = how >> (2 * (i / 2)) & 3;
    return (i < 4 ? a : b).at[2 * pair + i % 2];
  });
}
inline D permute_in_pairs(D a, int how) {
  return lanes<D>([&](int i) { return a.at[i / 2 * 2 + (how >> i & 1)]; });
}
inline I64 ternary(I64 a, I64 b, I64 c, int table) {
  return lanes<I64>([&](int i) {
    std::uint64_t result = 0;
    for (int bit = 0; bit < 64; ++bit) {
      const unsigned row =
          static_cast<unsigned>((a.at[i] >> bit & 1) << 2 | (b.at[i] >> bit & 1) << 1 | (c.at[i] >> bit & 1));
      result |= static_cast<std::uint64_t>(table >> row & 1) << bit;
    }
    return result;
  });
}
// From each 128 bits of two registers the first halves (or the second) in turns.
template <class A>
A unpack(A a, A b, bool second) {
  constexpr int kPart = 16 / sizeof(a.at[0]);
  return lanes<A>([&](int i) {
    const int from = i / kPart * kPart + (second ? kPart / 2 : 0) + i % kPart / 2;
    return (i % 2 == 0 ? a : b).at[from];
  });
}
template <class A>
auto sum(A a) {
  auto total = a.at[0];
  for (int i = 1; i < A::kLanes; ++i) total += a.at[i];
  return total;
}
template <class A>
auto largest(A a) {
  auto found = a.at[0];
  for (int i = 1; i < A::kLanes; ++i) found = a.at[i] > found ? a.at[i] : found;
  return found;
}

}  // namespace emulated

// NOLINTBEGIN: names of the compiler's.
#define EMULATED(type, expression) (static_cast<type>(expression))
#define _mm512_loadu_si512(p) EMULATED(__m512i, emulated::load<emulated::I8>(p))
#define _mm512_loadu_pd(p) EMULATED(__m512d, emulated::load<emulated::D>(p))
#define _mm512_storeu_si512(p, a) emulated::store<emulated::I8>(p, a)
#define _mm512_storeu_pd(p, a) emulated::store<emulated::D>(p, a)
#define _mm512_load_si512(p) _mm512_loadu_si512(p)
#define _mm512_store_si512(p, a) _mm512_storeu_si512(p, a)
#define _mm512_maskz_loadu_epi16(k, p) EMULATED(__m512i, emulated::load<emulated::I16>(p, k))
#define _mm512_maskz_loadu_epi64(k, p) EMULATED(__m512i, emulated::load<emulated::I64>(p, k))
#define _mm512_maskz_loadu_pd(k, p) EMULATED(__m512d, emulated::load<emulated::D>(p, k))
#define _mm512_mask_storeu_epi32(p, k, a) emulated::store<emulated::I32>(p, a, k)
#define _mm512_mask_storeu_epi64(p, k, a) emulated::store<emulated::I64>(p, a, k)
#define _mm512_mask_storeu_pd(p, k, a) emulated::store<emulated::D>(p, a, k)
#define _mm512_maskz_compress_epi32(k, a) EMULATED(__m512i, emulated::compress<emulated::I32>(k, a))
#define _mm512_setzero_si512() EMULATED(__m512i, emulated::zero<emulated::I64>())
#define _mm512_setzero_pd() EMULATED(__m512d, emulated::zero<emulated::D>())
#define _mm512_set1_epi8(x) EMULATED(__m512i, emulated::set1<emulated::I8>(x))
#define _mm512_set1_epi16(x) EMULATED(__m512i, emulated::set1<emulated::I16>(x))
#define _mm512_set1_epi32(x) EMULATED(__m512i, emulated::set1<emulated::I32>(x))
#define _mm512_set1_epi64(x) EMULATED(__m512i, emulated::set1<emulated::I64>(x))
#define _mm512_set1_pd(x) EMULATED(__m512d, emulated::set1<emulated::D>(x))
#define _mm512_set1_ps(x) EMULATED(__m512, emulated::set1<emulated::F>(x))
#define _mm512_setr_epi32(...) \
  EMULATED(__m512i, emulated::load<emulated::I32>((const std::int32_t[16]){__VA_ARGS__}))
#define _mm512_add_epi16(a, b) EMULATED(__m512i, emulated::add<emulated::I16>(a, b))
#define _mm512_add_epi32(a, b) EMULATED(__m512i, emulated::add<emulated::I32>(a, b))
#define _mm512_add_epi64(a, b) EMULATED(__m512i, emulated::add<emulated::I64>(a, b))
#define _mm512_add_pd(a, b) EMULATED(__m512d, emulated::add<emulated::D>(a, b))
#define _mm512_sub_epi16(a, b) EMULATED(__m512i, emulated::sub<emulated::I16>(a, b))
#define _mm512_sub_epi32(a, b) EMULATED(__m512i, emulated::sub<emulated::I32>(a, b))
#define _mm512_sub_epi64(a, b) EMULATED(__m512i, emulated::sub<emulated::I64>(a, b))
#define _mm512_sub_pd(a, b) EMULATED(__m512d, emulated::sub<emulated::D>(a, b))
#define _mm512_mul_pd(a, b) EMULATED(__m512d, emulated::mul<emulated::D>(a, b))
#define _mm512_mul_ps(a, b) EMULATED(__m512, emulated::mul<emulated::F>(a, b))
#define _mm512_div_pd(a, b) EMULATED(__m512d, emulated::div<emulated::D>(a, b))
#define _mm512_max_epi32(a, b) EMULATED(__m512i, emulated::max<emulated::S32>(a, b))
#define _mm512_max_epu16(a, b) EMULATED(__m512i, emulated::max<emulated::I16>(a, b))
#define _mm512_max_pd(a, b) EMULATED(__m512d, emulated::max<emulated::D>(a, b))
#define _mm512_mask_add_epi32(o, k, a, b) \
  EMULATED(__m512i, emulated::choose<emulated::I32>(o, k, emulated::add<emulated::I32>(a, b)))
#define _mm512_mask_or_epi32(o, k, a, b)                                                                  \
  EMULATED(__m512i,                                                                                       \
           emulated::choose<emulated::I32>(                                                               \
               o, k, emulated::lanes<emulated::I32>([x = emulated::I32(a), y = emulated::I32(b)](int i) { \
                 return x.at[i] | y.at[i];                                                                \
               })))
#define _mm512_mask_mov_epi32(o, k, a) EMULATED(__m512i, emulated::choose<emulated::I32>(o, k, a))
#define _mm512_maskz_mov_epi8(k, a) EMULATED(__m512i, emulated::choose<emulated::I8>(emulated::I8(), k, a))
#define _mm512_mask_mov_pd(o, k, a) EMULATED(__m512d, emulated::choose<emulated::D>(o, k, a))
#define _mm512_maskz_mov_pd(k, a) EMULATED(__m512d, emulated::choose<emulated::D>(emulated::D(), k, a))
#define _mm512_mask_mul_pd(o, k, a, b) \
  EMULATED(__m512d, emulated::choose<emulated::D>(o, k, emulated::mul<emulated::D>(a, b)))
#define _mm512_maskz_div_pd(k, a, b) \
  EMULATED(__m512d, emulated::choose<emulated::D>(emulated::D(), k, emulated::div<emulated::D>(a, b)))
#define _mm512_and_si512(a, b)                      \
  EMULATED(__m512i, emulated::lanes<emulated::I64>( \
                        [x = emulated::I64(a), y = emulated::I64(b)](int i) { return x.at[i] & y.at[i]; }))
#define _mm512_or_si512(a, b)                       \
  EMULATED(__m512i, emulated::lanes<emulated::I64>( \
                        [x = emulated::I64(a), y = emulated::I64(b)](int i) { return x.at[i] | y.at[i]; }))
#define _mm512_slli_epi16(a, n) EMULATED(__m512i, emulated::left<emulated::I16>(a, n))
#define _mm512_slli_epi32(a, n) EMULATED(__m512i, emulated::left<emulated::I32>(a, n))
#define _mm512_slli_epi64(a, n) EMULATED(__m512i, emulated::left<emulated::I64>(a, n))
#define _mm512_srli_epi16(a, n) EMULATED(__m512i, emulated::right<emulated::I16>(a, n))
#define _mm512_srli_epi64(a, n) EMULATED(__m512i, emulated::right<emulated::I64>(a, n))
#define _mm512_srlv_epi32(a, b)                     \
  EMULATED(__m512i, emulated::lanes<emulated::I32>( \
                        [x = emulated::I32(a), y = emulated::I32(b)](int i) { return x.at[i] >> y.at[i]; }))
#define _mm512_permutexvar_epi32(k, a)              \
  EMULATED(__m512i, emulated::lanes<emulated::I32>( \
                        [x = emulated::I32(k), y = emulated::I32(a)](int i) { return y.at[x.at[i] % 16]; }))
#define _mm512_ternarylogic_epi64(a, b, c, table) EMULATED(__m512i, emulated::ternary(a, b, c, table))
#define _mm512_unpacklo_epi8(a, b) EMULATED(__m512i, emulated::unpack<emulated::I8>(a, b, false))
#define _mm512_unpackhi_epi8(a, b) EMULATED(__m512i, emulated::unpack<emulated::I8>(a, b, true))
#define _mm512_unpacklo_epi16(a, b) EMULATED(__m512i, emulated::unpack<emulated::I16>(a, b, false))
#define _mm512_unpackhi_epi16(a, b) EMULATED(__m512i, emulated::unpack<emulated::I16>(a, b, true))
#define _mm512_unpacklo_epi32(a, b) EMULATED(__m512i, emulated::unpack<emulated::I32>(a, b, false))
#define _mm512_unpackhi_epi32(a, b) EMULATED(__m512i, emulated::unpack<emulated::I32>(a, b, true))
#define _mm512_permute_pd(a, how) EMULATED(__m512d, emulated::permute_in_pairs(a, how))
#define _mm512_shuffle_f64x2(a, b, how) EMULATED(__m512d, emulated::shuffle_pairs(a, b, how))
#define _mm512_broadcast_f64x4(a) emulated::broadcast(a)
#define _mm512_castpd_si512(a) emulated::part<__m512i>(a, 0)
#define _mm512_castsi512_pd(a) emulated::part<__m512d>(a, 0)
#define _mm512_castpd512_pd128(a) emulated::part<__m128d>(a, 0)
#define _mm512_castsi512_si256(a) emulated::part<__m256i>(a, 0)
#define _mm512_extractf64x2_pd(a, i) emulated::part<__m128d>(a, i)
#define _mm512_extracti64x4_epi64(a, i) emulated::part<__m256i>(a, i)
#define _mm512_cvtepi32_epi16(a)                                               \
  EMULATED(__m256i, (emulated::lanes<emulated::Array<std::uint16_t, __m256i>>( \
                        [x = emulated::I32(a)](int i) { return x.at[i]; })))
#define _mm512_cvtepi32_pd(a)                     \
  EMULATED(__m512d, emulated::lanes<emulated::D>( \
                        [x = emulated::Half(a)](int i) { return static_cast<double>(x.at[i]); }))
#define _mm512_cvtepi32_ps(a)                    \
  EMULATED(__m512, emulated::lanes<emulated::F>( \
                       [x = emulated::S32(a)](int i) { return static_cast<float>(x.at[i]); }))
#define _mm512_cvtepi64_pd(a)                     \
  EMULATED(__m512d, emulated::lanes<emulated::D>( \
                        [x = emulated::S64(a)](int i) { return static_cast<double>(x.at[i]); }))
#define _mm512_cvtepu32_epi64(a)                    \
  EMULATED(__m512i, emulated::lanes<emulated::I64>( \
                        [x = emulated::Half(a)](int i) { return static_cast<std::uint32_t>(x.at[i]); }))
#define _mm512_cvtps_epi32(a) \
  EMULATED(__m512i,           \
           emulated::lanes<emulated::S32>([x = emulated::F(a)](int i) { return std::nearbyint(x.at[i]); }))
#define _mm512_reduce_add_epi64(a) static_cast<long long>(emulated::sum(emulated::I64(a)))
#define _mm512_reduce_max_epi32(a) emulated::largest(emulated::S32(a))
#define _mm512_cmp_pd_mask(a, b, how) emulated::compare(a, b, how)
#define _mm512_cmpge_epu16_mask(a, b)                   \
  static_cast<__mmask32>(emulated::mask<emulated::I16>( \
      [x = emulated::I16(a), y = emulated::I16(b)](int i) { return x.at[i] >= y.at[i]; }))
#define _mm512_cmpgt_epi32_mask(a, b)                   \
  static_cast<__mmask16>(emulated::mask<emulated::S32>( \
      [x = emulated::S32(a), y = emulated::S32(b)](int i) { return x.at[i] > y.at[i]; }))
#define _mm512_test_epi32_mask(a, b)                    \
  static_cast<__mmask16>(emulated::mask<emulated::I32>( \
      [x = emulated::I32(a), y = emulated::I32(b)](int i) { return (x.at[i] & y.at[i]) != 0; }))
#define _mm512_test_epi64_mask(a, b)                   \
  static_cast<__mmask8>(emulated::mask<emulated::I64>( \
      [x = emulated::I64(a), y = emulated::I64(b)](int i) { return (x.at[i] & y.at[i]) != 0; }))
#define _kshiftri_mask64(k, n) ((k) >> (n))
// NOLINTEND
