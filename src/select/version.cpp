#include "mixbern/kernels/version.hpp"

namespace mixbern {

std::string_view version() {
  return MIXBERN_VERSION;
}

}  // namespace mixbern
