// What a rank has written until it is its turn.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace mixbern::app {

/// Bytes in a file without a name. Throws std::runtime_error where the disk does not take or give them. Legal
/// calls: add* size? next*.
class Spool {
 public:
  static constexpr std::uint64_t kPiece = std::uint64_t{1} << 22;

  Spool();
  void add(std::string_view bytes);
  std::uint64_t size() const { return size_; }
  /// The next kPiece bytes, or what is left.
  std::string next();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  std::uint64_t size_ = 0;
  std::uint64_t read_ = 0;
};

}  // namespace mixbern::app
