#include "mixbern/fit/watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "mixbern/fit/fit.hpp"
#include "mixbern/fit/groups.hpp"
#include "mixbern/select/bootstrap.hpp"
#include "mixbern/select/cross_validation.hpp"
#include "mixbern/select/selection.hpp"
#include "mixbern/statistics/replicates.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

using testing::Contains;
using testing::ElementsAre;

// What came, as text.
class Listener : public Watch {
 public:
  explicit Listener(std::size_t most_units = SIZE_MAX) : most_units_(most_units) {}

  void part_begins(std::string_view part) override { told_.emplace_back(part); }
  void stage_begins(const Stage& stage) override {
    told_.push_back(std::string(stage.name) + ": " + std::to_string(stage.n) + " " +
                    std::string(to_string(stage.unit)));
    units_ = 0;
  }
  void iteration_done(const IterationEvent&) override { ++iterations_; }
  void units_done(std::size_t n_done) override {
    const std::scoped_lock lock(mutex_);
    units_ = std::max(units_, n_done);
  }
  void rows_done(std::size_t n, std::size_t n_rows) override {
    rows_ += n;
    n_rows_ = n_rows;
  }
  bool cancelled() override {
    const std::scoped_lock lock(mutex_);
    return units_ >= most_units_;
  }

  const std::vector<std::string>& told() const { return told_; }
  std::size_t units() const { return units_; }
  std::size_t iterations() const { return iterations_; }
  std::size_t rows() const { return rows_; }
  std::size_t n_rows() const { return n_rows_; }

 private:
  std::size_t most_units_;
  std::vector<std::string> told_;
  std::mutex mutex_;
  std::size_t units_ = 0, iterations_ = 0;
  std::atomic<std::size_t> rows_ = 0, n_rows_ = 0;
};

Dataset table() {
  return reference::random_dataset({.n_rows = 80, .n_features = 5}, 3);
}

TEST(Watch, HearsOfDataSetsThatAreDrawn) {
  const Mixture mixture = reference::random_mixture(2, 5, 1);
  Listener whole;
  bootstrap_fit(mixture, table(), BootstrapKind::kParametric, {.n_samples = 20, .watch = &whole});
  EXPECT_THAT(whole.told(), ElementsAre("bootstrap: 20 sample"));
  EXPECT_EQ(whole.units(), 20U);
  EXPECT_EQ(whole.iterations(), 0U);  // those of refits are nobody's business

  Listener cut(5);
  const BootstrapFit some = bootstrap_fit(mixture, table(), BootstrapKind::kResampling,
                                          {.n_samples = 200, .threads = 2, .watch = &cut});
  EXPECT_THAT(cut.told(), ElementsAre("resampling: 200 sample"));
  EXPECT_LT(some.n_samples, 10U);
}

TEST(Watch, HearsOfFolds) {
  const Mixture mixture = reference::random_mixture(2, 5, 1);
  Listener listener;
  EXPECT_TRUE(std::isfinite(cross_validated_log_likelihood(mixture, table(), 4, {.watch = &listener})));
  EXPECT_THAT(listener.told(), ElementsAre("cross-validation: 4 fold"));
  EXPECT_EQ(listener.units(), 4U);
  Listener cut(1);
  EXPECT_TRUE(
      std::isnan(cross_validated_log_likelihood(mixture, table(), 40, {.threads = 1, .watch = &cut})));
}

TEST(Watch, HearsOfReplicates) {
  const Dataset data = table();
  const FitResult fitted = fit(data, {.n_components = 2, .n_init = 2});
  std::vector<std::vector<double>> weights(3, std::vector<double>(data.n_rows(), 1.0));
  weights[1].back() = 0;
  weights[2].front() = 2;
  Listener listener;
  const StandardErrors errors = replicate_standard_errors(
      fitted.mixture, data, replicate_weights({}, weights, {}), {.watch = &listener});
  EXPECT_EQ(errors.n_replicates, 3U);
  EXPECT_THAT(listener.told(), ElementsAre("standard errors: 3 replicate"));
  EXPECT_EQ(listener.units(), 3U);
}

TEST(Watch, HearsOfEachNumberOfComponentsAsAPart) {
  Listener listener;
  select_components(table(), {.n_components = {1, 2},
                              .fit = {.n_init = 2, .watch = &listener},
                              .criterion = Criterion::kBlrt,
                              .blrt_samples = 3});
  EXPECT_THAT(listener.told(), Contains("K 1 of 2"));
  EXPECT_THAT(listener.told(), Contains("K 2 of 2"));
  EXPECT_EQ(listener.told().back(), "bootstrap test: 3 sample");
  EXPECT_GT(listener.iterations(), 0U);
}

TEST(Watch, HearsOfEachItemThatIsTestedAsAPart) {
  Dataset data = table();
  for (std::size_t i = 0; i < data.n_rows(); ++i) data.labels.push_back(static_cast<std::int64_t>(i % 2));
  data.label_names = {"a", "b"};
  Listener listener;
  test_invariance(data, {.n_components = 1, .n_init = 1, .watch = &listener}, {.n_samples = 2});
  EXPECT_THAT(listener.told(), Contains("equal model"));
  EXPECT_THAT(listener.told(), Contains("item 1 of " + std::to_string(data.n_features())));
  EXPECT_THAT(listener.told(), Contains("equal against free"));
  EXPECT_EQ(listener.told().back(), "bootstrap: 2 sample");
}

TEST(Watch, HearsOfTheRowsOfEachPassOverALargeTable) {
  const Dataset data = reference::random_dataset({.n_rows = 20'000, .n_features = 300}, 4);
  Listener listener;
  const FitResult result =
      fit(data, {.n_components = 3, .n_init = 1, .max_iter = 5, .tol = 0.0, .watch = &listener});
  EXPECT_EQ(listener.n_rows(), result.n_distinct_rows);
  EXPECT_EQ(listener.rows() % listener.n_rows(), 0U);
  EXPECT_GE(listener.rows(), 5 * listener.n_rows());
}

}  // namespace
}  // namespace mixbern
