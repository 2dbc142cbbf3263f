#include "mixbern/em.hpp"

namespace mixbern {

std::string_view to_string(StopReason reason) {
  switch (reason) {
    case StopReason::kTolerance:
      return "tolerance";
    case StopReason::kMaxIterations:
      return "max_iter";
    case StopReason::kCancelled:
      return "cancelled";
  }
  return "";
}

}  // namespace mixbern
