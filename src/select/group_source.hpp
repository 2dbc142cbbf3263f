// Data sets of a model in groups for the bootstrap.
#pragma once

#include <cstdint>
#include <deque>

#include "mixbern/fit/groups.hpp"
#include "mixbern/select/bootstrap.hpp"
#include "select/bootstrap_data.hpp"

namespace mixbern {

/// Data sets with as many rows of each group as there are: drawn from the mixture of the group, with the
/// missing answers of its rows; or from its rows with replacement. draw() may be called from several threads.
class GroupSource {
 public:
  /// REQUIRES: `rows` of rows_of_groups(), which outlive it as the model does.
  GroupSource(const Dataset& rows, const GroupedModel& model, BootstrapKind kind);

  /// Rows with weights and groups as labels. Once `watch` cancels nothing should be made of them.
  Dataset draw(std::uint64_t seed, Watch* watch) const;

 private:
  Dataset draw_group(std::size_t group, std::uint64_t seed, Watch* watch) const;

  const Dataset& rows_;
  BootstrapKind kind_;
  std::deque<PatternTable> tables_ = {};  // which sources refer to
  std::deque<ParametricSource> sources_ = {};
};

}  // namespace mixbern
