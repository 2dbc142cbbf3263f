// Rows as results name them: by number, and by id where they have one.
#pragma once

#include <cstddef>
#include <string>

#include "common_options.hpp"
#include "mixbern/dataset/dataset.hpp"
#include "output.hpp"

namespace mixbern::app {

class RowLabels {
 public:
  /// Both have to outlive it.
  RowLabels(const Dataset& data, const DataOptions& options) : data_(data), options_(options) {}

  /// The first columns of a CSV: "row", or "row,respondent".
  std::string header() const;
  /// Their cells: "7", or "7,A-123". Rows count from 1 as in DATA, so that --rows does not renumber them.
  std::string cells(std::size_t i) const;
  /// Adds the list `ids` to a JSON object, where there are ids.
  void add_to(Json& object) const;

 private:
  const Dataset& data_;
  const DataOptions& options_;
};

}  // namespace mixbern::app
