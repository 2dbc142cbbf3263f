// Some of the features of a data set, by what users call them.
#pragma once

#include <string>

#include "mixbern/io/io.hpp"

namespace mixbern::io {

/// The features that `options.columns` and `options.exclude` leave, in their order. Throws InputError for
/// one that is not there or comes twice. Cost: a copy of the rows.
Dataset choose_features(const std::string& file, const ReadOptions& options, Dataset data);

}  // namespace mixbern::io
