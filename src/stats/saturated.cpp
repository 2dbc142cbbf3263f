#include "stats/saturated.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <unordered_map>

#include "data/for_each_one.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kMostFeatures = 63;
constexpr std::size_t kMostCompletions = std::size_t{1} << 18;
constexpr double kGap = 1e-6;                   // nats in total
constexpr double kLargestGap = 1e-3;            // of a result that is worth showing
constexpr std::size_t kMostWork = 500'000'000;  // completions visited

std::uint64_t bits_of(const Rows& rows, std::size_t i) {
  std::uint64_t bits = 0;
  for_each_one(rows, i, [&](std::size_t d) { bits |= std::uint64_t{1} << d; });
  return bits;
}

// The answers that a row may have given to the items that it lacks, as bits: the first is where all begin.
class Answers {
 public:
  Answers(const std::vector<Items::Group>& items, std::uint64_t missing) {
    for (const Items::Group& item : items) {
      const std::uint64_t first = std::uint64_t{1} << item.first;
      if ((missing & first) == 0) continue;
      std::vector<std::uint64_t>& answers = items_.emplace_back();
      if (item.size == 1) answers.push_back(0);
      for (std::size_t c = 0; c < item.size; ++c) answers.push_back(first << c);
      bits_ |= answers.front();
    }
    places_.assign(items_.size(), 0);
  }

  std::uint64_t bits() const { return bits_; }
  // The next combination; false after the last one.
  bool advance() {
    for (std::size_t j = 0; j < items_.size(); ++j) {
      bits_ ^= items_[j][places_[j]];
      places_[j] = places_[j] + 1 == items_[j].size() ? 0 : places_[j] + 1;
      bits_ ^= items_[j][places_[j]];
      if (places_[j] != 0) return true;
    }
    return false;
  }

 private:
  std::vector<std::vector<std::uint64_t>> items_;
  std::vector<std::size_t> places_;
  std::uint64_t bits_ = 0;
};

// The patterns that complete each row, numbered as they are met.
class Completions {
 public:
  // False if they are too many.
  bool add(std::uint64_t ones, Answers answers) {
    do {
      if (cells_.size() == kMostCompletions) return false;
      const std::uint64_t pattern = ones | answers.bits();
      cells_.push_back(
          number_.try_emplace(pattern, static_cast<std::uint32_t>(number_.size())).first->second);
    } while (answers.advance());
    ends_.push_back(cells_.size());
    return true;
  }

  std::size_t n_cells() const { return number_.size(); }
  std::size_t n_completions() const { return cells_.size(); }

  // One pass: Σ_i w_i log P_i, and Σ w_i / P_i of each cell.
  double fold(const std::vector<double>& weights, const std::vector<double>& probabilities,
              std::vector<double>& sums) const {
    double log_likelihood = 0;
    std::fill(sums.begin(), sums.end(), 0.0);
    for (std::size_t i = 0, begin = 0; i < ends_.size(); begin = ends_[i++]) {
      double total = 0;
      for (std::size_t j = begin; j < ends_[i]; ++j) total += probabilities[cells_[j]];
      log_likelihood += weights[i] * std::log(total);
      for (std::size_t j = begin; j < ends_[i]; ++j) sums[cells_[j]] += weights[i] / total;
    }
    return log_likelihood;
  }

 private:
  std::unordered_map<std::uint64_t, std::uint32_t> number_;
  std::vector<std::uint32_t> cells_;
  std::vector<std::size_t> ends_;  // of each row in cells_
};

}  // namespace

std::optional<double> saturated_log_likelihood(const PatternTable& table) {
  const std::size_t n_features = table.rows.n_features();
  if (n_features > kMostFeatures || table.rows.n_rows() == 0) return std::nullopt;
  const std::vector<Items::Group> items = table.rows.items().all(n_features);
  Completions completions;
  for (std::size_t i = 0; i < table.rows.n_rows(); ++i) {
    const std::uint64_t missing = table.rows.missing ? bits_of(*table.rows.missing, i) : 0;
    if (!completions.add(bits_of(table.rows.ones, i), Answers(items, missing))) return std::nullopt;
  }
  std::vector<double> probabilities(completions.n_cells(), 1 / static_cast<double>(completions.n_cells()));
  std::vector<double> factors(probabilities.size());
  const std::size_t most = kMostWork / completions.n_completions();
  for (std::size_t iteration = 0;; ++iteration) {
    const double value = completions.fold(table.rows.weights, probabilities, factors);
    const double gap = *std::max_element(factors.begin(), factors.end()) - table.n;
    if (gap <= kGap || iteration >= most) return gap <= kLargestGap ? std::optional(value) : std::nullopt;
    for (std::size_t c = 0; c < factors.size(); ++c) probabilities[c] *= factors[c] / table.n;
  }
}

}  // namespace mixbern
