// Words of other programs for what the program has under another name.
#pragma once

#include <string>
#include <string_view>

namespace mixbern::app {

/// The option that is meant by `name`, or empty: "--nclass" is "--n-components".
std::string option_elsewhere(std::string_view name);

/// What to do instead of an option that is not needed here, or empty.
std::string advice_for(std::string_view name);

/// The command that is meant by `name`, or empty: "train" is "fit".
std::string command_elsewhere(std::string_view name);

}  // namespace mixbern::app
