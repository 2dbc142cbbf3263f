#include "spool.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace mixbern::app {

namespace {

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string("the temporary file of a rank cannot be ") + what + ": " +
                           std::strerror(errno) + "; its folder is named by TMPDIR, or /tmp");
}

}  // namespace

Spool::Spool() : file_(std::tmpfile()) {
  if (!file_) fail("made");
}

void Spool::add(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) fail("written");
  size_ += bytes.size();
}

std::string Spool::next() {
  if (read_ == 0) {
    if (std::fseek(file_.get(), 0, SEEK_SET) != 0) fail("written");
  }
  std::string bytes(static_cast<std::size_t>(std::min(kPiece, size_ - read_)), '\0');
  if (std::fread(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) fail("read");
  read_ += bytes.size();
  return bytes;
}

}  // namespace mixbern::app
