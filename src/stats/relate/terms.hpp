// Terms of a design: covariates, and products of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mixbern {

/// The parts of `term` between any of `signs`: the factors of "a:b" or "a*b".
std::vector<std::string> factors_of(const std::string& term, std::string_view signs);

}  // namespace mixbern
