// Expectation maximisation: options, and what comes out.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "mixbern/mixture/mixture.hpp"

namespace mixbern {

/// Why a run of EM ended.
enum class StopReason {
  kTolerance,      ///< the gain still to come is below `tol`
  kMaxIterations,  ///< `max_iter` iterations were done first
  kCancelled,      ///< the watch asked for it
};
/// "tolerance", "max_iter", "cancelled".
std::string_view to_string(StopReason reason);

/// How the number of iterations is kept down. Whatever is tried in place of an EM step is kept only if the
/// objective does not fall.
enum class Acceleration {
  kAuto,      ///< Anderson where its memory is small, then Newton where parameters are few
  kNone,      ///< plain EM
  kAnderson,  ///< extrapolation from the last steps
  kNewton,    ///< damped Newton steps
};
/// "auto", "none", "anderson", "newton".
std::string_view to_string(Acceleration acceleration);
/// The reverse; std::nullopt if there is no such name.
std::optional<Acceleration> acceleration_from_string(std::string_view name);

/// How exactly iterations are done. What a fit reports is always evaluated in double precision.
enum class Precision {
  kAuto,    ///< fast where the data is large and smoothing is not 0
  kFast,    ///< log joints in 32-bit fixed point; log-likelihoods of given parameters agree to 1e-8 relative
  kDouble,  ///< everything in double precision
};
/// "auto", "fast", "double".
std::string_view to_string(Precision precision);
/// The reverse; std::nullopt if there is no such name.
std::optional<Precision> precision_from_string(std::string_view name);

/// Part of the way that one start took: its first iterations, some of the later ones, the last; 200 at most.
struct StartTrace {
  std::vector<std::size_t> iterations;       ///< from 1, ascending
  std::vector<double> mean_log_likelihoods;  ///< nats a row, before the M-step of each
  bool operator==(const StartTrace&) const = default;
};

/// What smoothing shrinks the probabilities of a feature toward.
enum class SmoothingTarget {
  kHalf,  ///< 1/2
  kItem,  ///< the feature's mean over all rows
};
/// "half", "item".
std::string_view to_string(SmoothingTarget target);
/// The reverse; std::nullopt if there is no such name.
std::optional<SmoothingTarget> smoothing_target_from_string(std::string_view name);

}  // namespace mixbern
