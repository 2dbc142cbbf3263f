#include "score/entries.hpp"

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"
#include "kernels/registry.hpp"
#include "score/score_table.hpp"
#include "score/units.hpp"

namespace mixbern {
namespace {

// Features that are laid out together: whole groups of four.
constexpr std::size_t kFeaturesOfPart = 64;

// Takes the middles off features begin … end − 1 of K × D.
void centre_part(std::vector<double>& table, std::size_t begin, std::size_t end, std::vector<double>& middles,
                 std::vector<double>& half_ranges) {
  const std::size_t n_features = middles.size();
  const std::size_t n_components = table.size() / n_features;
  std::vector<double> low(table.data() + begin, table.data() + end);
  std::vector<double> high = low;
  for (std::size_t k = 1; k < n_components; ++k) {
    const double* row = table.data() + k * n_features + begin;
    for (std::size_t j = 0; j < low.size(); ++j) {
      low[j] = std::min(low[j], row[j]);
      high[j] = std::max(high[j], row[j]);
    }
  }
  for (std::size_t j = 0; j < low.size(); ++j) {
    middles[begin + j] = (low[j] + high[j]) / 2;
    half_ranges[begin + j] = (high[j] - low[j]) / 2;
  }
  for (std::size_t k = 0; k < n_components; ++k) {
    double* row = table.data() + k * n_features;
    for (std::size_t d = begin; d < end; ++d) row[d] -= middles[d];
  }
}

}  // namespace

void Entries::centre(std::vector<double>& exact, const std::vector<double>& totals, Encoding encoding) {
  encoding_ = encoding;
  n_components_ = exact.size() / totals.size();
  middles_.resize(totals.size());
  half_ranges_.resize(totals.size());
  for_ranges(totals.size(), 2 * n_components_, [&](std::size_t begin, std::size_t end) {
    centre_part(exact, begin, end, middles_, half_ranges_);
  });
  shared_ = 0;
  for (std::size_t d = 0; d < totals.size(); ++d) shared_ += middles_[d] * totals[d];
}

double Entries::largest() const {
  return *std::max_element(half_ranges_.begin(), half_ranges_.end());
}

void Entries::round(std::vector<double>& exact, double unit, bool by_component) {
  const std::size_t n_tiles = kernel::slots_for(n_components_) / kernel::kSlots;
  tiles_.resize(n_tiles * kernel::kSlots * n_codes());
  weights_.resize(by_component ? n_components_ * width() : 0);
  const std::size_t n_parts = (middles_.size() + kFeaturesOfPart - 1) / kFeaturesOfPart;
  const std::size_t cost = 8 * kFeaturesOfPart * kernel::kSlots;
  for_ranges(n_tiles * n_parts, cost, [&](std::size_t begin, std::size_t end) {
    for (std::size_t part = begin; part < end; ++part) {
      round_part(exact, unit, part / n_parts, part % n_parts * kFeaturesOfPart);
    }
  });
}

void Entries::round_part(std::vector<double>& exact, double unit, std::size_t tile,
                         std::size_t first_feature) {
  const std::size_t n_features = middles_.size();
  const std::size_t n = std::min(kFeaturesOfPart, n_features - first_feature);
  const std::size_t used = n_used(tile);
  std::int32_t scratch[kFeaturesOfPart * kernel::kSlots];
  std::int32_t* to = tiles_.data() + tile * kernel::kSlots * n_codes();
  const bool is_final = encoding_ == Encoding::kColumns;
  std::int32_t* columns = is_final ? to + first_feature * kernel::kSlots : scratch;
  if (used < kernel::kSlots) std::fill_n(columns, n * kernel::kSlots, 0);
  for (std::size_t l = 0; l < used; ++l) {
    const std::size_t k = tile * kernel::kSlots + l;
    std::int32_t entries[kFeaturesOfPart];
    take_units(exact.data() + k * n_features + first_feature, n, unit, entries);
    for (std::size_t j = 0; j < n; ++j) columns[j * kernel::kSlots + l] = entries[j];
    if (!weights_.empty()) std::copy_n(entries, n, weights_.data() + k * width() + first_feature);
  }
  if (!is_final) expand_groups(columns, n, kernel::kSlots, to + first_feature * 4 * kernel::kSlots);
}

bool Entries::find_spreads(double unit) {
  std::vector<double> spreads;
  spreads.reserve(half_ranges_.size());
  for (const double range : half_ranges_) spreads.push_back(std::ceil(range / unit) + 1);
  spreads = encoded(std::move(spreads), 1, encoding_);
  if (*std::max_element(spreads.begin(), spreads.end()) > ScoreTable::kRange / 2) return false;
  spreads_.resize(spreads.size());
  std::transform(spreads.begin(), spreads.end(), spreads_.begin(),
                 [](double spread) { return static_cast<std::int32_t>(spread); });
  return true;
}

}  // namespace mixbern
