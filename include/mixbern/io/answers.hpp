// Which answer of an item is a 1: the one whose probability a mixture gives.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern {

/// What the ones are called, for results to say.
struct Answers {
  std::vector<std::string> of_item = {};  ///< [D]; empty where no codings are known: 1 is 1
  std::string shared = {};                ///< the one of all items; empty where they differ or none is known
  bool plain = true;                      ///< 0 and 1 were called 0 and 1: there is nothing to say
  bool thresholded = false;               ///< they are "> T"
};

/// Of `codings`, which has one entry a feature or none: the value that is 1. A column with one value, and
/// that 0, has the answer of the others where they share one and its own value is their 0, else "not VALUE";
/// one without any value theirs, else 1. With a threshold T and `n_features` features all are "> T".
Answers answers_of(const std::vector<Coding>& codings, std::optional<double> threshold,
                   std::size_t n_features);
Answers answers_of(const Dataset& data);

/// Makes chosen answers the ones: turns the columns where they are 0, and their codings.
///
/// Each of `chosen` is VALUE, for all items, or ITEM=VALUE for one, which goes before; ITEM is a name or,
/// where none is called so, a number from 1. It may be a list of these with commas. A column with one value
/// only takes a VALUE for all items as its other side. Throws InputError, naming the column and its values,
/// for an unknown item, a value that a column does not have, or a threshold, which leaves no choice. Cost: a
/// copy of the rows where any column turns; sparse rows become packed.
void choose_answers(const std::vector<std::string>& chosen, Dataset& data);

}  // namespace mixbern
