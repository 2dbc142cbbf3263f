// Random numbers that are the same with every standard library.
#pragma once

#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_01.hpp>
#include <cstddef>
#include <span>

namespace mixbern {

using Engine = boost::random::mt19937_64;

/// Uniform in [0, 1).
inline double uniform(Engine& engine) {
  return boost::random::uniform_01<double>()(engine);
}

/// The index in whose stretch `u` falls when the weights are laid end to end; the last that is not 0 if
/// rounding put `u` behind them all, 0 if all are.
inline std::size_t index_at(std::span<const double> weights, double u) {
  std::size_t last_possible = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    last_possible = i;
    u -= weights[i];
    if (u < 0) break;
  }
  return last_possible;
}

}  // namespace mixbern
