// Words for the values of an enumeration, both ways.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace mixbern {

template <class T, std::size_t kSize>
using Names = std::array<std::pair<T, std::string_view>, kSize>;

/// The word for a value; empty if the table lacks it.
template <class T, std::size_t kSize>
constexpr std::string_view name_of(const Names<T, kSize>& names, T value) {
  for (const auto& [candidate, name] : names) {
    if (candidate == value) return name;
  }
  return {};
}

/// The value that a word is for; std::nullopt if there is none.
template <class T, std::size_t kSize>
constexpr std::optional<T> value_named(const Names<T, kSize>& names, std::string_view name) {
  for (const auto& [value, candidate] : names) {
    if (candidate == name) return value;
  }
  return std::nullopt;
}

}  // namespace mixbern
