// IDX, the format of MNIST: 0, 0, type code, number of dimensions, sizes, elements, all big-endian.
#include <fmt/format.h>

#include <array>
#include <optional>

#include "io/dense_array.hpp"
#include "io/idx_header.hpp"
#include "io/readers.hpp"

namespace mixbern::io {
namespace {

std::optional<ElementType> element_type(unsigned char code) {
  switch (code) {
    case 0x08:
      return ElementType{ElementKind::kUnsigned, 1, true};
    case 0x09:
      return ElementType{ElementKind::kSigned, 1, true};
    case 0x0B:
      return ElementType{ElementKind::kSigned, 2, true};
    case 0x0C:
      return ElementType{ElementKind::kSigned, 4, true};
    case 0x0D:
      return ElementType{ElementKind::kFloat, 4, true};
    case 0x0E:
      return ElementType{ElementKind::kFloat, 8, true};
    default:
      return {};
  }
}

}  // namespace

IdxHeader read_idx_header(Input& input) {
  std::array<char, 4> magic = {};
  input.read(magic, "the IDX header");
  const auto type = element_type(static_cast<unsigned char>(magic[2]));
  if (magic[0] != 0 || magic[1] != 0 || !type || magic[3] == 0) {
    throw input.error("this is no IDX file",
                      "it would start with bytes 0, 0, a type code and the number of sizes");
  }
  IdxHeader header{*type, {}};
  for (unsigned char i = 0; i < static_cast<unsigned char>(magic[3]); ++i) {
    std::array<char, 4> bytes = {};
    input.read(bytes, "the sizes of the IDX header");
    header.sizes.push_back(
        static_cast<std::uint64_t>(decode({ElementKind::kUnsigned, 4, true}, bytes.data())));
  }
  return header;
}

Dataset read_idx(Input& input, const ReadOptions& options) {
  const IdxHeader header = read_idx_header(input);
  return read_dense(input, options, dense_array(input, header.sizes), header.type);
}

}  // namespace mixbern::io
