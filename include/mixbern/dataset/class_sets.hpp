// Which classes rows may belong to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mixbern {

/// Sets of classes, told by labels: a class >= 0 is itself, -1 any class, and -2 - s the s-th set here. A
/// label that is known is so a set of one (Goodman, Biometrika 61 (1974) 215-231, section 5; Vermunt and
/// Magidson, Technical Guide for Latent GOLD 6.0 (2021), "known classes").
class ClassSets {
 public:
  /// The label of these classes, in whatever order. Throws std::invalid_argument where there are none, or
  /// where one is negative. Cost: a search among the sets.
  std::int64_t label_of(std::vector<std::int64_t> classes);

  /// What a row with this label may be, ascending; nothing where it may be anything. Valid while the label
  /// and this are.
  std::span<const std::int64_t> allowed(const std::int64_t& label) const {
    if (label >= 0) return {&label, 1};
    const auto at = static_cast<std::size_t>(-2 - label);
    return label < -1 && at < sets_.size() ? std::span<const std::int64_t>(sets_[at])
                                           : std::span<const std::int64_t>();
  }

  bool empty() const { return sets_.empty(); }
  std::size_t size() const { return sets_.size(); }
  bool operator==(const ClassSets&) const = default;

 private:
  std::vector<std::vector<std::int64_t>> sets_;  // of two classes or more
};

/// Calls visit(k) for the components 0 … n_components − 1 that are not among `allowed`, which ascend; for
/// none where that is empty.
template <class Visit>
void for_each_forbidden(std::span<const std::int64_t> allowed, std::size_t n_components, const Visit& visit) {
  auto next = allowed.begin();
  for (std::size_t k = 0; k < n_components && !allowed.empty(); ++k) {
    if (next != allowed.end() && k == static_cast<std::size_t>(*next)) {
      ++next;
    } else {
      visit(k);
    }
  }
}

}  // namespace mixbern
