#include "em/start_trace.hpp"

#include <algorithm>
#include <cmath>

namespace mixbern {
namespace {

constexpr std::size_t kMostPoints = 200;
constexpr std::size_t kFirstPoints = 64;

}  // namespace

StartTrace thinned(std::span<const double> trace) {
  StartTrace result;
  result.iterations.reserve(std::min(trace.size(), kMostPoints));
  result.mean_log_likelihoods.reserve(std::min(trace.size(), kMostPoints));
  const auto add = [&](std::size_t iteration) {
    result.iterations.push_back(iteration);
    result.mean_log_likelihoods.push_back(trace[iteration - 1]);
  };
  const bool all = trace.size() <= kMostPoints;
  for (std::size_t i = 1; i <= (all ? trace.size() : kFirstPoints); ++i) add(i);
  if (all) return result;
  constexpr std::size_t kSteps = kMostPoints - kFirstPoints;
  const double ratio = static_cast<double>(trace.size()) / kFirstPoints;
  for (std::size_t j = 1; j <= kSteps; ++j) {
    const double at = kFirstPoints * std::pow(ratio, static_cast<double>(j) / kSteps);
    const std::size_t iteration = j == kSteps ? trace.size() : static_cast<std::size_t>(std::llround(at));
    if (iteration > result.iterations.back()) add(iteration);
  }
  return result;
}

}  // namespace mixbern
