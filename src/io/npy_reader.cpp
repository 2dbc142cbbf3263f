// NPY, what numpy.save writes.
#include <cmath>
#include <string>

#include "io/dense_array.hpp"
#include "io/npy_header.hpp"
#include "io/readers.hpp"
#include "io/values.hpp"

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

namespace {

// A line a row; in a table of one column an empty line would be none.
std::string lines_of(Input& input, const DenseArray& array, const ElementType& type) {
  std::string text;
  visit_dense(input, array, type, [&](std::uint64_t, std::uint64_t feature, double value) {
    text += std::isnan(value) ? "NA" : shortest(value);
    text += feature + 1 == array.n_features ? '\n' : ',';
  });
  return text;
}

}  // namespace

Dataset read_npy_items(Input& input, const ReadOptions& options) {
  const NpyHeader header = read_npy_header(input);
  const DenseArray array = npy_array(input, header);
  if (array.column_major || array.shape.known()) {
    throw input.error("items of several answers are columns of an array of two dimensions in C order",
                      "save numpy.ascontiguousarray of a table of rows and columns");
  }
  const std::string text = lines_of(input, array, header.type);
  ReadOptions of_text = options;
  of_text.format = DataFormat::kDelimited;
  of_text.header = false;
  Input lines = open_memory(input.name(), text);
  return read_delimited(lines, of_text);
}

}  // namespace mixbern::io
