#include "report/tensor.hpp"

#include <bit>
#include <utility>

namespace mixbern::report {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors would need their bytes swapped");

template <class T>
Json tensor_of(const char* dtype, std::span<const T> values, std::vector<std::size_t> shape) {
  return {{"dtype", dtype}, {"shape", std::move(shape)}, {"base64", base64(std::as_bytes(values))}};
}

}  // namespace

std::string base64(std::span<const std::byte> bytes) {
  constexpr const char* kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  const auto byte = [&](std::size_t i) {
    return i < bytes.size() ? std::to_integer<unsigned>(bytes[i]) : 0U;
  };
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const unsigned group = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
    text += kDigits[group >> 18U];
    text += kDigits[group >> 12U & 63U];
    text += i + 1 < bytes.size() ? kDigits[group >> 6U & 63U] : '=';
    text += i + 2 < bytes.size() ? kDigits[group & 63U] : '=';
  }
  return text;
}

Json tensor(std::span<const float> values, std::vector<std::size_t> shape) {
  return tensor_of("float32", values, std::move(shape));
}

Json tensor(std::span<const std::uint8_t> values, std::vector<std::size_t> shape) {
  return tensor_of("uint8", values, std::move(shape));
}

Json tensor(std::span<const std::uint16_t> values, std::vector<std::size_t> shape) {
  return tensor_of("uint16", values, std::move(shape));
}

Json tensor(std::span<const std::uint32_t> values, std::vector<std::size_t> shape) {
  return tensor_of("uint32", values, std::move(shape));
}

Json tensor(std::span<const double> values, std::vector<std::size_t> shape) {
  std::vector<float> rounded;
  rounded.reserve(values.size());
  for (const double value : values) rounded.push_back(static_cast<float>(value));
  return tensor(rounded, std::move(shape));
}

}  // namespace mixbern::report
