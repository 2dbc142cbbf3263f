// What a data set says of its columns.
#pragma once

#include "mixbern/dataset/dataset.hpp"

namespace mixbern {

/// `rows` with the names, codings, categorical items, threshold, shape and missing codes of `data`, which has
/// the same columns.
inline Dataset with_columns_of(const Dataset& data, Dataset rows) {
  rows.feature_names = data.feature_names;
  rows.codings = data.codings;
  rows.categorical = data.categorical;
  rows.threshold = data.threshold;
  rows.shape = data.shape;
  rows.missing_codes = data.missing_codes;
  return rows;
}

}  // namespace mixbern
