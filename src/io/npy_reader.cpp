// NPY, what numpy.save writes.
#include "io/dense_array.hpp"
#include "io/npy_header.hpp"
#include "io/readers.hpp"

namespace mixbern::io {

DenseArray npy_array(const Input& input, const NpyHeader& header) {
  DenseArray array = dense_array(input, header.sizes);
  array.column_major = header.fortran_order && header.sizes.size() > 1;
  array.transposed_features = array.column_major && array.shape.known();
  if (array.column_major && header.sizes.size() > 2 && !array.shape.known()) {
    throw input.error("more than three dimensions in Fortran order", "save numpy.ascontiguousarray of it");
  }
  return array;
}

Dataset read_npy(Input& input, const ReadOptions& options) {
  const NpyHeader header = read_npy_header(input);
  return read_dense(input, options, npy_array(input, header), header.type);
}

}  // namespace mixbern::io
