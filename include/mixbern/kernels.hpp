// What runs: the instruction set, the ways rows are scored and added up, the version.
#pragma once

#include "mixbern/kernels/kernels.hpp"
#include "mixbern/kernels/version.hpp"
#include "mixbern/kernels/ways.hpp"
