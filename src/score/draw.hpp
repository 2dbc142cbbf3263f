// Rows that a component of a mixture makes.
#pragma once

#include <cstddef>

#include "base/random.hpp"
#include "mixbern/dataset/rows.hpp"
#include "mixbern/mixture/mixture.hpp"

namespace mixbern {

/// Draws answers of component k for row `row`, which has none yet, of the items whose features `wanted` asks
/// for: one number for each feature or categorical item.
template <class Wanted>
void draw_answers(const Mixture& mixture, std::size_t k, const Wanted& wanted, Engine& engine,
                  BitMatrix& rows, std::size_t row) {
  const auto theta = mixture.probabilities(k);
  mixture.items().for_each_stretch(
      theta.size(),
      [&](std::size_t begin, std::size_t end) {
        for (std::size_t d = begin; d < end; ++d) {
          if (wanted(d) && uniform(engine) < theta[d]) rows.set(row, d);
        }
      },
      [&](const Items::Group& group) {
        if (!wanted(group.first)) return;
        const auto answers = theta.subspan(group.first, group.size);
        rows.set(row, group.first + index_at(answers, uniform(engine)));
      });
}

}  // namespace mixbern
