// Values as bytes and back: one list of members serves both ways.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace mixbern {

/// Takes values down: numbers as they are in memory, little-endian on all that mixbern runs on, lists and
/// texts with their length before them. Order of calls: operator()* bytes.
class ArchiveWriter {
 public:
  template <class... T>
  void operator()(const T&... values) {
    (add(values), ...);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  template <class T>
  requires std::is_arithmetic_v<T>
  void add(const T& value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  template <class T>
  void add(const std::vector<T>& values) {
    add(std::uint64_t{values.size()});
    if constexpr (std::is_arithmetic_v<T>) {
      bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
    } else {
      for (const T& value : values) add(value);
    }
  }
  void add(const std::string& text) {
    add(std::uint64_t{text.size()});
    bytes_ += text;
  }

  std::string bytes_;
};

/// Gives them back in the same order. Bytes may be anybody's: throws std::invalid_argument where they end too
/// early, and takes no memory for what is not there.
class ArchiveReader {
 public:
  /// `bytes` are not owned.
  explicit ArchiveReader(std::string_view bytes) : rest_(bytes) {}

  template <class... T>
  void operator()(T&... values) {
    (take(values), ...);
  }
  /// Throws std::invalid_argument where bytes are left.
  void finish() const {
    if (!rest_.empty()) throw std::invalid_argument("bytes follow its end");
  }

 private:
  const char* taken(std::uint64_t n, std::size_t size) {
    if (n > rest_.size() / size) throw std::invalid_argument("it ends too early");
    const char* const start = rest_.data();
    rest_.remove_prefix(n * size);
    return start;
  }
  std::uint64_t count() {
    std::uint64_t n = 0;
    take(n);
    return n;
  }

  template <class T>
  requires std::is_arithmetic_v<T>
  void take(T& value) {
    const char* const start = taken(1, sizeof value);
    if constexpr (std::is_same_v<T, bool>) {
      value = *start != 0;
    } else {
      std::memcpy(&value, start, sizeof value);
    }
  }
  template <class T>
  void take(std::vector<T>& values) {
    const std::uint64_t n = count();
    values.clear();
    if constexpr (std::is_arithmetic_v<T>) {
      const char* const start = taken(n, sizeof(T));
      values.resize(n);
      if (n > 0) std::memcpy(values.data(), start, n * sizeof(T));
    } else {
      for (std::uint64_t i = 0; i < n; ++i) take(values.emplace_back());
    }
  }
  void take(std::string& text) {
    const std::uint64_t n = count();
    text.assign(taken(n, 1), n);
  }

  std::string_view rest_;
};

}  // namespace mixbern
