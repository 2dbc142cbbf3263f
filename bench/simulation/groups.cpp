// Likelihood ratio and score tests of items in groups, at the model in which all items are equal.
#include "groups.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "mixbern/mixbern.hpp"
#include "rate.hpp"

namespace {

using namespace mixbern;

constexpr double kLevel = 0.05;
constexpr std::size_t kItems = 8;

// The first item differs in the last group: it is this much nearer to 1/2 in each class.
struct Design {
  std::string name;
  std::size_t n_classes;
  std::size_t n_groups;
  std::size_t n_rows;  // a group
  double difference;
};

std::vector<Design> designs() {
  return {
      {"2 classes, 2 groups of 500", 2, 2, 500, 0},       {"2 classes, 2 groups of 150", 2, 2, 150, 0},
      {"2 classes, 4 groups of 150", 2, 4, 150, 0},       {"3 classes, 2 groups of 500", 3, 2, 500, 0},
      {"as A, one item .1 nearer to 1/2", 2, 2, 500, .1}, {"as B, one item .1 nearer to 1/2", 2, 2, 150, .1}};
}

// Each class says yes with .8 to the items of its part and with .2 to the others; the first class to all.
Mixture truth(const Design& design, std::size_t group) {
  const bool last = group + 1 == design.n_groups;
  std::vector<double> theta;
  for (std::size_t k = 0; k < design.n_classes; ++k) {
    for (std::size_t d = 0; d < kItems; ++d) {
      const bool often = k == 0 || (k == 1 && design.n_classes == 3 && d < kItems / 2);
      const double moved = last && d == 0 ? design.difference : 0;
      theta.push_back(often ? .8 - moved : .2 + moved);
    }
  }
  const double first = last ? .35 : .5;
  if (design.n_classes == 2) return {{first, 1 - first}, theta};
  return {{first, .3, .7 - first}, theta};
}

Dataset draw(const Design& design, std::uint64_t seed) {
  BitMatrix ones(design.n_groups * design.n_rows, kItems);
  Dataset data;
  for (std::size_t g = 0; g < design.n_groups; ++g) {
    const Dataset own = sample(truth(design, g), design.n_rows, seed * 16 + g);
    for (std::size_t i = 0; i < design.n_rows; ++i) {
      for (std::size_t d = 0; d < kItems; ++d) {
        if (test(own.ones, i, d)) ones.set(g * design.n_rows + i, d);
      }
      data.labels.push_back(static_cast<std::int64_t>(g));
    }
  }
  data.ones = std::move(ones);
  return data;
}

// Rejections at 5 %: of single items, and of any after Holm's adjustment.
struct Rates {
  Rate equal, differs, any;
};

struct Rejections {
  Rates ratio, score;

  void add(const Dataset& data, const Design& design, std::uint64_t seed) {
    // At level 0 no item is freed, so that all are tested at the equal model.
    const FitOptions options{
        .n_components = design.n_classes, .n_init = 16, .estimation = {.smoothing = 1e-8}, .seed = seed};
    const Invariance found = test_invariance(data, options, {.level = 0});
    bool any_ratio = false, any_score = false;
    for (const InvarianceTest& test : found.items) {
      const bool differs = design.difference > 0 && test.item == std::size_t{0};
      (differs ? ratio.differs : ratio.equal).add(test.p_value() <= kLevel);
      (differs ? score.differs : score.equal).add(test.score->p_value <= kLevel);
      if (differs) continue;
      any_ratio = any_ratio || test.adjusted_p_value <= kLevel;
      any_score = any_score || test.adjusted_score_p_value <= kLevel;
    }
    ratio.any.add(any_ratio);
    score.any.add(any_score);
  }
};

std::string cell(const Rate& rate) {
  return rate.n > 0 ? fmt::format("{:.1f} ({:.1f})", 100 * rate.share(), 100 * rate.error()) : "–";
}

}  // namespace

void print_groups(std::size_t n_data_sets, std::uint64_t seed) {
  fmt::print("{} data sets of {} items, seed {}\n", n_data_sets, kItems, seed);
  fmt::print(
      "| per cent | equal item, ratio | score | any after Holm, ratio | score | item that differs, ratio | "
      "score |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
  char letter = 'A';
  for (const Design& design : designs()) {
    const auto begin = std::chrono::steady_clock::now();
    Rejections found;
    for (std::size_t i = 0; i < n_data_sets; ++i) found.add(draw(design, seed * 1'000'003 + i), design, i);
    fmt::print("| {}: {} | {} | {} | {} | {} | {} | {} |\n", letter++, design.name, cell(found.ratio.equal),
               cell(found.score.equal), cell(found.ratio.any), cell(found.score.any),
               cell(found.ratio.differs), cell(found.score.differs));
    std::fflush(stdout);
    fmt::print(stderr, "{:.1f} s\n",
               std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
}
