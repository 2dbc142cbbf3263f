// Random numbers that are the same with every standard library.
#pragma once

#include <algorithm>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_01.hpp>
#include <cstddef>
#include <span>
#include <vector>

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

/// `wanted` of 0 … n-1, ascending, every subset as likely; all of them if there are not more. Knuth, The Art
/// of Computer Programming 2, section 3.4.2, algorithm S: each with the chance that is left to it. O(n).
inline std::vector<std::size_t> draw_subset(std::size_t n, std::size_t wanted, Engine& engine) {
  std::vector<std::size_t> chosen;
  wanted = std::min(wanted, n);
  chosen.reserve(wanted);
  for (std::size_t i = 0; chosen.size() < wanted; ++i) {
    const auto left = static_cast<double>(n - i);
    if (left * uniform(engine) < static_cast<double>(wanted - chosen.size())) chosen.push_back(i);
  }
  return chosen;
}

}  // namespace mixbern
