// The safetensors container: 8 bytes of header length, a JSON header, raw little-endian tensors without
// holes.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/input.hpp"
#include "mixbern/io/io.hpp"

namespace mixbern::io {

// Tensors are copied between file and memory as they are.
static_assert(std::endian::native == std::endian::little, "tensors would need their bytes swapped");

using Metadata = std::vector<std::pair<std::string, std::string>>;

struct TensorInfo {
  std::string name;
  std::string dtype;  ///< "U64", "F64", …
  std::vector<std::uint64_t> shape;
  std::uint64_t n_bytes = 0;
  std::uint64_t begin = 0;  ///< of its bytes, counted from the end of the header; where it was read
};

/// What stands in the header. Tensors are in the order of their bytes, which follow one another from the end
/// of the header: reading them in this order needs no seeking.
struct SafetensorsHeader {
  Metadata metadata;
  std::vector<TensorInfo> tensors;

  const std::string* find_metadata(std::string_view key) const;
  std::string metadata_or(std::string_view key, std::string_view otherwise) const;
  const TensorInfo* find_tensor(std::string_view name) const;
};

/// Whether `start` (9 bytes at least) is the start of a safetensors file.
bool looks_like_safetensors(std::string_view start);

/// Reads and checks the header; the input then stands at the first byte of the first tensor. Throws
/// InputError.
SafetensorsHeader read_safetensors_header(Input& input);

/// Throws InputError unless `tensor` has this type and shape.
void require_tensor(const Input& input, const TensorInfo& tensor, std::string_view dtype,
                    std::span<const std::uint64_t> shape);

/// Reads `n` values; memory grows with what arrives, or is taken at once where so much is known to come.
/// Throws InputError when the file ends before.
template <class T>
std::vector<T> read_values(Input& input, std::uint64_t n, std::string_view what) {
  constexpr std::uint64_t kStep = std::uint64_t{1} << 20;
  std::vector<T> values;
  values.reserve(std::min(n, input.n_known() / sizeof(T)));
  while (values.size() < n) {
    const std::size_t done = values.size();
    values.resize(done + std::min(n - done, std::max(kStep / sizeof(T), std::uint64_t{done})));
    const std::span<T> part = std::span<T>(values).subspan(done);
    input.read({reinterpret_cast<char*>(part.data()), part.size_bytes()}, what);
  }
  return values;
}

/// A tensor to write: what it is, and info.n_bytes bytes of it, in pieces.
struct Tensor {
  TensorInfo info;
  std::function<void(const ByteSink&)> write;
};

template <class T>
void sink_values(const ByteSink& sink, std::span<const T> values) {
  sink({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
}

template <class T>
Tensor tensor_of(std::string name, std::string dtype, std::vector<std::uint64_t> shape,
                 std::span<const T> values) {
  return {{std::move(name), std::move(dtype), std::move(shape), values.size_bytes()},
          [values](const ByteSink& sink) { sink_values(sink, values); }};
}

/// Writes the metadata and the tensors in the given order: equal input gives equal bytes.
void write_safetensors(const ByteSink& sink, const Metadata& metadata, std::span<const Tensor> tensors);

}  // namespace mixbern::io
