// The ladder of models between equal and free probabilities.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "mixbern/fit/groups.hpp"

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
void adjust(std::vector<InvarianceTest>& tests) {
  std::vector<std::size_t> order(tests.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t j) { return tests[j].likelihood_ratio.p_value; });
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    InvarianceTest& test = tests[order[rank]];
    const double p = static_cast<double>(order.size() - rank) * test.likelihood_ratio.p_value;
    test.adjusted_p_value = largest = std::max(largest, std::min(p, 1.0));
  }
}

FreeItems with(FreeItems items, std::size_t more) {
  items.insert(std::ranges::upper_bound(items, more), more);
  return items;
}

// Frees one item after the other.
class Steps {
 public:
  Steps(const Dataset& data, const FitOptions& options, double level, const GroupedModel& equal)
      : data_(data), options_(options), level_(level), present_(equal) {}

  void run(std::size_t n_items, Invariance& into) {
    std::vector<InvarianceTest> last;
    while (present_.free_items.size() < n_items) {
      const std::size_t best = step(n_items, last);
      if (last.empty() || !(last[best].adjusted_p_value <= level_)) break;
      into.items.push_back(last[best]);
      present_ = std::move(models_[best]);
      last.clear();
    }
    into.items.insert(into.items.end(), last.begin(), last.end());
    std::ranges::sort(into.items, {}, &InvarianceTest::item);
    into.differing = present_.free_items;
  }
  const GroupedModel& model() const { return present_; }

 private:
  // Tests each item that is not free; returns the most significant.
  std::size_t step(std::size_t n_items, std::vector<InvarianceTest>& tests) {
    models_.clear();
    tests.clear();
    for (std::size_t j = 0; j < n_items; ++j) {
      if (std::ranges::binary_search(present_.free_items, j)) continue;
      models_.push_back(fit_groups(data_, with(present_.free_items, j), options_, &present_));
      tests.push_back(compared("equal", present_, "free", models_.back()));
      tests.back().item = j;
    }
    adjust(tests);
    const auto best = std::ranges::min_element(
        tests, {}, [](const InvarianceTest& test) { return test.likelihood_ratio.p_value; });
    return static_cast<std::size_t>(best - tests.begin());
  }

  const Dataset& data_;
  const FitOptions& options_;
  double level_;
  GroupedModel present_;
  std::vector<GroupedModel> models_;
};

}  // namespace

Invariance test_invariance(const Dataset& data, const FitOptions& options, double level) {
  const std::size_t n_items = data.items().all(data.n_features()).size();
  FreeItems all(n_items);
  std::iota(all.begin(), all.end(), std::size_t{0});
  Invariance result;
  GroupedModel equal = fit_groups(data, {}, options);
  GroupedModel free = fit_groups(data, all, options, &equal);
  Steps steps(data, options, level, equal);
  steps.run(n_items, result);
  const GroupedModel& partial = steps.model();
  result.tests.push_back(compared("equal", equal, "free", free));
  if (!partial.free_items.empty() && partial.free_items.size() < n_items) {
    result.tests.push_back(compared("equal", equal, "partial", partial));
    result.tests.push_back(compared("partial", partial, "free", free));
  }
  result.models.push_back({"equal", std::move(equal)});
  if (result.tests.size() > 1) result.models.push_back({"partial", partial});
  result.models.push_back({"free", std::move(free)});
  return result;
}

}  // namespace mixbern
