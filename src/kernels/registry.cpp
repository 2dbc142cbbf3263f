#include "mixbern/kernels.hpp"
