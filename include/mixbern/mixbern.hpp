// Everything. Read fit.hpp first, then dataset.hpp and mixture.hpp.
#pragma once

#include <string_view>

#include "mixbern/dataset.hpp"
#include "mixbern/em.hpp"
#include "mixbern/error.hpp"
#include "mixbern/fit.hpp"
#include "mixbern/io.hpp"
#include "mixbern/kernels.hpp"
#include "mixbern/mixture.hpp"
#include "mixbern/posterior.hpp"
#include "mixbern/rows.hpp"

namespace mixbern {

/// "major.minor.patch" of the library that is linked.
std::string_view version();

}  // namespace mixbern
