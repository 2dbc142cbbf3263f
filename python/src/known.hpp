// What a word means, or why it means nothing.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

namespace mixbern::python {

/// `found`, what `text` names. Throws std::invalid_argument, which lists `choices`, where it names nothing.
template <class Value>
Value known(std::optional<Value> found, const char* name, const std::string& text, const char* choices) {
  if (found) return *found;
  throw std::invalid_argument(std::string(name) + " must be " + choices + ", not '" + text + "'");
}

/// What an optional `text` names by `find`; nothing where there is none. Throws as known().
template <class Find>
auto known_if_given(const Find& find, const char* name, const std::optional<std::string>& text,
                    const char* choices) -> decltype(find(*text)) {
  if (!text) return std::nullopt;
  return known(find(*text), name, *text, choices);
}

}  // namespace mixbern::python
