#include "mixbern/fit/federated.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "data/select_rows.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "reference.hpp"

namespace mixbern {
namespace {

using testing::HasSubstr;

Dataset rows_of(const Dataset& data, std::size_t begin, std::size_t end) {
  std::vector<std::size_t> rows(end - begin);
  std::iota(rows.begin(), rows.end(), begin);
  return select_rows(data, rows);
}

// 30 items of three answers, too many for equal rows.
Dataset answers_of(std::size_t n_rows) {
  std::mt19937_64 engine(1);
  Dataset data;
  BitMatrix ones(n_rows, 90), missing(n_rows, 90);
  for (std::size_t d = 0; d < 90; d += 3) data.categorical.push_back({std::to_string(d), d, {"a", "b", "c"}});
  for (std::size_t i = 0; i < n_rows; ++i) {
    for (std::size_t d = 0; d < 90; d += 3) {
      const std::uint64_t draw = engine() % (6 + i % 4);
      for (std::size_t c = 0; draw >= 8 && c < 3; ++c) missing.set(i, d + c);
      if (draw < 8) ones.set(i, d + draw % 3);
    }
  }
  data.ones = ones;
  data.missing = missing;
  return data;
}

// Rows with several owners, who hand over bytes only.
class Owners {
 public:
  Owners(const Dataset& data, const std::vector<std::size_t>& sizes) {
    std::size_t begin = 0;
    for (const std::size_t size : sizes) {
      rows_.push_back(std::make_unique<Dataset>(rows_of(data, begin, begin + size)));
      parts_.emplace_back(*rows_.back(), 1 + static_cast<unsigned>(parts_.size()) % 2);
      begin += size;
    }
    EXPECT_EQ(begin, data.n_rows());
  }

  Facts facts() const {
    Facts all = Facts::from_bytes(parts_.back().facts().to_bytes());
    for (std::size_t i = parts_.size() - 1; i-- > 0;)
      all.merge(Facts::from_bytes(parts_[i].facts().to_bytes()));
    return all;
  }

  RunPass run() {
    return [this](const Pass& pass) {
      std::vector<Sums> sums;
      for (Site& part : parts_) {
        const std::string answer = part.accumulate(Pass::from_bytes(pass.to_bytes())).to_bytes();
        sums.push_back(Sums::from_bytes(answer));
      }
      while (sums.size() > 1) {  // from the end: another tree than that of threads
        const Sums last = sums.back();
        sums.pop_back();
        sums[sums.size() / 2].merge(last);
      }
      return sums.front();
    };
  }

  std::vector<Site>& parts() { return parts_; }

