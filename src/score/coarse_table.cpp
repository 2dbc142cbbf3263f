#include "score/coarse_table.hpp"

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kSixteenBits = 65'535;
// What the components' constants may take of these.
constexpr std::size_t kForBase = 8'192;
// Coarser bytes tell too little.
constexpr std::size_t kFewestSteps = 48;

// A row has at most one code a one, and one a group.
std::size_t most_codes(const Entries& entries, std::size_t n_features, std::size_t most_ones) {
  return entries.encoding() == Encoding::kGroups ? std::min(most_ones, (n_features + 3) / 4) : most_ones;
}

std::int64_t largest(const std::vector<std::int32_t>& spreads) {
  return *std::max_element(spreads.begin(), spreads.end());
}

}  // namespace

bool CoarseTable::assign(const ScoreTable& table, const RowFacts& facts) {
  n_components_ = table.n_components();
  std::size_t most = most_codes(table.ones(), table.n_features(), facts.most_ones);
  std::int64_t widest = largest(table.ones().spreads());
  if (table.has_missing()) {
    most += most_codes(table.missing(), table.n_features(), facts.most_missing);
    widest = std::max(widest, largest(table.missing().spreads()));
  }
  most = std::max<std::size_t>(most, 1);
  const std::size_t steps = std::min<std::size_t>(255, (kSixteenBits - kForBase) / most);
  if (steps < kFewestSteps) return false;
  // Steps a unit: the widest code takes all steps, and constants stay above zero.
  const auto top = static_cast<double>(kSixteenBits - steps * most - 1);
  const double lowest = *std::min_element(table.base().data(), table.base().data() + n_components_);
  const auto scale =
      static_cast<float>(std::min(static_cast<double>(steps) / std::max(static_cast<double>(2 * widest), 1.0),
                                  top / std::max(-lowest, 1.0)));
  reach_ = std::ceil((kernel::kNegligible / table.unit() + 1) * scale);
  base_.assign(n_lines() * kernel::kByteSlots, 0);
  for (std::size_t k = 0; k < n_components_; ++k) {
    const double steps_of_base = std::nearbyint(top + table.base()[k] * double{scale});
    base_[k] = static_cast<std::uint16_t>(std::max(steps_of_base, 0.0));
  }
  coarsen(table.ones(), scale, ones_);
  if (table.has_missing()) coarsen(table.missing(), scale, missing_);
  return true;
}

void CoarseTable::coarsen(const Entries& entries, float scale, AlignedVector<std::uint8_t>& lines) const {
  const std::size_t n_codes = entries.n_codes();
  const std::size_t n_tiles = (n_components_ + kernel::kSlots - 1) / kernel::kSlots;
  lines.resize(n_lines() * n_codes * kernel::kByteSlots);
  for_ranges(n_lines(), n_codes * kernel::kByteSlots, [&](std::size_t begin, std::size_t end) {
    for (std::size_t line = begin; line < end; ++line) {
      kernel::active().tables.coarsen(entries.tile(4 * line), std::min<std::size_t>(4, n_tiles - 4 * line),
                                      n_codes, entries.spreads().data(), scale,
                                      lines.data() + line * n_codes * kernel::kByteSlots);
    }
  });
}

// Onto the constants, or the sums so far.
void CoarseTable::add(const RowCodes& codes, std::size_t n_rows, const AlignedVector<std::uint8_t>& lines,
                      bool begins, AlignedVector<std::uint16_t>& sums) const {
  const std::size_t size = lines.size() / n_lines();
  for (std::size_t line = 0; line < n_lines(); ++line) {
    std::uint16_t* to = sums.data() + line * kernel::kByteSlots;
    kernel::active().tables.add_bytes(codes.offsets(), codes.codes(), n_rows, lines.data() + line * size,
                                      begins ? base_.data() + line * kernel::kByteSlots : to,
                                      begins ? 0 : stride(), to, stride());
  }
}

void CoarseTable::find(const RowBlock& rows, Candidates& found) const {
  const std::size_t n = rows.size();
  found.byte_sums.resize(n * stride());
  found.reaches.resize(n);
  found.sole.resize(n);
  found.rows.resize(n);
  found.begins.resize(n + 1);
  found.components.resize(n * kernel::slots_for(n_components_) + kernel::kCandidateSlack);
  add(rows.codes(), n, ones_, true, found.byte_sums);
  if (rows.has_missing()) add(rows.missing_codes(), n, missing_, false, found.byte_sums);
  for (std::size_t i = 0; i < n; ++i) {
    std::uint64_t n_codes = rows.codes().count(i);
    if (rows.has_missing()) n_codes += rows.missing_codes().count(i);
    found.reaches[i] = reach(n_codes);
  }
  found.rows.resize(kernel::active().tables.find_candidates(
      found.byte_sums.data(), stride(), n, n_components_, found.reaches.data(), found.sole.data(),
      found.rows.data(), found.begins.data(), found.components.data()));
}

// Both the largest and who is compared with it are off by half a step a code and for the constant, and a
// little by single precision.
std::uint16_t CoarseTable::reach(std::uint64_t n_codes) const {
  const std::uint64_t rounding = n_codes + n_codes / 256 + 3;
  return static_cast<std::uint16_t>(std::min(reach_ + static_cast<double>(rounding), 65'535.0));
}

}  // namespace mixbern
