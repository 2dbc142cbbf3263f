#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <vector>

#include "io/writers.hpp"

namespace mixbern::io {
namespace {

// Format version 1.0: magic, version, two bytes of header length, a Python dictionary padded to 64 bytes in
// all.
std::string npy_header(const std::string& descr, std::size_t n_rows, std::size_t n_features) {
  std::string dictionary = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}, {}), }}",
                                       descr, n_rows, n_features);
  constexpr std::size_t kPrefix = 10;
  dictionary.resize((kPrefix + dictionary.size() + 1 + 63) / 64 * 64 - kPrefix - 1, ' ');
  dictionary += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(dictionary.size() & 0xFF);
  header += static_cast<char>(dictionary.size() >> 8);
  return header + dictionary;
}

template <class T, class Value>
void write_rows(const ByteSink& sink, const Dataset& data, Value value) {
  std::vector<T> row(data.n_features());
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    for (std::size_t d = 0; d < row.size(); ++d) row[d] = value(i, d);
    sink({reinterpret_cast<const char*>(row.data()), row.size() * sizeof(T)});
  }
}

}  // namespace

void write_npy(const ByteSink& sink, const Dataset& data) {
  const std::size_t n_rows = data.n_rows();
  const std::size_t n_features = data.n_features();
  if (!data.missing) {
    sink(npy_header("|u1", n_rows, n_features));
    write_rows<unsigned char>(sink, data, [&](std::size_t i, std::size_t d) {
      return static_cast<unsigned char>(test(data.ones, i, d) ? 1 : 0);
    });
    return;
  }
  sink(npy_header("<f4", n_rows, n_features));
  write_rows<float>(sink, data, [&](std::size_t i, std::size_t d) {
    if (test(*data.missing, i, d)) return std::numeric_limits<float>::quiet_NaN();
    return test(data.ones, i, d) ? 1.0F : 0.0F;
  });
}

}  // namespace mixbern::io
