// Labels that list classes: "1|3".
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "io/values.hpp"

namespace mixbern::io {

inline bool lists_classes(std::string_view label) {
  return label.find('|') != std::string_view::npos;
}

/// Whether `holds` is true of each class that a label names, one or several; the first that it is not true of
/// ends it.
template <class Holds>
bool all_classes(std::string_view label, const Holds& holds) {
  for (std::size_t begin = 0; begin <= label.size();) {
    const std::size_t end = std::min(label.find('|', begin), label.size());
    if (!holds(trimmed(label.substr(begin, end - begin)))) return false;
    begin = end + 1;
  }
  return true;
}

}  // namespace mixbern::io
