// What each test that prints a p-value does at 5 % where the number of classes, and missing completely at
// random, are true.
#include "sizes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_01.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "mixbern/mixbern.hpp"
#include "rate.hpp"

namespace {

using namespace mixbern;

constexpr double kLevel = 0.05;

struct Design {
  std::string name;
  Mixture truth;
  std::size_t n_rows;
  double missing_share;         // of the answers to the items below, each by itself
  std::size_t n_items_missing;  // the first ones
};

// Each class says yes with .8 to the items of its half and with .2 to the others; one class of two to all.
Mixture two_classes(std::size_t n_items) {
  std::vector<double> theta(n_items, .8);
  theta.insert(theta.end(), n_items, .2);
  return {{.6, .4}, theta};
}

Mixture three_classes(std::size_t n_items) {
  std::vector<double> theta(n_items, .85);
  for (std::size_t d = 0; d < n_items; ++d) theta.push_back(d < n_items / 2 ? .85 : .15);
  theta.insert(theta.end(), n_items, .15);
  return {{.4, .35, .25}, theta};
}

std::vector<Design> designs() {
  return {{"2 classes, 6 items, 240 rows", two_classes(6), 240, 0, 0},
          {"2 classes, 6 items, 1,000 rows", two_classes(6), 1000, 0, 0},
          {"3 classes, 8 items, 1,000 rows", three_classes(8), 1000, 0, 0},
          {"2 classes, 5 items, 1,000 rows, 20 % missing in two", two_classes(5), 1000, .2, 2},
          {"2 classes, 6 items, 240 rows, 15 % missing in all", two_classes(6), 240, .15, 6}};
}

Dataset draw(const Design& design, std::uint64_t seed) {
  Dataset data = sample(design.truth, design.n_rows, seed);
  data.labels.clear();
  if (design.n_items_missing == 0) return data;
  boost::random::mt19937_64 engine(seed ^ 0x9e3779b97f4a7c15ULL);
  boost::random::uniform_01<double> uniform;
  const std::size_t n_items = data.n_features();
  BitMatrix ones(design.n_rows, n_items), missing(design.n_rows, n_items);
  for (std::size_t i = 0; i < design.n_rows; ++i) {
    for (std::size_t d = 0; d < n_items; ++d) {
      if (d < design.n_items_missing && uniform(engine) < design.missing_share) {
        missing.set(i, d);
      } else if (test(data.ones, i, d)) {
        ones.set(i, d);
      }
    }
  }
  return {.ones = std::move(ones), .missing = std::move(missing)};
}

// Rejections; a p-value that is not a number is none.
class Sizes {
 public:
  explicit Sizes(std::size_t n_samples) : n_samples_(n_samples) {}

  void add(const Dataset& data, std::size_t n_components, std::uint64_t seed) {
    const Mixture null = fit(data, {.n_components = n_components, .n_init = 32, .seed = seed}).mixture;
    const Mixture more = fit(data, {.n_components = n_components + 1, .n_init = 64, .seed = seed}).mixture;
    const LikelihoodRatioTest vlmr = likelihood_ratio_test(null, more, data);
    const auto extra = static_cast<double>(more.n_parameters() - null.n_parameters());
    add("VLMR", vlmr.plain.p_value);
    add("VLMR, adjusted", vlmr.adjusted.p_value);
    add("χ² with p − q degrees of freedom", chi_squared_p_value(vlmr.plain.statistic, extra));
    ratio_ += vlmr.plain.statistic / extra;
    ++n_;
    add_fit(goodness_of_fit(null, data));
    if (n_samples_ == 0) return;
    const BootstrapOptions options{.n_samples = n_samples_, .seed = seed};
    add("BLRT", bootstrap_likelihood_ratio_test(null, more, data, options).p_value);
    add_bootstrap(bootstrap_fit(null, data, BootstrapKind::kParametric, options), data.missing.has_value());
  }

  const std::vector<std::pair<std::string, Rate>>& rates() const { return rates_; }

  /// What stands in the row `name` of the table.
  std::string cell(const std::string& name) const {
    for (const auto& [known, rate] : rates_) {
      if (known == name) return fmt::format("{:.1f} ({:.1f})", 100 * rate.share(), 100 * rate.error());
    }
    return "–";
  }
  double mean_ratio() const { return ratio_ / static_cast<double>(n_); }

 private:
  void add(const std::string& name, double p_value) { count(name, p_value <= kLevel); }

  void count(const std::string& name, bool hit) {
    for (auto& [known, rate] : rates_) {
      if (known == name) return rate.add(hit);
    }
    rates_.push_back({name, {}});
    rates_.back().second.add(hit);
  }

  void add_fit(const GoodnessOfFit& found) {
    count("tables that are called sparse", found.sparse);
    add("G², χ²", found.g2.p_value);
    if (!found.saturated) return;
    add("G² against complete patterns, χ²", found.saturated->g2.p_value);
    add("missing completely at random, χ²", found.saturated->mcar.p_value);
  }

  void add_bootstrap(const BootstrapFit& drawn, bool missing) {
    add("G², bootstrap", drawn.g2_p_value);
    if (!missing) return;
    add("G² against complete patterns, bootstrap", drawn.saturated_p_value);
    add("missing completely at random, bootstrap", drawn.mcar_p_value);
  }

  std::size_t n_samples_;
  std::vector<std::pair<std::string, Rate>> rates_;
  double ratio_ = 0;
  std::size_t n_ = 0;
};

// One row a test, one column a design; per cent.
void print_table(const std::vector<Sizes>& sizes) {
  std::vector<std::string> names;
  for (const Sizes& one : sizes) {
    for (const auto& [name, rate] : one.rates()) {
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  const auto row = [&](const std::string& title, const auto& cell) {
    fmt::print("| {} |", title);
    for (std::size_t i = 0; i < sizes.size(); ++i) fmt::print(" {} |", cell(i));
    fmt::print("\n");
  };
  row("per cent", [](std::size_t i) { return static_cast<char>('A' + i); });
  row("---", [](std::size_t) { return "---:"; });
  for (const std::string& name : names) row(name, [&](std::size_t i) { return sizes[i].cell(name); });
  row("mean of 2 Δ log L / (p − q)",
      [&](std::size_t i) { return fmt::format("{:.2f}", sizes[i].mean_ratio()); });
}

}  // namespace

void print_sizes(std::size_t n_data_sets, std::size_t n_samples, std::uint64_t seed) {
  fmt::print("{} data sets, {} drawn for each test at most, seed {}\n", n_data_sets, n_samples, seed);
  std::vector<Sizes> sizes;
  for (const Design& design : designs()) {
    const auto begin = std::chrono::steady_clock::now();
    sizes.emplace_back(n_samples);
    for (std::size_t i = 0; i < n_data_sets; ++i)
      sizes.back().add(draw(design, seed * 1'000'003 + i), design.truth.n_components(), i);
    fmt::print("{}: {} ({:.1f} s)\n", static_cast<char>('A' + sizes.size() - 1), design.name,
               std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    std::fflush(stdout);
  }
  print_table(sizes);
}
