// Rows in memory that grow one by one.
#pragma once

#include <cstddef>

#include "mixbern/dataset/rows.hpp"

namespace mixbern {

/// No row, of the kind and the features of `rows`, in memory wherever those are.
Rows no_rows_like(const Rows& rows);

/// Appends row i of `from`, which is in memory and of the same kind.
void append_row(Rows& to, const Rows& from, std::size_t i);

}  // namespace mixbern
