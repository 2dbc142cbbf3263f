// What is said of a fitted model: criteria, fit, standard errors, survey design, relations, agreement.
#pragma once

#include "mixbern/statistics/agreement.hpp"
#include "mixbern/statistics/criteria.hpp"
#include "mixbern/statistics/goodness_of_fit.hpp"
#include "mixbern/statistics/likelihood_ratio.hpp"
#include "mixbern/statistics/relate.hpp"
#include "mixbern/statistics/replicates.hpp"
#include "mixbern/statistics/standard_errors.hpp"
#include "mixbern/statistics/survey.hpp"
