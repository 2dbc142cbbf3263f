// Which version of the library is linked.
#pragma once

#include <string_view>

namespace mixbern {

/// "major.minor.patch" of the library that is linked.
std::string_view version();

}  // namespace mixbern
