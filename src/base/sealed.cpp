#include "base/sealed.hpp"

#include <bit>
#include <cstring>
#include <stdexcept>

#include "base/archive.hpp"

namespace mixbern {

// FNV-1a over words, which are turned so that high bits reach low ones.
std::uint64_t checksum(std::string_view bytes) {
  constexpr std::uint64_t kPrime = 0x100000001b3;
  std::uint64_t hash = 0xcbf29ce484222325 ^ bytes.size();
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    hash = std::rotl((hash ^ word) * kPrime, 29);
  }
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
  return hash;
}

std::string sealed(std::string_view magic, std::string_view body) {
  ArchiveWriter sum;
  sum(checksum(body));
  return std::string(magic).append(sum.bytes()).append(body);
}

std::string_view unsealed(std::string_view magic, std::string_view bytes) {
  if (!bytes.starts_with(magic))
    throw std::invalid_argument("it does not begin with '" + std::string(magic.substr(0, magic.size() - 1)) +
                                "'");
  bytes.remove_prefix(magic.size());
  std::uint64_t sum = 0;
  ArchiveReader head(bytes);
  head(sum);
  bytes.remove_prefix(sizeof sum);
  if (sum != checksum(bytes)) throw std::invalid_argument("its checksum is wrong");
  return bytes;
}

}  // namespace mixbern
