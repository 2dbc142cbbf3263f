// How many components: models side by side, tests by drawing, held-out rows, smoothing, optima.
#pragma once

#include "mixbern/select/bootstrap.hpp"
#include "mixbern/select/cross_validation.hpp"
#include "mixbern/select/grouped.hpp"
#include "mixbern/select/optima.hpp"
#include "mixbern/select/selection.hpp"
#include "mixbern/select/smoothing.hpp"
