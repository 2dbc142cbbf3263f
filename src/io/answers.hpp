// Choosing answers in a file that is being read.
#pragma once

#include <string>
#include <vector>

#include "mixbern/io/answers.hpp"

namespace mixbern::io {

/// choose_answers, with errors that name `file`.
void choose_answers(const std::vector<std::string>& chosen, const std::string& file, Dataset& data);

}  // namespace mixbern::io
