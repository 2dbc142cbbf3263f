// Everything. Read fit.hpp first, then dataset.hpp and mixture.hpp.
#pragma once

#include "mixbern/dataset.hpp"
#include "mixbern/fit.hpp"
#include "mixbern/io.hpp"
#include "mixbern/kernels.hpp"
#include "mixbern/mixture.hpp"
#include "mixbern/report.hpp"
#include "mixbern/select.hpp"
#include "mixbern/statistics.hpp"
