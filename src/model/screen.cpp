#include "model/screen.hpp"

#include <algorithm>
#include <cmath>

#include "model/parallel.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kSixteenBits = 65'535;
// What the components' constants may take of these.
constexpr std::size_t kForBase = 8'192;
// Coarser bytes tell too little.
constexpr std::size_t kFewestSteps = 48;

std::int64_t largest(std::span<const std::int32_t> values) {
  return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

}  // namespace

bool Screen::assign(std::size_t n_components, const Source& ones, const Source& missing,
                    std::span<const std::int32_t> base, double reach) {
  const std::size_t most_codes = std::max<std::size_t>(ones.most_codes + missing.most_codes, 1);
  const std::size_t steps = std::min<std::size_t>(255, (kSixteenBits - kForBase) / most_codes);
  if (steps < kFewestSteps) return false;
  n_components_ = n_components;
  n_ones_codes_ = ones.spreads.size();
  n_missing_codes_ = missing.tiles == nullptr ? 0 : missing.spreads.size();
  // Steps a unit: the widest code takes all steps, and constants stay above zero.
  const auto top = static_cast<double>(kSixteenBits - steps * most_codes - 1);
  const auto widest = static_cast<double>(2 * std::max(largest(ones.spreads), largest(missing.spreads)));
  const double lowest =
      *std::min_element(base.begin(), base.begin() + static_cast<std::ptrdiff_t>(n_components));
  const auto scale = static_cast<float>(
      std::min(static_cast<double>(steps) / std::max(widest, 1.0), top / std::max(-lowest, 1.0)));
  reach_ = std::ceil((reach + 1) * scale);
  base_.assign(n_lines() * kernel::kByteLanes, 0);
  for (std::size_t k = 0; k < n_components; ++k) {
    base_[k] = static_cast<std::uint16_t>(std::max(std::nearbyint(top + base[k] * double{scale}), 0.0));
  }
  coarsen(ones, scale, ones_);
  if (missing.tiles != nullptr) coarsen(missing, scale, missing_);
  return true;
}

void Screen::coarsen(const Source& source, float scale, AlignedVector<std::uint8_t>& lines) const {
  const std::size_t n_codes = source.spreads.size();
  const std::size_t n_tiles = (n_components_ + kernel::kLanes - 1) / kernel::kLanes;
  lines.resize(n_lines() * n_codes * kernel::kByteLanes);
  for_ranges(n_lines(), n_codes * kernel::kByteLanes, [&](std::size_t begin, std::size_t end) {
    for (std::size_t line = begin; line < end; ++line) {
      kernel::active().coarsen(source.tiles + line * n_codes * kernel::kByteLanes,
                               std::min<std::size_t>(4, n_tiles - 4 * line), n_codes, source.spreads.data(),
                               scale, lines.data() + line * n_codes * kernel::kByteLanes);
    }
  });
}

void Screen::find(const RowBlock& rows, Candidates& found) const {
  const auto& kernel = kernel::active();
  const std::size_t n = rows.size();
  // An odd number of half lines, so that a column of sums does not fall into a few sets of the cache.
  const std::size_t stride = n_lines() * kernel::kByteLanes + kernel::kByteLanes / 2;
  found.sums.resize(n * stride);
  found.reaches.resize(n);
  found.sole.resize(n);
  found.rows.resize(n);
  found.begins.resize(n + 1);
  found.components.resize(n * ((n_components_ + kernel::kLanes - 1) / kernel::kLanes * kernel::kLanes) +
                          kernel::kNearSlack);
  const auto add = [&](const RowCodes& codes, const AlignedVector<std::uint8_t>& lines, std::size_t n_codes,
                       bool starts) {
    for (std::size_t line = 0; line < n_lines(); ++line) {
      std::uint16_t* sums = found.sums.data() + line * kernel::kByteLanes;
      kernel.add_bytes(codes.offsets(), codes.codes(), n, lines.data() + line * n_codes * kernel::kByteLanes,
                       starts ? base_.data() + line * kernel::kByteLanes : sums, starts ? 0 : stride, sums,
                       stride);
    }
  };
  const RowCodes& ones = rows.ones();
  add(ones, ones_, n_ones_codes_, true);
  if (rows.has_missing()) add(rows.missing(), missing_, n_missing_codes_, false);
  // Both the largest and who is compared with it are off by half a step a code and for the constant, and a
  // little by single precision.
  for (std::size_t i = 0; i < n; ++i) {
    std::uint64_t n_codes = ones.offsets()[i + 1] - ones.offsets()[i];
    if (rows.has_missing()) n_codes += rows.missing().offsets()[i + 1] - rows.missing().offsets()[i];
    const std::uint64_t rounding = n_codes + n_codes / 256 + 3;
    const double reach = reach_ + static_cast<double>(rounding);
    found.reaches[i] = static_cast<std::uint16_t>(std::min(reach, 65'535.0));
  }
  found.rows.resize(kernel.find_near(found.sums.data(), stride, n, n_components_, found.reaches.data(),
                                     found.sole.data(), found.rows.data(), found.begins.data(),
                                     found.components.data()));
}

}  // namespace mixbern
