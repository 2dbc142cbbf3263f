// Labels as text to labels as numbers.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mixbern/io/io.hpp"

namespace mixbern::io {

/// Whole numbers stay what they are; when any label is another text, all are numbered in natural order, from
/// 0.
class LabelCoder {
 public:
  /// A missing label is -1 in the end.
  void add(std::string_view text);
  std::size_t size() const { return ids_.size(); }
  Labels labels() const;

 private:
  static constexpr std::uint32_t kMissing = UINT32_MAX;
  std::map<std::string, std::uint32_t, std::less<>> id_of_text_;
  std::vector<std::uint32_t> ids_;
};

}  // namespace mixbern::io
