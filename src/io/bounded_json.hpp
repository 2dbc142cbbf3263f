// JSON of strangers: how deep it nests and how many values it has, told before a tree is built from it.
#pragma once

#include <cstddef>
#include <string_view>

namespace mixbern::io {

/// Trees are copied, printed and freed by functions that call themselves once a level.
constexpr std::size_t kMaxJsonDepth = 32;
/// A value of two characters takes some 20 bytes in a tree.
constexpr std::size_t kMaxJsonEntries = 1'000'000;

/// Is the text JSON, nested no deeper than kMaxJsonDepth, with at most so many keys and values? Takes memory
/// for one value at a time.
bool is_bounded_json(std::string_view text, std::size_t max_entries = kMaxJsonEntries);

}  // namespace mixbern::io
