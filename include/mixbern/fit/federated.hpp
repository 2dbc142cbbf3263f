// A fit to rows that stay with those who have them: they exchange sums.
#pragma once

#include "mixbern/fit/fit.hpp"
#include "mixbern/fit/partial_sums.hpp"

namespace mixbern {

/// Fits a mixture to rows of which `all` are the merged facts, as fit() of all rows in one data set does,
/// with the same bits where that one has neither merged equal rows nor taken Newton steps nor looked at a
/// sample, which rows in one place allow: in tables that are neither small nor large. Starts run one after
/// the other.
///
/// `run` is asked for the sums of each pass over all rows: it has each Site accumulate() them, wherever that
/// is, and merges what comes back. What it throws ends the fit.
///
/// First parameters are found without rows: init kPortfolio (which means kRandom here), kRandom, kWide or
/// kModel. Throws std::invalid_argument for others, for Newton's method and where fit() does.
FitResult fit(const Facts& all, const FitOptions& options, const RunPass& run,
              const Checkpointing& checkpointing = {});

/// Others who each have a share of the rows of a data set that the caller can read as a whole.
struct Helpers {
  Facts facts;  ///< of all rows, merged
  RunPass run;  ///< called by one thread at a time
};
/// fit() of `data`, with the same bits, in which they do the passes over all rows. Not those of a table that
/// is small, or whose equal rows are merged, or of double precision without smoothing: it is fitted here
/// alone.
FitResult fit(const Dataset& data, const FitOptions& options, const Checkpointing& checkpointing,
              const Helpers& helpers);
/// log_likelihood() of all rows, with the same bits.
double log_likelihood(const Mixture& mixture, const Helpers& helpers, bool semi_supervised = false);

/// An E-step with `mixture`, for who runs EM by hand: in double precision unless that is fast.
Pass pass_with(const Mixture& mixture, const Facts& all, const Estimation& estimation = {},
               Precision precision = Precision::kDouble);
/// What the sums of all rows say: the mixture that the M-step leads to, and the log-likelihood of the one
/// that the pass was made with. Both throw std::invalid_argument for sums that are not of all rows of this
/// pass.
Mixture maximise(const Pass& pass, const Sums& sums);
double log_likelihood(const Pass& pass, const Sums& sums);

}  // namespace mixbern
