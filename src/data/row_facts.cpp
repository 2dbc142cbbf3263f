#include "data/row_facts.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

namespace mixbern {
namespace {

constexpr std::size_t kBlockRows = 1024;

// Adds a row's weight to the totals of its ones; returns how many it has.
std::size_t add_row(const RowsView& rows, std::size_t i, double weight, std::vector<double>& totals) {
  std::size_t n = 0;
  rows.for_each_one(i, [&](std::size_t d) {
    totals[d] += weight;
    ++n;
  });
  return n;
}

// Of nothing, or of as many features.
void add_totals(std::vector<double>& totals, const std::vector<double>& more) {
  totals.resize(std::max(totals.size(), more.size()));
  for (std::size_t d = 0; d < more.size(); ++d) totals[d] += more[d];
}

bool are_totals(std::span<const double> totals, double total_weight) {
  return std::ranges::all_of(totals, [=](double total) { return total >= 0 && total <= 2 * total_weight; });
}

}  // namespace

RowFacts RowFacts::of_none(const RowSource& rows, Arithmetic how) {
  RowFacts facts;
  facts.arithmetic = how;
  facts.encodings = rows.encodings();
  facts.items = rows.items();
  facts.is_packed = rows.is_packed();
  facts.is_weighted = rows.is_weighted();
  facts.largest_weight = rows.is_weighted() ? 0 : 1;
  facts.ones.resize(rows.n_features());
  if (rows.has_missing()) facts.missing.resize(rows.n_features());
  return facts;
}

RowFacts::RowFacts(const RowSource& rows, Arithmetic how)
    : RowFacts(fold_rows(rows, kBlockRows, of_none(rows, how))) {}

RowFacts::RowFacts(const Dataset& data, Arithmetic how)
    : RowFacts(RowsOfDataset(data, encodings_for(data, how)), how) {}

void RowFacts::add(const RowBlock& rows) {
  n_rows += rows.size();
  if (is_packed) codes_a_row += static_cast<double>(count_codes(rows.ones().words(), encodings.ones));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double weight = rows.weight(i);
    total_weight += weight;
    largest_weight = std::max(largest_weight, weight);
    const std::size_t ones_here = add_row(rows.ones(), i, weight, ones);
    n_ones += ones_here;
    most_ones = std::max(most_ones, ones_here);
    const std::size_t missing_here = rows.has_missing() ? add_row(rows.missing(), i, weight, missing) : 0;
    n_missing += missing_here;
    most_missing = std::max(most_missing, missing_here);
    if (!rows.has_missing() || missing_here < ones.size()) informative_weight += weight;
  }
}

void RowFacts::merge(const RowFacts& other) {
  is_packed = is_packed && other.is_packed;
  is_weighted = is_weighted || other.is_weighted;
  n_rows += other.n_rows;
  codes_a_row += other.codes_a_row;
  n_ones += other.n_ones;
  n_missing += other.n_missing;
  total_weight += other.total_weight;
  informative_weight += other.informative_weight;
  largest_weight = std::max(largest_weight, other.largest_weight);
  most_ones = std::max(most_ones, other.most_ones);
  most_missing = std::max(most_missing, other.most_missing);
  add_totals(ones, other.ones);
  add_totals(missing, other.missing);
}

// Sums over rows become means.
void RowFacts::finish() {
  if (n_rows == 0) return;
  codes_a_row /= static_cast<double>(n_rows);
  ones_a_row = static_cast<double>(n_ones) / static_cast<double>(n_rows);
}

void RowFacts::settle(Arithmetic how) {
  arithmetic = how;
  if (how == Arithmetic::kFixed) return;
  encodings = {};
  codes_a_row = is_packed ? ones_a_row : 0;
}

template <class Self, class Archive>
void RowFacts::remember(Self& facts, Archive& archive) {
  archive(facts.is_packed, facts.is_weighted, facts.ones_a_row, facts.codes_a_row, facts.n_rows, facts.n_ones,
          facts.n_missing, facts.total_weight, facts.largest_weight, facts.informative_weight, facts.ones,
          facts.missing, facts.most_ones, facts.most_missing);
}

void RowFacts::save(ArchiveWriter& archive) const {
  archive(arithmetic == Arithmetic::kFixed);
  remember(*this, archive);
  std::vector<std::size_t> first, sizes;
  for (const Items::Group& group : items.groups()) {
    first.push_back(group.first);
    sizes.push_back(group.size);
  }
  archive(first, sizes);
}

// REQUIRES: the ones were loaded.
void RowFacts::load_items(ArchiveReader& archive) {
  std::vector<std::size_t> first, sizes;
  archive(first, sizes);
  if (first.size() != sizes.size()) throw std::invalid_argument("an item has a beginning and no end");
  std::vector<Items::Group> groups;
  for (std::size_t i = 0; i < first.size(); ++i) groups.push_back({first[i], sizes[i]});
  items = Items(ones.size(), std::move(groups));
}

RowFacts RowFacts::load(ArchiveReader& archive) {
  RowFacts facts;
  bool is_fixed = false;
  archive(is_fixed);
  facts.arithmetic = is_fixed ? Arithmetic::kFixed : Arithmetic::kDouble;
  remember(facts, archive);
  facts.load_items(archive);
  if (!facts.can_be()) throw std::invalid_argument("no rows have such facts");
  return facts;
}

bool RowFacts::can_be() const {
  constexpr double kMost = 0x1p60;
  const std::size_t n_features = ones.size();
  constexpr double kMostRows = 0x1p40;
  const auto is_amount = [](double x) { return x >= 0 && x <= kMost; };
  const auto rows = static_cast<double>(n_rows);
  if (!is_weighted && (total_weight != rows || largest_weight > 1)) return false;
  return n_features > 0 && (missing.empty() || missing.size() == n_features) && most_ones <= n_features &&
         most_missing <= n_features && rows <= kMostRows && is_amount(total_weight) &&
         is_amount(largest_weight) && is_amount(informative_weight) && is_amount(ones_a_row) &&
         is_amount(codes_a_row) && are_totals(ones, total_weight) && are_totals(missing, total_weight);
}

}  // namespace mixbern
