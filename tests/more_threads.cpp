// Tests want more threads than a small machine has processors.
#include <oneapi/tbb/global_control.h>

namespace mixbern {
namespace {

const tbb::global_control kEnough(tbb::global_control::max_allowed_parallelism, 16);

}  // namespace
}  // namespace mixbern
