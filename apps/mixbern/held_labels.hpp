// Labels that rows keep while a mixture is fitted.
#pragma once

#include <string>

#include "common_options.hpp"
#include "mixbern/dataset/dataset.hpp"

namespace mixbern::app {

/// Labels that list classes, as in 1|3, become sets of them. Throws InputError, naming where they were read,
/// for a list that lacks one.
void split_labels(const DataOptions& options, Dataset& data);

/// Throws std::invalid_argument if rows have sets of classes: `option` draws data sets, and nothing says how
/// their rows would come to sets.
void refuse_class_sets(const Dataset& data, const std::string& option);

}  // namespace mixbern::app
