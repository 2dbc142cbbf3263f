// Fits: options and result, starts, watching and stopping, checkpoints, groups, rows that stay at their
// sites.
#pragma once

#include "mixbern/fit/checkpoint.hpp"
#include "mixbern/fit/em.hpp"
#include "mixbern/fit/estimation.hpp"
#include "mixbern/fit/federated.hpp"
#include "mixbern/fit/fit.hpp"
#include "mixbern/fit/group_bootstrap.hpp"
#include "mixbern/fit/group_statistics.hpp"
#include "mixbern/fit/groups.hpp"
#include "mixbern/fit/init.hpp"
#include "mixbern/fit/partial_sums.hpp"
#include "mixbern/fit/watch.hpp"
