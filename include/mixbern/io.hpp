// Files and tables of data, model files, columns, answers and constraints as texts, errors with their place.
#pragma once

#include "mixbern/io/answers.hpp"
#include "mixbern/io/columns.hpp"
#include "mixbern/io/constraints.hpp"
#include "mixbern/io/error.hpp"
#include "mixbern/io/io.hpp"
#include "mixbern/io/table.hpp"
