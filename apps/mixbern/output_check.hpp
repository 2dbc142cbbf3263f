// Whether what is to be written can be, before any work.
#pragma once

#include <string>
#include <vector>

#include "output.hpp"

namespace mixbern::app {

/// Throws std::invalid_argument if one of `outputs` is the same file as another or as one of `inputs`,
/// InputError if it could not be written. Says where a file will change its owner. Empty names stand for
/// files that nobody asked for.
void check_outputs(const std::vector<std::string>& outputs, const std::vector<std::string>& inputs,
                   Messages& messages);

}  // namespace mixbern::app
