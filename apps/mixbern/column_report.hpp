// What the columns of a data file hold, for people and as JSON.
#pragma once

#include <string>

#include "common_options.hpp"
#include "mixbern/io/columns.hpp"
#include "output.hpp"

namespace mixbern::app {

/// A list with an object a column.
Json columns_json(const TableSummary& table, bool thresholded);

/// A line a column: values, missing cells, what it looks like. `data`: the items as they were coded, where
/// that is known, for the share of ones.
std::string columns_text(const TableSummary& table, const Dataset* data, std::size_t width);

/// The call that fits the table, with the options that its columns ask for; empty where no column is an item.
std::string fit_call(const TableSummary& table, const DataOptions& options);

}  // namespace mixbern::app
