// In memory, or outside.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace mixbern::io {

/// Whether rows of these files that can stay outside memory do: what is `asked`, else what MIXBERN_ROWS says,
/// else whether they are large. Throws std::invalid_argument if MIXBERN_ROWS says something else.
bool rows_stay_outside(const std::vector<std::string>& paths, std::optional<bool> asked);

}  // namespace mixbern::io
