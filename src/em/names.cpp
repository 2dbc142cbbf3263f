#include <array>
#include <utility>

#include "mixbern/em.hpp"

namespace mixbern {
namespace {

template <class T, std::size_t kSize>
using Names = std::array<std::pair<T, std::string_view>, kSize>;

constexpr Names<StopReason, 3> kStopReasons{{{StopReason::kTolerance, "tolerance"},
                                             {StopReason::kMaxIterations, "max_iter"},
                                             {StopReason::kCancelled, "cancelled"}}};
constexpr Names<Acceleration, 4> kAccelerations{{{Acceleration::kAuto, "auto"},
                                                 {Acceleration::kNone, "none"},
                                                 {Acceleration::kAnderson, "anderson"},
                                                 {Acceleration::kNewton, "newton"}}};
constexpr Names<Precision, 3> kPrecisions{
    {{Precision::kAuto, "auto"}, {Precision::kFast, "fast"}, {Precision::kDouble, "double"}}};

template <class T, std::size_t kSize>
std::string_view name_of(const Names<T, kSize>& names, T value) {
  for (const auto& [candidate, name] : names) {
    if (candidate == value) return name;
  }
  return "";
}

template <class T, std::size_t kSize>
std::optional<T> value_of(const Names<T, kSize>& names, std::string_view name) {
  for (const auto& [value, candidate] : names) {
    if (candidate == name) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(StopReason reason) {
  return name_of(kStopReasons, reason);
}

std::string_view to_string(Acceleration acceleration) {
  return name_of(kAccelerations, acceleration);
}

std::optional<Acceleration> acceleration_from_string(std::string_view name) {
  return value_of(kAccelerations, name);
}

std::string_view to_string(Precision precision) {
  return name_of(kPrecisions, precision);
}

std::optional<Precision> precision_from_string(std::string_view name) {
  return value_of(kPrecisions, name);
}

}  // namespace mixbern
