#include "score/by_candidates.hpp"

#include <limits>
#include <numeric>

#include "kernels/registry.hpp"

namespace mixbern {
namespace {

void list_sole_rows(Candidates& candidates) {
  for (std::uint32_t i = 0; i < candidates.sole.size(); ++i) {
    if (candidates.sole[i] != kernel::kNone) candidates.sole_rows.push_back(i);
  }
}

// Calls visit(row of the block, component, place of the score) for all that are wanted.
template <class Visit>
void for_each_place(Candidates& candidates, AlignedVector<std::int32_t>& scores, const Visit& visit) {
  for (std::size_t j = 0; j < candidates.rows.size(); ++j) {
    for (std::uint32_t place = candidates.begins[j]; place < candidates.begins[j + 1]; ++place) {
      const std::uint32_t k = candidates.components[place];
      if (k == kernel::kNone) break;
      visit(candidates.rows[j], k, &scores[place]);
    }
  }
  for (std::size_t j = 0; j < candidates.sole_rows.size(); ++j) {
    const std::uint32_t row = candidates.sole_rows[j];
    visit(row, candidates.sole[row], &candidates.sole_scores[j]);
  }
}

// How many each component has, into ends; places without a component get −∞. Returns how many all have.
std::size_t count_by_component(std::size_t n_components, Candidates& candidates,
                               AlignedVector<std::int32_t>& scores) {
  candidates.ends.assign(n_components, 0);
  std::size_t n = candidates.sole_rows.size();
  for (std::size_t place = 0; place < scores.size(); ++place) {
    const std::uint32_t k = candidates.components[place];
    if (k == kernel::kNone) {
      scores[place] = std::numeric_limits<std::int32_t>::min();
    } else {
      ++candidates.ends[k];
      ++n;
    }
  }
  for (const std::uint32_t row : candidates.sole_rows) ++candidates.ends[candidates.sole[row]];
  return n;
}

// Rows and places by component, so that its entries stay in the cache.
void sort_by_component(std::size_t n_components, Candidates& candidates,
                       AlignedVector<std::int32_t>& scores) {
  const std::size_t n = count_by_component(n_components, candidates, scores);
  candidates.chosen.resize(n);
  candidates.places.resize(n);
  std::vector<std::size_t>& ends = candidates.ends;
  std::exclusive_scan(ends.begin(), ends.end(), ends.begin(), std::size_t{0});
  for_each_place(candidates, scores, [&](std::uint32_t row, std::uint32_t k, std::int32_t* place) {
    candidates.chosen[ends[k]] = row;
    candidates.places[ends[k]++] = place;
  });
}

}  // namespace

bool can_find_candidates() {
  return kernel::active().tables.add_bytes != nullptr;
}

std::optional<double> cost_by_candidates(const ScoreShape& shape) {
  constexpr std::size_t kFewest = 2 * kernel::kSlots + 1;
  if (!can_find_candidates() || shape.n_components < kFewest) return std::nullopt;
  const std::size_t n_lines = (shape.n_components + kernel::kByteSlots - 1) / kernel::kByteSlots;
  return 3.5 * shape.codes_a_row * static_cast<double>(n_lines) + 300;
}

bool ByCandidates::lay_out(const RowFacts& facts, bool scores_sole) {
  scores_sole_ = scores_sole;
  table_.lay_out(true);
  return table_.find_spreads() && coarse_.assign(table_, facts);
}

void ByCandidates::score(RowBlock& rows, Scores& into) const {
  Candidates& candidates = into.candidates;
  if (rows.holds_labels()) return by_codes_.score(rows, into);
  if (candidates.n_skipped > 0) {
    --candidates.n_skipped;
    return by_codes_.score(rows, into);
  }
  into.begin(Scores::Form::kCandidates, rows.size(), table_.n_components(), table_.unit());
  into.most = table_.slots();
  rows.spell();
  coarse_.find(rows, candidates);
  into.values.resize(candidates.begins[candidates.rows.size()]);
  candidates.sole_rows.clear();
  if (scores_sole_) list_sole_rows(candidates);
  candidates.sole_scores.resize(candidates.sole_rows.size());
  sort_by_component(table_.n_components(), candidates, into.values);
  // A candidate costs about as much as a tile.
  constexpr std::size_t kPause = 16;
  if (10 * candidates.chosen.size() > 9 * rows.size() * (table_.slots() / kernel::kSlots)) {
    candidates.n_skipped = kPause;
    return by_codes_.score(rows, into);
  }
  add_up(rows, candidates);
}

void ByCandidates::add_up(const RowBlock& rows, Candidates& of) const {
  std::size_t begin = 0;
  for (std::size_t k = 0; k < table_.n_components(); ++k) {
    const std::size_t n = of.ends[k] - begin;
    if (n == 0) continue;
    const std::span<const std::uint32_t> chosen(of.chosen.data() + begin, n);
    of.chosen_scores.assign(n, table_.base()[k]);
    add_entries(rows.ones(), rows.codes(), chosen, table_.ones(), k, of.chosen_scores.data());
    if (rows.has_missing()) {
      add_entries(rows.missing(), rows.missing_codes(), chosen, table_.missing(), k, of.chosen_scores.data());
    }
    for (std::size_t j = 0; j < n; ++j) *of.places[begin + j] = of.chosen_scores[j];
    begin = of.ends[k];
  }
}

// scores[j] += Σ_d w_kd over the ones of row rows[j]: by its columns, or, where codes are groups, by its
// bits.
void ByCandidates::add_entries(const RowsView& bits, const RowCodes& codes,
                               std::span<const std::uint32_t> rows, const Entries& entries, std::size_t k,
                               std::int32_t* scores) const {
  const std::int32_t* weights = entries.weights(k);
  if (entries.encoding() == Encoding::kGroups) {
    kernel::active().tables.dot_bits(bits.words().data(), bits.words_per_row(), rows.data(), rows.size(),
                                     weights, scores);
    return;
  }
  for (std::size_t j = 0; j < rows.size(); ++j) {
    auto sum = static_cast<std::uint32_t>(scores[j]);
    for (const std::uint32_t d : codes.of_row(rows[j])) sum += static_cast<std::uint32_t>(weights[d]);
    scores[j] = static_cast<std::int32_t>(sum);
  }
}

}  // namespace mixbern
