#include "io/element.hpp"

#include <bit>
#include <cmath>

namespace mixbern::io {
namespace {

std::uint64_t load(const ElementType& type, const char* data) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < type.bytes; ++i) {
    const std::size_t from = type.big_endian ? i : type.bytes - 1 - i;
    bits = bits << 8 | static_cast<unsigned char>(data[from]);
  }
  return bits;
}

double sign_extended(std::uint64_t bits, std::size_t bytes) {
  const auto unused = static_cast<unsigned>(64 - 8 * bytes);
  return static_cast<double>(static_cast<std::int64_t>(bits << unused) >> unused);
}

// IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits.
double half_to_double(std::uint64_t bits) {
  const int exponent = static_cast<int>(bits >> 10 & 0x1F);
  const auto fraction = static_cast<double>(bits & 0x3FF);
  double value = 0;
  if (exponent == 0x1F) {
    value = fraction == 0 ? INFINITY : NAN;
  } else {
    value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25);
  }
  return (bits >> 15 & 1) != 0 ? -value : value;
}

double float_of(std::uint64_t bits, std::size_t bytes) {
  if (bytes == 2) return half_to_double(bits);
  if (bytes == 4) return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  return std::bit_cast<double>(bits);
}

}  // namespace

double decode(const ElementType& type, const char* data) {
  const std::uint64_t bits = load(type, data);
  switch (type.kind) {
    case ElementKind::kBool:
      return bits != 0 ? 1 : 0;
    case ElementKind::kUnsigned:
      return static_cast<double>(bits);
    case ElementKind::kSigned:
      return sign_extended(bits, type.bytes);
    case ElementKind::kFloat:
      return float_of(bits, type.bytes);
  }
  return 0;
}

}  // namespace mixbern::io
