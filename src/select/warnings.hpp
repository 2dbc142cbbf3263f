// What a person should be told about a fit.
#pragma once

#include <string>
#include <vector>

#include "select/starts.hpp"

namespace mixbern {

std::vector<std::string> fit_warnings(const EmRun& best, const StartsResult& starts, const Plan& plan);

}  // namespace mixbern
