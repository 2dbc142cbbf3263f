// Where items stand in the data set that by_group() makes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mixbern/fit/groups.hpp"

namespace mixbern {

/// The rows whose group is known and that answered anything, with groups 0 … G − 1 as labels, all of which
/// occur. Throws std::invalid_argument for fewer than two groups.
Dataset rows_of_groups(const Dataset& data);

/// Item j has copies[j] copies, one a group where it is free, from feature first[j] on; the group itself
/// comes last.
struct GroupColumns {
  /// REQUIRES: `data` is of rows_of_groups().
  GroupColumns(const Dataset& data, const FreeItems& free_items);

  /// The first feature of item j in the eyes of a group.
  std::size_t of_group(std::size_t j, std::size_t group) const {
    return first[j] + (copies[j] > 1 ? group * items[j].size : 0);
  }
  /// How the features of the transformed data make items.
  Items joint_items() const;
  /// Names, codings and categorical items of `result`, all but the group as an item.
  void name(const Dataset& rows, const std::string& group_name, Dataset& result) const;

  std::size_t n_groups;
  std::vector<Items::Group> items;  // of the data
  std::vector<std::size_t> first, copies;
  std::size_t group_first = 0;
  std::size_t n_features = 0;
};

/// by_group() of `data` with all of its rows where they stand; those that it leaves out are silent. For what
/// stands beside the rows: their design, their replicate weights.
Dataset joint_data_in_place(const Dataset& data, const GroupColumns& columns);

/// by_group() of rows_of_groups().
Dataset joint_data(const Dataset& rows, const GroupColumns& columns, const std::string& group_name);

}  // namespace mixbern
