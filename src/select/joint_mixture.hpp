// Mixtures of groups, and one of the data in which the group is an item.
#pragma once

#include <cstddef>
#include <vector>

#include "mixbern/mixture/mixture.hpp"
#include "select/group_columns.hpp"

namespace mixbern {

/// Weight of the rows of each group.
std::vector<double> sizes_of(const Dataset& rows);
/// What the rows of one group say, as data of its own.
Dataset rows_of_group(const Dataset& rows, std::size_t group);
/// Those of each of so many groups.
std::vector<Dataset> rows_of_each_group(const Dataset& rows, std::size_t n_groups);

/// π_{k|g}, and the probabilities that group g sees.
Mixture mixture_of_group(const Mixture& joint, const GroupColumns& columns, std::size_t group,
                         const Items& items, std::size_t n_features);
/// Mixtures of the groups as one of the transformed data, whose items that are not free take the mean over
/// groups.
Mixture joint_of(const std::vector<Mixture>& mixtures, const std::vector<double>& sizes,
                 const GroupColumns& columns, const Items& items);

/// What follows from the joint mixture of a model of rows like these: n_parameters, mixtures and weights by
/// group.
void take_mixtures(const Dataset& rows, const GroupColumns& columns, GroupedModel& model);

/// Off the bounds, so that EM can leave them.
Mixture off_bounds(const Mixture& mixture);

}  // namespace mixbern
