// Matrix Market and LIBSVM: a line for each entry or row, columns from 1.
#include <string>

#include "data/for_each_one.hpp"
#include "io/text_buffer.hpp"
#include "io/writers.hpp"

namespace mixbern::io {

void write_matrix_market(const ByteSink& sink, const Dataset& data) {
  TextBuffer text(sink);
  text << "%%MatrixMarket matrix coordinate pattern general";
  text.end_line();
  text << std::to_string(data.n_rows()) << ' ' << std::to_string(data.n_features()) << ' '
       << std::to_string(count_ones(data.ones));
  text.end_line();
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    const std::string row = std::to_string(i + 1) + ' ';
    for_each_one(data.ones, i, [&](std::size_t column) {
      text << row << std::to_string(column + 1);
      text.end_line();
    });
  }
  text.flush();
}

void write_libsvm(const ByteSink& sink, const Dataset& data) {
  TextBuffer text(sink);
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    text << std::to_string(data.labels.empty() ? 0 : data.labels[i]);
    const std::size_t last = data.n_features() - 1;
    for_each_one(data.ones, i,
                 [&](std::size_t column) { text << ' ' << std::to_string(column + 1) << ":1"; });
    // The number of columns is the largest index in the file: where no row has it, the first row names it
    // with a 0.
    if (i == 0 && !test(data.ones, i, last)) text << ' ' << std::to_string(last + 1) << ":0";
    text.end_line();
  }
  text.flush();
}

}  // namespace mixbern::io
