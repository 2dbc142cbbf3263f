// Items and components as people read them: by name, items with the answer that a probability is of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "mixbern/dataset/items.hpp"
#include "mixbern/io/answers.hpp"

namespace mixbern::app {

class ItemLabels {
 public:
  /// `names` and `components` may be empty.
  ItemLabels(std::vector<std::string> names, Answers answers, std::vector<std::string> components = {},
             Items items = {});

  /// The name, "#3" where there is none, and where answers differ the item's: "smokes = yes"; an answer of a
  /// categorical item is a name by itself: "trust=a lot". One line of at
  /// most `width` columns, of which the answer gets what it needs.
  std::string label(std::size_t d, std::size_t width = SIZE_MAX) const;
  /// The name of component k, or its number from 1; in at most `width` columns.
  std::string component(std::size_t k, std::size_t width = SIZE_MAX) const;
  /// Columns that the longest name of `n` components takes, `most` at most.
  std::size_t widest_component(std::size_t n, std::size_t most) const;
  /// The name alone, or "#3".
  std::string name(std::size_t d) const;
  /// Whether labels hold answers.
  bool with_answers() const { return !answers_.plain && answers_.shared.empty(); }
  /// What the 1 of an item is called; "1" where nothing is known.
  std::string answer(std::size_t d) const;
  /// The answer of all items as part of a sentence, "Disagree" or "a value > 3"; empty where they differ and
  /// where it is a plain 1.
  std::string shared() const;
  /// "probability of Disagree" and the like; empty where 1 is 1.
  std::string caption() const;

 private:
  std::vector<std::string> names_;
  Answers answers_;
  std::vector<std::string> components_;
  Items items_;
};

}  // namespace mixbern::app
