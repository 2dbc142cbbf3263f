// The interactive report, and results as JSON.
#pragma once

#include "mixbern/report/groups.hpp"
#include "mixbern/report/json.hpp"
#include "mixbern/report/report.hpp"
