#include "data/names.hpp"

#include "mixbern/fit/em.hpp"
#include "mixbern/fit/watch.hpp"

namespace mixbern {
namespace {

constexpr Names<StopReason, 3> kStopReasons{{{StopReason::kTolerance, "tolerance"},
                                             {StopReason::kMaxIterations, "max_iter"},
                                             {StopReason::kCancelled, "cancelled"}}};
constexpr Names<Acceleration, 4> kAccelerations{{{Acceleration::kAuto, "auto"},
                                                 {Acceleration::kNone, "none"},
                                                 {Acceleration::kAnderson, "anderson"},
                                                 {Acceleration::kNewton, "newton"}}};
constexpr Names<Precision, 3> kPrecisions{
    {{Precision::kAuto, "auto"}, {Precision::kFast, "fast"}, {Precision::kDouble, "double"}}};

constexpr Names<SmoothingTarget, 2> kSmoothingTargets{
    {{SmoothingTarget::kHalf, "half"}, {SmoothingTarget::kItem, "item"}}};

constexpr Names<Unit, 4> kUnits{{{Unit::kIterations, "iteration"},
                                 {Unit::kSamples, "sample"},
                                 {Unit::kFolds, "fold"},
                                 {Unit::kReplicates, "replicate"}}};

}  // namespace

std::string_view to_string(Unit unit) {
  return name_of(kUnits, unit);
}

std::string_view to_string(StopReason reason) {
  return name_of(kStopReasons, reason);
}

std::string_view to_string(Acceleration acceleration) {
  return name_of(kAccelerations, acceleration);
}

std::optional<Acceleration> acceleration_from_string(std::string_view name) {
  return value_named(kAccelerations, name);
}

std::string_view to_string(SmoothingTarget target) {
  return name_of(kSmoothingTargets, target);
}

std::optional<SmoothingTarget> smoothing_target_from_string(std::string_view name) {
  return value_named(kSmoothingTargets, name);
}

std::string_view to_string(Precision precision) {
  return name_of(kPrecisions, precision);
}

std::optional<Precision> precision_from_string(std::string_view name) {
  return value_named(kPrecisions, name);
}

}  // namespace mixbern
