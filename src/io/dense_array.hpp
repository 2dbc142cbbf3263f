// Dense arrays of numbers, in either order of rows and columns, as a stream of elements.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "io/element.hpp"
#include "io/input.hpp"
#include "mixbern/io/io.hpp"

namespace mixbern::io {

struct DenseArray {
  std::uint64_t n_rows = 0;
  std::uint64_t n_features = 0;
  ImageShape shape;
  bool column_major = false;
  /// In column-major order of an N × H × W array the features come transposed.
  bool transposed_features = false;
};

/// Rows × product of the other sizes, with the shape of images when there are three sizes (others of 1 left
/// out). Throws InputError when there is nothing in it or the product is out of bounds.
DenseArray dense_array(const Input& input, const std::vector<std::uint64_t>& sizes);

/// Reads the elements that `next` delivers, one a call; it throws at the end of the data. `binary`: they are
/// 0 and 1 by their type, so codings and threshold have no say.
Dataset read_dense(Input& input, const ReadOptions& options, const DenseArray& array,
                   const std::function<double()>& next, bool binary);

/// The same for elements of a binary file.
Dataset read_dense(Input& input, const ReadOptions& options, const DenseArray& array,
                   const ElementType& type);

/// Calls visit(row, feature, value) for all elements of a binary file, in its order.
void visit_dense(Input& input, const DenseArray& array, const ElementType& type,
                 const std::function<void(std::uint64_t, std::uint64_t, double)>& visit);

}  // namespace mixbern::io
