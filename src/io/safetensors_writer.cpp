#include <nlohmann/json.hpp>
#include <utility>

#include "io/safetensors.hpp"

namespace mixbern::io {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kAlignment = 8;

std::string header_text(const Metadata& metadata, std::span<const Tensor> tensors) {
  // Each value is an object or an array before something is put into it: where the library makes one of null
  // and there is no memory for it, its destructor crashes.
  ordered_json texts = ordered_json::object();
  for (const auto& [key, value] : metadata) texts[key] = value;
  ordered_json header = ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = std::move(texts);
  std::uint64_t offset = 0;
  for (const Tensor& tensor : tensors) {
    const std::uint64_t end = offset + tensor.info.n_bytes;
    header[tensor.info.name] = {
        {"dtype", tensor.info.dtype}, {"shape", tensor.info.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  return text;
}

}  // namespace

void write_safetensors(const ByteSink& sink, const Metadata& metadata, std::span<const Tensor> tensors) {
  const std::string header = header_text(metadata, tensors);
  const std::uint64_t length = header.size();
  sink({reinterpret_cast<const char*>(&length), sizeof length});
  sink(header);
  for (const Tensor& tensor : tensors) tensor.write(sink);
}

}  // namespace mixbern::io
