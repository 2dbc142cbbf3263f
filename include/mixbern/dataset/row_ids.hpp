// What rows are called: numbers of people, names of molecules.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mixbern {

/// One text a row, kept one after the other: 8 bytes a row and the texts. Texts may repeat and may be empty.
class RowIds {
 public:
  void push_back(std::string_view id) {
    text_ += id;
    ends_.push_back(text_.size());
  }
  /// REQUIRES: row < size().
  std::string_view operator[](std::size_t row) const {
    const std::size_t begin = row == 0 ? 0 : ends_[row - 1];
    return std::string_view(text_).substr(begin, ends_[row] - begin);
  }
  std::size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }
  std::string_view text() const { return text_; }              ///< all of them, without anything between
  std::span<const std::size_t> ends() const { return ends_; }  ///< where each one ends in the text
  bool operator==(const RowIds&) const = default;

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
};

}  // namespace mixbern
