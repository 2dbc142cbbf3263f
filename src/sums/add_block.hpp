// Adding the rows of a block up by who has them.
#pragma once

#include "data/row_block.hpp"
#include "score/responsibilities.hpp"
#include "sums/sufficient_stats.hpp"
#include "sums/ways.hpp"

namespace mixbern {

/// Adds the rows of the last part of `responsibilities` that components share, or all of it: a row for each
/// of its components by itself; crowded ones, if there are several, by their codes many at a time, and so are
/// sparse rows where the sums by code stay in the cache.
void add_part(RowBlock& rows, Part part, const Responsibilities& responsibilities, SufficientStats& sums);

/// Adds the rows of the block that one component has all of, once all parts are there.
void add_sole(const RowBlock& rows, const Responsibilities& responsibilities, SoleBy by,
              SufficientStats& sums);

/// Adds what rounding took off all amounts of a part. REQUIRES: posteriors in doubles; sums that keep it.
void add_remainders(const RowBlock& rows, Part part, const Scores& scores,
                    const Responsibilities& responsibilities, SufficientStats& sums);

}  // namespace mixbern
