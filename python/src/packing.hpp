// Dense arrays of any type and layout to packed rows, without a copy of the array in between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern::python {

/// What the cells of an array are.
enum class Element { kBool, kU8, kI8, kU16, kI16, kU32, kI32, kU64, kI64, kF32, kF64 };

/// An array that somebody else holds: cell (i, j) stands `i * row_stride + j * column_stride` bytes from
/// `cells`.
struct ArrayView {
  const std::byte* cells = nullptr;
  Element element = Element::kU8;
  std::size_t n_rows = 0;
  std::size_t n_columns = 0;
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t column_stride = 0;
};

/// A cell that is neither 0, 1 nor missing, or, with a threshold, infinite.
struct BadCell {
  std::size_t row;
  std::size_t column;
  std::string value;
};

/// Fills rows of a data set with blocks of an array, in order.
class RowPacker {
 public:
  /// With a threshold a cell is 1 where its value is greater.
  RowPacker(std::size_t n_rows, std::size_t n_features, std::optional<double> threshold);

  /// Packs the next rows; NaN is missing. The first bad cell, if there is one, ends it. REQUIRES: they fit.
  std::optional<BadCell> add(const ArrayView& block);

  std::size_t rows_left() const { return ones_.n_rows() - n_done_; }
  std::size_t n_features() const { return ones_.n_features(); }
  /// REQUIRES: no row is left.
  Dataset finish();

 private:
  BitMatrix ones_;
  std::optional<BitMatrix> missing_;
  std::optional<double> threshold_;
  std::size_t n_done_ = 0;
};

/// The text of a number in its shortest form.
std::string number_text(const std::byte* cell, Element element);

/// Calls visit(T{}) with a value of the C++ type of `element`.
template <class Visit>
decltype(auto) with_type(Element element, const Visit& visit) {
  switch (element) {
    case Element::kBool:
      return visit(std::uint8_t{});
    case Element::kU8:
      return visit(std::uint8_t{});
    case Element::kI8:
      return visit(std::int8_t{});
    case Element::kU16:
      return visit(std::uint16_t{});
    case Element::kI16:
      return visit(std::int16_t{});
    case Element::kU32:
      return visit(std::uint32_t{});
    case Element::kI32:
      return visit(std::int32_t{});
    case Element::kU64:
      return visit(std::uint64_t{});
    case Element::kI64:
      return visit(std::int64_t{});
    case Element::kF32:
      return visit(float{});
    case Element::kF64:
      break;
  }
  return visit(double{});
}

}  // namespace mixbern::python
