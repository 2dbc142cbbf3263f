#include "io/npy_header.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>

#include "io/message.hpp"
#include "io/values.hpp"

namespace mixbern::io {
namespace {

constexpr std::size_t kMaxHeaderBytes = 64 * 1024;
constexpr std::size_t kMaxDimensions = 32;  // NumPy's own limit

InputError bad_header(const Input& input, const std::string& what) {
  return input.error("bad NPY header: " + what, "write the array again with numpy.save");
}

std::string read_dictionary(Input& input) {
  std::array<char, 8> start = {};
  input.read(start, "the NPY header");
  const char major = start[6];
  if (std::string_view(start.data(), 6) != "\x93NUMPY" || major < 1 || major > 3) {
    throw bad_header(input, "another magic number or version");
  }
  std::array<char, 4> bytes = {};
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  input.read(std::span(bytes).first(length_bytes), "the NPY header");
  const auto length =
      static_cast<std::size_t>(decode({ElementKind::kUnsigned, length_bytes, false}, bytes.data()));
  if (length > kMaxHeaderBytes) throw bad_header(input, fmt::format("its length, {}, is too large", length));
  std::string dictionary(length, '\0');
  input.read(dictionary, "the NPY header");
  return dictionary;
}

// The text behind 'key': in the dictionary, which NumPy writes as a Python literal.
std::string_view value_of(const Input& input, std::string_view dictionary, std::string_view key) {
  for (const char quote : {'\'', '"'}) {
    const std::size_t found = dictionary.find(fmt::format("{}{}{}", quote, key, quote));
    if (found == std::string_view::npos) continue;
    const std::string_view rest = trimmed(dictionary.substr(found + key.size() + 2));
    if (rest.starts_with(':')) return trimmed(rest.substr(1));
  }
  throw bad_header(input, fmt::format("there is no '{}'", key));
}

std::optional<ElementType> parse_descr(std::string_view descr) {
  if (descr.size() != 3) return {};
  ElementType type;
  type.big_endian = descr[0] == '>';
  type.bytes = static_cast<std::size_t>(descr[2] - '0');
  const bool power = type.bytes == 1 || type.bytes == 2 || type.bytes == 4 || type.bytes == 8;
  if (!power || std::string_view("<>|=").find(descr[0]) == std::string_view::npos) return {};
  switch (descr[1]) {
    case 'b':
      type.kind = ElementKind::kBool;
      return type.bytes == 1 ? std::optional(type) : std::nullopt;
    case 'u':
      type.kind = ElementKind::kUnsigned;
      return type;
    case 'i':
      type.kind = ElementKind::kSigned;
      return type;
    case 'f':
      type.kind = ElementKind::kFloat;
      return type.bytes >= 2 ? std::optional(type) : std::nullopt;
    default:
      return {};
  }
}

ElementType read_type(const Input& input, std::string_view value) {
  const char quote = value.empty() ? '\0' : value[0];
  const std::size_t end = quote == '\'' || quote == '"' ? value.find(quote, 1) : std::string_view::npos;
  const std::string_view descr = end == std::string_view::npos ? value : value.substr(1, end - 1);
  const auto type = end == std::string_view::npos ? std::nullopt : parse_descr(descr);
  if (!type) {
    throw input.error(fmt::format("elements of type {} cannot be read", in_quotes(descr)),
                      "bool, integers and floats can: convert with astype");
  }
  return *type;
}

std::vector<std::uint64_t> read_shape(const Input& input, std::string_view value) {
  const std::size_t end = value.find(')');
  if (!value.starts_with('(') || end == std::string_view::npos)
    throw bad_header(input, "the shape is no tuple");
  std::string_view list = value.substr(1, end - 1);
  std::vector<std::uint64_t> sizes;
  while (!trimmed(list).empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view text = trimmed(list.substr(0, comma));
    const auto size = parse_count(text.ends_with('L') ? text.substr(0, text.size() - 1) : text);
    if (!size || sizes.size() == kMaxDimensions) throw bad_header(input, "the shape is " + in_quotes(value));
    sizes.push_back(*size);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return sizes;
}

}  // namespace

NpyHeader read_npy_header(Input& input) {
  const std::string dictionary = read_dictionary(input);
  NpyHeader header;
  header.type = read_type(input, value_of(input, dictionary, "descr"));
  const std::string_view order = value_of(input, dictionary, "fortran_order");
  header.fortran_order = order.starts_with("True");
  if (!header.fortran_order && !order.starts_with("False"))
    throw bad_header(input, "fortran_order is unclear");
  header.sizes = read_shape(input, value_of(input, dictionary, "shape"));
  return header;
}

}  // namespace mixbern::io
