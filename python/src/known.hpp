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

}  // namespace mixbern::python
