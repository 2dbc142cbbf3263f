// Elements of binary arrays: type, byte order, value.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mixbern::io {

enum class ElementKind : std::uint8_t { kBool, kUnsigned, kSigned, kFloat };

struct ElementType {
  ElementKind kind = ElementKind::kUnsigned;
  std::size_t bytes = 1;  ///< 1, 2, 4 or 8; floats have 2, 4 or 8
  bool big_endian = false;
};

/// The value of the element that starts at `data`.
double decode(const ElementType& type, const char* data);

}  // namespace mixbern::io
