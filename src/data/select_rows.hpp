// Some rows of a data set, copied.
#pragma once

#include <cstddef>
#include <span>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern {

/// Rows chosen[0], chosen[1], … with what belongs to each, but without names, codings and shape. REQUIRES:
/// all below n_rows.
Dataset select_rows(const Dataset& data, std::span<const std::size_t> chosen);

}  // namespace mixbern
