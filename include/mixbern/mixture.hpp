// The model, an immutable value, its constraints, and what it says of rows: posteriors, log-likelihood,
// draws.
#pragma once

#include "mixbern/mixture/constraints.hpp"
#include "mixbern/mixture/fixed.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "mixbern/mixture/posterior.hpp"
