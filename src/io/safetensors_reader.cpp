#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "io/bounded_json.hpp"
#include "io/message.hpp"
#include "io/safetensors.hpp"

namespace mixbern::io {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the limit of the format's own library
constexpr std::size_t kMaxHeaderEntries = 10'000;
constexpr std::size_t kMaxDimensions = 8;
constexpr std::uint64_t kMaxSize = std::numeric_limits<std::int64_t>::max();

struct DtypeSize {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr std::array<DtypeSize, 13> kDtypes = {{{"U64", 8},
                                                {"F64", 8},
                                                {"I64", 8},
                                                {"U32", 4},
                                                {"F32", 4},
                                                {"I32", 4},
                                                {"U16", 2},
                                                {"F16", 2},
                                                {"BF16", 2},
                                                {"I16", 2},
                                                {"U8", 1},
                                                {"I8", 1},
                                                {"BOOL", 1}}};

struct PlacedTensor {
  std::uint64_t begin;
  std::uint64_t end;
  TensorInfo info;
};

InputError bad_header(const Input& input, const std::string& what) {
  return input.error("bad safetensors header: " + what, "the file is damaged, or no safetensors file");
}

std::string read_header_text(Input& input) {
  std::array<char, 8> bytes = {};
  input.read(bytes, "the header length");
  const auto length = std::bit_cast<std::uint64_t>(bytes);
  if (length > kMaxHeaderBytes) {
    throw bad_header(input, fmt::format("its length, {}, is over {} bytes", length, kMaxHeaderBytes));
  }
  const std::vector<char> text = read_values<char>(input, length, "the header");
  return {text.begin(), text.end()};
}

// A few entries are all that a header needs; the limit keeps a small hostile file from becoming a large tree.
json parse_header(const Input& input, const std::string& text) {
  if (!is_bounded_json(text, kMaxHeaderEntries)) {
    throw bad_header(input, fmt::format("it is no JSON of at most {} levels and {} entries", kMaxJsonDepth,
                                        kMaxHeaderEntries));
  }
  std::set<std::string> names;
  const auto check = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth == 1 && event == json::parse_event_t::key && !names.insert(parsed.get<std::string>()).second) {
      throw bad_header(input, "two entries are called " + in_quotes(parsed.get<std::string>()));
    }
    return true;
  };
  json header = json::parse(text, check, false);
  if (!header.is_object()) throw bad_header(input, "it is no JSON object");
  return header;
}

std::vector<std::uint64_t> numbers(const Input& input, const json& entry, const std::string& key,
                                   const std::string& name) {
  const auto found = entry.find(key);
  const bool fits = found != entry.end() && found->is_array() && found->size() <= kMaxDimensions &&
                    std::ranges::all_of(*found, [](const json& value) { return value.is_number_unsigned(); });
  if (!fits) throw bad_header(input, fmt::format("{} of {} are no sizes", key, in_quotes(name)));
  return found->get<std::vector<std::uint64_t>>();
}

std::optional<std::uint64_t> size_in_bytes(const TensorInfo& tensor) {
  const auto dtype = std::ranges::find(kDtypes, tensor.dtype, &DtypeSize::name);
  if (dtype == kDtypes.end()) return {};
  std::uint64_t size = dtype->bytes;
  for (const std::uint64_t extent : tensor.shape) {
    if (extent != 0 && size > kMaxSize / extent) return {};
    size *= extent;
  }
  return size;
}

PlacedTensor read_tensor(const Input& input, const std::string& name, const json& entry) {
  if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string()) {
    throw bad_header(input, fmt::format("{} has no type", in_quotes(name)));
  }
  PlacedTensor tensor;
  tensor.info.name = name;
  tensor.info.dtype = entry["dtype"].get<std::string>();
  tensor.info.shape = numbers(input, entry, "shape", name);
  const std::vector<std::uint64_t> offsets = numbers(input, entry, "data_offsets", name);
  if (offsets.size() != 2 || offsets[0] > offsets[1]) {
    throw bad_header(input, fmt::format("data_offsets of {} are not begin and end", in_quotes(name)));
  }
  tensor.info.begin = tensor.begin = offsets[0];
  tensor.end = offsets[1];
  tensor.info.n_bytes = tensor.end - tensor.begin;
  if (size_in_bytes(tensor.info) != tensor.info.n_bytes) {
    throw bad_header(input, fmt::format("type, shape and data_offsets of {} do not agree", in_quotes(name)));
  }
  return tensor;
}

Metadata read_metadata(const Input& input, const json& entry) {
  if (!entry.is_object()) throw bad_header(input, "__metadata__ is no object");
  Metadata metadata;
  for (const auto& [key, value] : entry.items()) {
    if (!value.is_string()) throw bad_header(input, fmt::format("metadata {} is no text", in_quotes(key)));
    metadata.emplace_back(key, value.get<std::string>());
  }
  return metadata;
}

// No hole, no overlap: what the specification demands, and what reading in one pass needs.
void check_layout(const Input& input, const std::vector<PlacedTensor>& tensors) {
  std::uint64_t expected = 0;
  for (const PlacedTensor& tensor : tensors) {
    if (tensor.begin != expected) {
      throw bad_header(input, fmt::format("{} starts at byte {} and not at {}", in_quotes(tensor.info.name),
                                          tensor.begin, expected));
    }
    expected = tensor.end;
  }
}

}  // namespace

const std::string* SafetensorsHeader::find_metadata(std::string_view key) const {
  const auto found = std::ranges::find(metadata, key, &std::pair<std::string, std::string>::first);
  return found == metadata.end() ? nullptr : &found->second;
}

std::string SafetensorsHeader::metadata_or(std::string_view key, std::string_view otherwise) const {
  const std::string* found = find_metadata(key);
  return found == nullptr ? std::string(otherwise) : *found;
}

const TensorInfo* SafetensorsHeader::find_tensor(std::string_view name) const {
  const auto found = std::ranges::find(tensors, name, &TensorInfo::name);
  return found == tensors.end() ? nullptr : &*found;
}

bool looks_like_safetensors(std::string_view start) {
  if (start.size() < 9 || start[8] != '{') return false;
  std::uint64_t length = 0;
  std::memcpy(&length, start.data(), sizeof length);
  return length > 0 && length <= 2 * kMaxHeaderBytes;
}

SafetensorsHeader read_safetensors_header(Input& input) {
  const json parsed = parse_header(input, read_header_text(input));
  SafetensorsHeader header;
  std::vector<PlacedTensor> tensors;
  for (const auto& [name, entry] : parsed.items()) {
    if (name == "__metadata__") {
      header.metadata = read_metadata(input, entry);
    } else {
      tensors.push_back(read_tensor(input, name, entry));
    }
  }
  std::ranges::sort(tensors, {},
                    [](const PlacedTensor& tensor) { return std::pair(tensor.begin, tensor.end); });
  check_layout(input, tensors);
  for (PlacedTensor& tensor : tensors) header.tensors.push_back(std::move(tensor.info));
  return header;
}

void require_tensor(const Input& input, const TensorInfo& tensor, std::string_view dtype,
                    std::span<const std::uint64_t> shape) {
  if (tensor.dtype == dtype && std::ranges::equal(tensor.shape, shape)) return;
  throw input.error(
      fmt::format("tensor {} is {} [{}] where {} [{}] is needed", in_quotes(tensor.name),
                  in_quotes(tensor.dtype), fmt::join(tensor.shape, ", "), dtype, fmt::join(shape, ", ")),
      "docs/formats.md says what the file must hold");
}

}  // namespace mixbern::io
