// A share and its Monte Carlo error.
#pragma once

#include <cmath>
#include <cstddef>

struct Rate {
  std::size_t hits = 0, n = 0;
  void add(bool hit) {
    hits += hit ? 1 : 0;
    ++n;
  }
  double share() const { return n > 0 ? static_cast<double>(hits) / static_cast<double>(n) : 0; }
  double error() const { return n > 0 ? std::sqrt(share() * (1 - share()) / static_cast<double>(n)) : 0; }
};
