// The ladder of models between equal and free probabilities.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "mixbern/fit/groups.hpp"
#include "select/group_columns.hpp"
#include "select/group_tests.hpp"

namespace mixbern {
namespace {

InvarianceTest compared(const std::string& restricted, const GroupedModel& a, const std::string& general,
                        const GroupedModel& b) {
  InvarianceTest test{.restricted = restricted, .general = general};
  test.degrees_of_freedom = static_cast<double>(b.n_parameters) - static_cast<double>(a.n_parameters);
  test.likelihood_ratio.statistic = std::max(2 * (b.log_likelihood - a.log_likelihood), 0.0);
  test.likelihood_ratio.p_value =
      chi_squared_p_value(test.likelihood_ratio.statistic, test.degrees_of_freedom);
  test.adjusted_p_value = std::numeric_limits<double>::quiet_NaN();
  return test;
}

// Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.
std::vector<double> adjusted(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t j) { return p_values[j]; });
  std::vector<double> result(p_values.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double p = static_cast<double>(order.size() - rank) * p_values[order[rank]];
    result[order[rank]] = largest = std::max(largest, std::min(p, 1.0));
  }
  return result;
}

void adjust(std::vector<InvarianceTest>& tests) {
  std::vector<double> ratios, scores;
  for (const InvarianceTest& test : tests) {
    ratios.push_back(test.p_value());
    scores.push_back(test.score->p_value);
  }
  ratios = adjusted(ratios);
  scores = adjusted(scores);
  for (std::size_t j = 0; j < tests.size(); ++j) {
    tests[j].adjusted_p_value = ratios[j];
    tests[j].adjusted_score_p_value = scores[j];
  }
}

FreeItems with(FreeItems items, std::size_t more) {
  items.insert(std::ranges::upper_bound(items, more), more);
  return items;
}

// Frees one item after the other.
class Steps {
 public:
  Steps(const Dataset& data, const FitOptions& options, const InvarianceOptions& how,
        const GroupedModel& equal)
      : data_(data), options_(options), how_(how), rows_(rows_of_groups(data)), present_(equal) {}

  void run(std::size_t n_items, Invariance& into) {
    std::vector<InvarianceTest> last;
    while (present_.free_items.size() < n_items) {
      const std::size_t best = step(n_items, last);
      if (last.empty() || !(last[best].adjusted_p_value <= how_.level)) break;
      into.items.push_back(last[best]);
      present_ = std::move(models_[best]);
      last.clear();
    }
    into.items.insert(into.items.end(), last.begin(), last.end());
    std::ranges::sort(into.items, {}, &InvarianceTest::item);
    into.differing = present_.free_items;
  }
  const GroupedModel& model() const { return present_; }

  // The distribution of the ratio, if it is wanted.
  void draw(const GroupedModel& restricted, const GroupedModel& general, InvarianceTest& test) const {
    if (test.item == std::nullopt) begin_part(options_.watch, test.restricted + " against " + test.general);
    if (how_.n_samples > 0)
      test.bootstrap = bootstrap_groups(rows_, restricted, general, how_.n_samples, options_);
  }

 private:
  // Tests each item that is not free; returns the most significant.
  std::size_t step(std::size_t n_items, std::vector<InvarianceTest>& tests) {
    models_.clear();
    tests.clear();
    for (std::size_t j = 0; j < n_items; ++j) {
      if (std::ranges::binary_search(present_.free_items, j)) continue;
      begin_part(options_.watch, "item " + std::to_string(j + 1) + " of " + std::to_string(n_items));
      models_.push_back(fit_groups(data_, with(present_.free_items, j), options_, &present_));
      tests.push_back(compared("equal", present_, "free", models_.back()));
      tests.back().item = j;
      draw(present_, models_.back(), tests.back());
      add_score_test(rows_, present_, j, options_, tests.back());
    }
    adjust(tests);
    const auto best = std::ranges::min_element(tests, {}, [](const InvarianceTest& test) {
      return std::pair(test.p_value(), test.likelihood_ratio.p_value);
    });
    return static_cast<std::size_t>(best - tests.begin());
  }

  const Dataset& data_;
  const FitOptions& options_;
  const InvarianceOptions& how_;
  Dataset rows_;
  GroupedModel present_;
  std::vector<GroupedModel> models_;
};

// The smallest p-value is 1 / (1 + data sets), and the first of Holm's steps multiplies it by the items.
void warn_of_few_samples(std::size_t n_items, const InvarianceOptions& how, Invariance& into) {
  const auto needed = static_cast<std::size_t>(std::ceil(static_cast<double>(n_items) / how.level));
  if (how.n_samples == 0 || how.n_samples + 1 >= needed) return;
  into.warnings.push_back(std::to_string(how.n_samples) + " data sets cannot tell any of " +
                          std::to_string(n_items) + " items apart after the adjustment: draw " +
                          std::to_string(needed - 1) + " or more");
}

}  // namespace

Invariance test_invariance(const Dataset& data, const FitOptions& options, const InvarianceOptions& how) {
  const std::size_t n_items = data.items().all(data.n_features()).size();
  FreeItems all(n_items);
  std::iota(all.begin(), all.end(), std::size_t{0});
  Invariance result;
  warn_of_few_samples(n_items, how, result);
  begin_part(options.watch, "equal model");
  GroupedModel equal = fit_groups(data, {}, options);
  begin_part(options.watch, "free model");
  GroupedModel free = fit_groups(data, all, options, &equal);
  Steps steps(data, options, how, equal);
  steps.run(n_items, result);
  const GroupedModel& partial = steps.model();
  const auto compare = [&](const NamedModel& a, const NamedModel& b) {
    result.tests.push_back(compared(a.name, a.model, b.name, b.model));
    steps.draw(a.model, b.model, result.tests.back());
  };
  const bool between = !partial.free_items.empty() && partial.free_items.size() < n_items;
  result.models.push_back({"equal", std::move(equal)});
  if (between) result.models.push_back({"partial", partial});
  result.models.push_back({"free", std::move(free)});
  compare(result.models.front(), result.models.back());
  if (between) compare(result.models[0], result.models[1]);
  if (between) compare(result.models[1], result.models[2]);
  return result;
}

}  // namespace mixbern
