// Which features make one item: two answers are one feature, more are one feature each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace mixbern {

/// An item of more than two answers: features first … first + categories.size() − 1, one an answer. A row has
/// a 1 in exactly one of them, or all of them missing.
struct CategoricalItem {
  std::string name = {};
  std::size_t first = 0;
  std::vector<std::string> categories = {};  ///< what the answers are called, in the order of their features
  bool operator==(const CategoricalItem&) const = default;
};

/// How D features make items. Features that belong to no group are items of two answers by themselves. A copy
/// is as cheap as a pointer.
class Items {
 public:
  /// The features of a categorical item.
  struct Group {
    std::size_t first;
    std::size_t size;
    std::size_t end() const { return first + size; }
    /// Of an item, as all() gives them: one feature has two.
    std::size_t n_answers() const { return size == 1 ? 2 : size; }
    bool operator==(const Group&) const = default;
  };

  /// Every feature has two answers.
  Items() = default;
  /// Throws std::invalid_argument unless groups ascend, have two features or more, share none and end within
  /// n_features.
  Items(std::size_t n_features, std::vector<Group> groups);
  Items(std::size_t n_features, std::span<const CategoricalItem> categorical);

  bool all_binary() const { return groups_ == nullptr; }
  std::span<const Group> groups() const {
    return groups_ ? std::span<const Group>(*groups_) : std::span<const Group>();
  }
  /// Answers of the item that feature d belongs to.
  std::size_t n_answers(std::size_t d) const {
    const Group* group = group_of(d);
    return group == nullptr ? 2 : group->size;
  }
  /// Whether feature d is one answer of a categorical item.
  bool is_category(std::size_t d) const { return group_of(d) != nullptr; }
  /// The group of feature d, null for an item of two answers.
  const Group* group_of(std::size_t d) const;
  /// Free probabilities of one component of `n_features` features.
  std::size_t n_free(std::size_t n_features) const { return n_features - groups().size(); }

  /// All items in the order of their features, as groups; those of two answers have the size 1.
  std::vector<Group> all(std::size_t n_features) const;
  /// Calls binary(begin, end) for features without group and category(group) for groups, in order.
  template <class Binary, class Category>
  void for_each_stretch(std::size_t n_features, const Binary& binary, const Category& category) const {
    std::size_t begin = 0;
    for (const Group& group : groups()) {
      if (begin < group.first) binary(begin, group.first);
      category(group);
      begin = group.end();
    }
    if (begin < n_features) binary(begin, n_features);
  }

  bool operator==(const Items& other) const;

 private:
  std::shared_ptr<const std::vector<Group>> groups_;  // null: none
};

/// Patterns that D features can show: Π of the answers of all items; may be infinite.
double n_patterns(const Items& items, std::size_t n_features);

}  // namespace mixbern