 private:
  std::vector<std::unique_ptr<Dataset>> rows_;
  std::vector<Site> parts_;
};

void expect_same(const FitResult& result, const FitResult& expected) {
  EXPECT_EQ(result.mixture, expected.mixture);
  EXPECT_EQ(result.log_likelihood, expected.log_likelihood);
  EXPECT_EQ(result.log_likelihoods, expected.log_likelihoods);
  EXPECT_EQ(result.trace, expected.trace);
  EXPECT_EQ(result.total_weight, expected.total_weight);
  EXPECT_EQ(result.n_informative, expected.n_informative);
  EXPECT_EQ(result.n_rows, expected.n_rows);
}

struct Case {
  const char* name;
  Dataset data;
  FitOptions options;
};

std::vector<Case> cases() {
  const FitOptions options{
      .n_components = 5, .init = InitMethod::kRandom, .n_init = 6, .max_iter = 30, .seed = 3};
  const auto with = [&options](auto change) {
    FitOptions changed = options;
    change(changed);
    return changed;
  };
  Dataset weighted = reference::random_dataset({.n_rows = 2000, .n_features = 90, .density = 0.3}, 2);
  for (std::size_t i = 0; i < weighted.n_rows(); ++i) weighted.weights.push_back(static_cast<double>(i % 4));
  Dataset labelled = reference::random_dataset({.n_rows = 2000, .n_features = 90, .density = 0.3}, 4);
  for (std::size_t i = 0; i < labelled.n_rows(); ++i)
    labelled.labels.push_back(std::max<std::int64_t>(static_cast<std::int64_t>(i % 7) - 2, -1));
  return {
      {"doubles", reference::random_dataset({.n_rows = 2000, .n_features = 90, .density = 0.3}, 1), options},
      {"fixed point", reference::runs(3000, 200, false, 1),
       with([](FitOptions& o) { o.precision = Precision::kFast; })},
      {"many components", reference::runs(3000, 200, false, 1),
       with([](FitOptions& o) { o.n_components = 70, o.precision = Precision::kFast, o.n_init = 1; })},
      {"missing cells", reference::random_dataset({.n_rows = 2000, .n_features = 90, .missing = 0.2}, 2),
       with([](FitOptions& o) { o.precision = Precision::kFast; })},
      {"weights", weighted, with([](FitOptions& o) { o.precision = Precision::kFast; })},
      {"weights in doubles", weighted, options},
      {"item means", reference::runs(2000, 100, false, 1), with([](FitOptions& o) {
         o.estimation.smoothing = 2;
         o.estimation.smoothing_target = SmoothingTarget::kItem;
       })},
      {"items of three answers", answers_of(2000), options},
      {"items of three answers in fixed point", answers_of(2000),
       with([](FitOptions& o) { o.precision = Precision::kFast; })},
      {"labels", labelled, with([](FitOptions& o) { o.estimation.semi_supervised = true; })}};
}

TEST(Federated, OwnersWhoExchangeSumsGetTheBitsOfOneTable) {
  for (const auto& [name, data, options] : cases()) {
    SCOPED_TRACE(name);
    const FitResult expected = fit(data, options);
    const std::size_t n = data.n_rows();
    for (const std::vector<std::size_t>& sizes :
         {std::vector<std::size_t>{n}, {n / 2, n - n / 2}, {1, n / 3, 7, n - n / 3 - 8}}) {
      Owners owners(data, sizes);
      expect_same(fit(owners.facts(), options, owners.run()), expected);
    }
  }
}

TEST(Federated, AnOwnerMayKeepRowsAsListsAndHaveNoMissingCells) {
  Dataset data = reference::random_dataset({.n_rows = 2000, .n_features = 90, .missing = 0.2}, 2);
  Dataset first = rows_of(data, 0, 1200), second = rows_of(data, 1200, 2000);
  second.missing.reset();
  second.ones = to_sparse(to_packed(second.ones));
  BitMatrix missing(2000, 90);
  for (std::size_t i = 0; i < 1200; ++i)
    for (std::size_t d = 0; d < 90; ++d)
      if (test(*data.missing, i, d)) missing.set(i, d);
  data.missing = missing;
  for (const Precision precision : {Precision::kFast, Precision::kDouble}) {
    const FitOptions options{
        .n_components = 4, .init = InitMethod::kRandom, .n_init = 2, .max_iter = 20, .precision = precision};
    Site one(first), two(second);
    Facts all = one.facts();
    all.merge(two.facts());
    const auto run = [&](const Pass& pass) {
      Sums sums = two.accumulate(pass);
      sums.merge(one.accumulate(pass));
      return sums;
    };
    expect_same(fit(all, options, run), fit(data, options));
  }
}

TEST(Federated, ACheckpointedFitGoesOn) {
  const auto [name, data, options] = cases().front();
  Owners owners(data, {500, 1500});
  std::vector<std::string> states;
  const FitResult expected = fit(owners.facts(), options, owners.run(),
                                 {.save = [&](std::string_view s) { states.emplace_back(s); }, .seconds = 0});
  expect_same(fit(owners.facts(), options, owners.run(), {.resume = states[states.size() / 2]}), expected);
}

TEST(Federated, EmByHandIsTheDefinition) {
  const Dataset data = reference::random_dataset({.n_rows = 300, .n_features = 12, .missing = 0.1}, 5);
  Owners owners(data, {100, 200});
  const Mixture start = reference::random_mixture(3, 12, 6);
  const Pass pass = pass_with(start, owners.facts(), {.smoothing = 0.5});
  const Sums sums = owners.run()(pass);
  EXPECT_NEAR(log_likelihood(pass, sums), static_cast<double>(reference::log_likelihood(start, data)), 1e-9);
  EXPECT_LT(reference::largest_difference(maximise(pass, sums), reference::em_step(start, data, 0.5)), 1e-12);
}

TEST(Federated, AnswersOfAnItemShareItsProbability) {
  const Dataset data = reference::random_categorical({.n_rows = 300, .missing = 0.1}, 5);
  Owners owners(data, {100, 200});
  const Mixture start = reference::random_categorical_mixture(3, 6);
  const Pass pass = pass_with(start, owners.facts(), {.smoothing = 0.5});
  EXPECT_EQ(owners.facts().categorical(), data.categorical);
  EXPECT_EQ(Pass::from_bytes(pass.to_bytes()).mixture(), start);
  const Sums sums = owners.run()(pass);
  EXPECT_NEAR(log_likelihood(pass, sums), static_cast<double>(reference::log_likelihood(start, data)), 1e-9);
  EXPECT_LT(reference::largest_difference(maximise(pass, sums), reference::em_step(start, data, 0.5)), 1e-12);
}

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(Federated, RefusesSumsThatAreNotOfAllRowsOfThePass) {
  const Dataset data = reference::random_dataset({.n_rows = 300, .n_features = 12}, 5);
  Owners owners(data, {100, 200});
  const Facts all = owners.facts();
  const Pass pass = pass_with(reference::random_mixture(3, 12, 6), all);
  const Pass other = pass_with(reference::random_mixture(3, 12, 7), all);
  std::vector<Site>& parts = owners.parts();
  Sums sums = parts[0].accumulate(pass);
  EXPECT_THAT(refusal([&] { maximise(pass, sums); }), HasSubstr("sums of 100 rows, but there are 300"));
  EXPECT_THAT(refusal([&] { sums.merge(parts[1].accumulate(other)); }), HasSubstr("of another pass"));
  sums.merge(parts[1].accumulate(pass));
  EXPECT_THAT(refusal([&] { maximise(other, sums); }), HasSubstr("of another pass"));
  maximise(pass, sums);
  sums.merge(sums);
  EXPECT_THAT(refusal([&] { log_likelihood(pass, sums); }), HasSubstr("sums of 600 rows"));
  const Pass without = pass_with(pass.mixture(), parts[0].facts());
  EXPECT_THAT(refusal([&] { parts[1].accumulate(without); }), HasSubstr("do not include these rows"));
}

TEST(Federated, RefusesWhatNeedsRows) {
  const Dataset data = reference::random_dataset({.n_rows = 300, .n_features = 12}, 5);
  Owners owners(data, {300});
  const auto with = [&](const FitOptions& options) {
    return refusal([&] { fit(owners.facts(), options, owners.run()); });
  };
  EXPECT_THAT(with({.init = InitMethod::kKMeans}), HasSubstr("allow init random, wide and model only"));
  EXPECT_THAT(with({.acceleration = Acceleration::kNewton}), HasSubstr("Newton's method needs the rows"));
  EXPECT_THAT(with({.n_components = 0}), HasSubstr("n_components must lie in"));
  Facts facts = owners.facts();
  const Dataset wider = reference::random_dataset({.n_rows = 30, .n_features = 13}, 5);
  EXPECT_THAT(refusal([&] { facts.merge(Site(wider).facts()); }), HasSubstr("12 and of 13 features"));
}

TEST(Federated, RefusesPartsWhoseAnswersDiffer) {
  const Dataset data = reference::random_categorical({.n_rows = 30}, 5);
  Dataset renamed = data, binary = data;
  std::swap(renamed.categorical[0].categories[0], renamed.categorical[0].categories[2]);
  binary.categorical.clear();
  Facts facts = Site(data).facts();
  EXPECT_THAT(refusal([&] { facts.merge(Site(renamed).facts()); }),
              HasSubstr("item a has the answers 1, 2, 3 in one part, and item a the answers 3, 2, 1"));
  EXPECT_THAT(refusal([&] { facts.merge(Site(binary).facts()); }), HasSubstr("another 0"));
  const Mixture plain = reference::random_mixture(2, 9, 6);
  EXPECT_THAT(refusal([&] { pass_with(plain, facts); }), HasSubstr("the mixture has other items"));
  const Pass pass = pass_with(plain, Site(binary).facts());
  EXPECT_THAT(refusal([&] { Site(data).accumulate(pass); }), HasSubstr("of other items"));
  const auto fit_from = [&](const Mixture& model) {
    fit(facts, {.n_components = 2, .init = InitMethod::kModel, .init_model = model},
        [&](const Pass& asked) { return Site(data).accumulate(asked); });
  };
  EXPECT_THAT(refusal([&] { fit_from(plain); }), HasSubstr("other categorical items"));
}

TEST(Federated, RefusesBytesThatAreDamaged) {
  const Dataset data = reference::random_dataset({.n_rows = 30, .n_features = 5}, 5);
  Owners owners(data, {30});
  const Pass pass = pass_with(reference::random_mixture(2, 5, 6), owners.facts());
  const std::string facts = owners.facts().to_bytes(), sums = owners.parts()[0].accumulate(pass).to_bytes();
  for (const std::string& bytes : {facts, pass.to_bytes(), sums}) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      EXPECT_THROW(Facts::from_bytes(changed), std::invalid_argument);
      EXPECT_THROW(Pass::from_bytes(changed), std::invalid_argument);
      EXPECT_THROW(Sums::from_bytes(changed), std::invalid_argument);
    }
  }
}

}  // namespace
}  // namespace mixbern
