// What the columns of a table look like.
#pragma once

#include <string>

#include "mixbern/io/columns.hpp"

namespace mixbern::io {

/// Fills in role and missing codes of all columns, which know their values; roles that `options` give go
/// before what columns look like. Throws InputError for a column that is not there.
void settle_roles(const std::string& file, const ReadOptions& options, TableSummary& table);

}  // namespace mixbern::io
