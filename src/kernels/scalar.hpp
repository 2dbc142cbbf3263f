// Functions of the portable kernel that others use too.
#pragma once

#include "kernels/kernel_table.hpp"

namespace mixbern::kernel::scalar {

DecodeRows decode_columns;

}  // namespace mixbern::kernel::scalar
