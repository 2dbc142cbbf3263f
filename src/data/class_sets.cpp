#include "mixbern/dataset/class_sets.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace mixbern {

std::int64_t ClassSets::label_of(std::vector<std::int64_t> classes) {
  if (classes.empty()) throw std::invalid_argument("a row needs a class that it may belong to");
  std::ranges::sort(classes);
  classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  if (classes.front() < 0) throw std::invalid_argument("classes count from 0");
  if (classes.size() == 1) return classes.front();
  const auto place = std::ranges::find(sets_, classes);
  const auto at = place - sets_.begin();
  if (place == sets_.end()) sets_.push_back(std::move(classes));
  return -2 - at;
}

}  // namespace mixbern
