// Everything. Read fit.hpp first, then dataset.hpp and mixture.hpp.
#pragma once

#include "mixbern/agreement.hpp"
#include "mixbern/criteria.hpp"
#include "mixbern/dataset.hpp"
#include "mixbern/em.hpp"
#include "mixbern/error.hpp"
#include "mixbern/fit.hpp"
#include "mixbern/goodness_of_fit.hpp"
#include "mixbern/init.hpp"
#include "mixbern/io.hpp"
#include "mixbern/kernels.hpp"
#include "mixbern/mixture.hpp"
#include "mixbern/posterior.hpp"
#include "mixbern/rows.hpp"
#include "mixbern/standard_errors.hpp"
#include "mixbern/version.hpp"
