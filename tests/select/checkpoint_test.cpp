#include "mixbern/fit/checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "mixbern/fit/fit.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

using testing::HasSubstr;

struct Case {
  const char* name;
  Dataset data;
  FitOptions options;
};

// Each way through a fit that remembers something: a race, one after a sample of the rows, starts of a small
// table that are all run to their end, a prior that vanishes, Newton's method, and a search that begins
// again.
std::vector<Case> cases() {
  const Dataset images = reference::random_dataset({.n_rows = 3000, .n_features = 120, .density = 0.3}, 1);
  const Dataset table = reference::random_dataset({.n_rows = 400, .n_features = 7, .missing = 0.1}, 2);
  const Dataset many = sample(reference::random_mixture(6, 40, 3), 100'000, 4);
  return {
      {"race", images, {.n_components = 5, .n_init = 12, .max_iter = 60, .seed = 3}},
      {"one start", images, {.n_components = 5, .n_init = 1, .max_iter = 40, .seed = 3}},
      {"sample", many, {.n_components = 30, .n_init = 3, .max_iter = 6, .seed = 3}},
      {"table", table, {.n_components = 3, .n_init = 100, .seed = 3}},
      {"no smoothing", table, {.n_components = 3, .n_init = 20, .estimation = {.smoothing = 0}, .seed = 3}},
      {"no smoothing, race",
       images,
       {.n_components = 3, .n_init = 10, .max_iter = 60, .estimation = {.smoothing = 0}, .seed = 3}},
      {"newton", table, {.n_components = 2, .n_init = 9, .seed = 3, .acceleration = Acceleration::kNewton}},
      {"search", table, {.n_components = 2, .tol = 1e-3, .seed = 3}}};
}

void expect_equal(const FitResult& result, const FitResult& expected) {
  EXPECT_EQ(result.mixture, expected.mixture);
  EXPECT_EQ(result.log_likelihood, expected.log_likelihood);
  EXPECT_EQ(result.log_likelihoods, expected.log_likelihoods);
  EXPECT_EQ(result.trace, expected.trace);
  EXPECT_EQ(result.traces, expected.traces);
  EXPECT_EQ(result.n_iter, expected.n_iter);
  EXPECT_EQ(result.stop_reason, expected.stop_reason);
  EXPECT_EQ(result.total_iterations, expected.total_iterations);
  EXPECT_EQ(result.warnings, expected.warnings);
}

// Some of all states that a fit saves.
std::vector<std::string> states_of(const Dataset& data, const FitOptions& options) {
  std::vector<std::string> states;
  const auto keep = [&states](std::string_view state) { states.emplace_back(state); };
  fit(data, options, {.save = keep, .seconds = 0});
  constexpr std::size_t kMost = 6;
  std::vector<std::string> some;
  for (std::size_t i = 0; i < kMost; ++i) some.push_back(states[i * (states.size() - 1) / (kMost - 1)]);
  return some;
}

TEST(Checkpoint, AFitThatGoesOnEndsWithTheBitsOfOneThatWasNeverInterrupted) {
  for (auto& [name, data, options] : cases()) {
    SCOPED_TRACE(name);
    const FitResult expected = fit(data, options);
    unsigned threads = 0;
    for (const std::string& state : states_of(data, options)) {
      options.threads = 1 + threads++ % 3;
      expect_equal(fit(data, options, {.resume = state}), expected);
    }
  }
}

class CancelAfter : public Watch {
 public:
  explicit CancelAfter(std::size_t iterations) : left_(iterations) {}
  void iteration_done(const IterationEvent&) override { left_ -= left_ > 0 ? 1 : 0; }
  bool cancelled() override { return left_ == 0; }

 private:
  std::atomic<std::size_t> left_;
};

TEST(Checkpoint, SoDoesOneThatWasCancelledTimeAndAgain) {
  for (auto& [name, data, options] : cases()) {
    SCOPED_TRACE(name);
    options.threads = 1;
    const FitResult expected = fit(data, options);
    std::string state;
    const auto keep = [&state](std::string_view bytes) { state = bytes; };
    for (const std::size_t n : {5U, 1U, 17U, 40U}) {
      CancelAfter watch(n);
      options.watch = &watch;
      fit(data, options, {.save = keep, .seconds = 0, .resume = state});
    }
    options.watch = nullptr;
    expect_equal(fit(data, options, {.resume = state}), expected);
  }
}

std::string refusal(const Dataset& data, const FitOptions& options, const std::string& state) {
  try {
    fit(data, options, {.resume = state});
  } catch (const CheckpointError& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(Checkpoint, RefusesOtherDataAndOptionsWithTheReason) {
  const Dataset data = reference::random_dataset({.n_rows = 3000, .n_features = 30}, 1);
  const FitOptions options{.n_components = 3, .n_init = 2, .max_iter = 5, .tol = 1e-3, .seed = 3};
  const std::string state = states_of(data, options).back();
  Dataset other = data;
  std::size_t d = 0;
  while (test(other.ones, 2999, d)) ++d;
  std::get<BitMatrix>(other.ones).set(2999, d);
  EXPECT_THAT(refusal(other, options, state), HasSubstr("a fit with rows of checksum"));
  other = data;
  other.weights.assign(3000, 2.0);
  EXPECT_THAT(refusal(other, options, state), HasSubstr("a fit with rows of checksum"));
  const auto with = [&](auto change) {
    FitOptions changed = options;
    change(changed);
    return refusal(data, changed, state);
  };
  EXPECT_EQ(with([](FitOptions& o) { o.seed = 4; }), "it is of a fit with seed 3, not 4");
  EXPECT_EQ(with([](FitOptions& o) { o.n_components = 4; }), "it is of a fit with n_components 3, not 4");
  EXPECT_EQ(with([](FitOptions& o) { o.max_iter = 6; }), "it is of a fit with max_iter 5, not 6");
  EXPECT_EQ(with([](FitOptions& o) { o.tol = 0.25; }), "it is of a fit with tol 0.001, not 0.25");
  EXPECT_EQ(with([](FitOptions& o) { o.init = InitMethod::kRows; }),
            "it is of a fit with init portfolio, not rows");
}

TEST(Checkpoint, RefusesBytesThatAreDamaged) {
  const Dataset data = reference::random_dataset({.n_rows = 60, .n_features = 5}, 1);
  const FitOptions options{.n_components = 2, .n_init = 2, .max_iter = 5};
  const std::string state = states_of(data, options).back();
  for (std::size_t i = 1; i < state.size(); i += 7) {
    std::string changed = state;
    changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
    EXPECT_NE(refusal(data, options, changed), "nothing was refused") << i;
    EXPECT_NE(refusal(data, options, state.substr(0, i)), "nothing was refused") << i;
  }
  EXPECT_NE(refusal(data, options, state + "x"), "nothing was refused");
}

TEST(Checkpoint, AFitThatCannotSaveGoesOnAndWarns) {
  const Dataset data = reference::random_dataset({.n_rows = 60, .n_features = 5}, 1);
  const FitOptions options{.n_components = 2, .n_init = 2, .max_iter = 5};
  const auto fail = [](std::string_view) { throw std::runtime_error("the disk is full"); };
  const FitResult result = fit(data, options, {.save = fail, .seconds = 0});
  EXPECT_EQ(result.mixture, fit(data, options).mixture);
  EXPECT_THAT(result.warnings, testing::Contains(HasSubstr("the disk is full")));
}

}  // namespace
}  // namespace mixbern
