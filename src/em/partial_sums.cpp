#include "mixbern/fit/partial_sums.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "base/archive.hpp"
#include "base/sealed.hpp"
#include "em/pass.hpp"

namespace mixbern {
namespace {

constexpr std::string_view kFacts = "mixbern facts 2\n";
constexpr std::string_view kSums = "mixbern sums 1\n";
constexpr std::string_view kPass = "mixbern pass 2\n";

std::vector<double> copied(std::span<const double> values) {
  return {values.begin(), values.end()};
}

void save(ArchiveWriter& archive, const std::vector<CategoricalItem>& items) {
  archive(std::uint64_t{items.size()});
  for (const CategoricalItem& item : items) archive(item.name, std::uint64_t{item.first}, item.categories);
}

std::vector<CategoricalItem> load_categorical(ArchiveReader& archive) {
  std::uint64_t n = 0;
  archive(n);
  std::vector<CategoricalItem> items;
  for (std::uint64_t i = 0; i < n; ++i) {
    CategoricalItem& item = items.emplace_back();
    archive(item.name, item.first, item.categories);
  }
  return items;
}

std::string answers_of(const CategoricalItem& item) {
  std::string text;
  for (const std::string& category : item.categories) text += (text.empty() ? "" : ", ") + category;
  return text;
}

void check_same(const std::vector<CategoricalItem>& some, const std::vector<CategoricalItem>& others) {
  for (std::size_t i = 0; i < std::min(some.size(), others.size()); ++i) {
    if (some[i] != others[i])
      throw std::invalid_argument("item " + some[i].name + " has the answers " + answers_of(some[i]) +
                                  " in one part, and item " + others[i].name + " the answers " +
                                  answers_of(others[i]) +
                                  " in another; give all parts the same answers in the same order");
  }
  if (some.size() != others.size())
    throw std::invalid_argument("one part has " + std::to_string(some.size()) +
                                " items of more than two answers, another " + std::to_string(others.size()));
}

Pass::State read_pass(std::string_view bytes) {
  ArchiveReader archive(unsealed(kPass, bytes));
  std::vector<double> weights, probabilities;
  archive(weights, probabilities);
  RowFacts facts = RowFacts::load(archive);
  Mixture mixture(std::move(weights), std::move(probabilities), facts.items);
  Pass::State state{std::move(mixture), std::move(facts), 0, {}, false};
  archive(state.strength, state.means, state.semi_supervised);
  archive.finish();
  const std::size_t n_features = state.mixture.n_features();
  bool fits = state.facts.ones.size() == n_features && state.facts.n_rows > 0 &&
              state.facts.total_weight > 0 && state.strength >= 0 && std::isfinite(state.strength) &&
              (state.means.empty() || state.means.size() == n_features);
  for (const double mean : state.means) fits = fits && mean > 0 && mean < 1;
  if (!fits) throw std::invalid_argument("parts of a pass do not fit together");
  return state;
}

}  // namespace

Facts::Facts(RowFacts facts, std::vector<CategoricalItem> categorical)
    : rows_(std::make_shared<const RowFacts>(std::move(facts))), categorical_(std::move(categorical)) {
  if (Items(n_features(), categorical_) != rows_->items)
    throw std::invalid_argument("the answers of the facts do not fit to their features");
}

std::size_t Facts::n_rows() const {
  return rows_->n_rows;
}

std::size_t Facts::n_features() const {
  return rows_->ones.size();
}

double Facts::total_weight() const {
  return rows_->total_weight;
}

std::size_t Facts::n_missing() const {
  return rows_->n_missing;
}

void Facts::merge(const Facts& other) {
  check_same(categorical_, other.categorical_);
  if (other.n_features() != n_features())
    throw std::invalid_argument("facts of rows of " + std::to_string(n_features()) + " and of " +
                                std::to_string(other.n_features()) + " features cannot be merged");
  RowFacts merged = *rows_;
  merged.merge(*other.rows_);
  rows_ = std::make_shared<const RowFacts>(std::move(merged));
}

std::string Facts::to_bytes() const {
  ArchiveWriter archive;
  rows_->save(archive);
  save(archive, categorical_);
  return sealed(kFacts, archive.bytes());
}

Facts Facts::from_bytes(std::string_view bytes) {
  ArchiveReader archive(unsealed(kFacts, bytes));
  RowFacts facts = RowFacts::load(archive);
  std::vector<CategoricalItem> categorical = load_categorical(archive);
  archive.finish();
  return {std::move(facts), std::move(categorical)};
}

void Sums::merge(const Sums& other) {
  if (other.pass_ != pass_ || other.values_.size() != values_.size())
    throw std::invalid_argument("these sums are of another pass; ask for those of this one");
  n_rows_ += other.n_rows_;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    // Sums that a stranger made up may be too large together.
    const auto sum = static_cast<std::uint64_t>(values_[i]) + static_cast<std::uint64_t>(other.values_[i]);
    values_[i] = static_cast<std::int64_t>(sum);
  }
}

std::string Sums::to_bytes() const {
  ArchiveWriter archive;
  archive(pass_, n_rows_, values_);
  return sealed(kSums, archive.bytes());
}

Sums Sums::from_bytes(std::string_view bytes) {
  ArchiveReader archive(unsealed(kSums, bytes));
  Sums sums(0, 0, {});
  archive(sums.pass_, sums.n_rows_, sums.values_);
  archive.finish();
  return sums;
}

Pass::Pass(std::string bytes)
    : bytes_(std::move(bytes)),
      id_(checksum(bytes_)),
      state_(std::make_shared<const State>(read_pass(bytes_))) {}

Pass Pass::from_bytes(std::string_view bytes) {
  return Pass(std::string(bytes));
}

Pass::Pass(const PassRequest& request, bool semi_supervised)
    : state_(std::make_shared<const State>(State{request.mixture, request.facts, request.prior.strength,
                                                 copied(request.prior.means), semi_supervised})) {
  ArchiveWriter archive;
  archive(copied(state_->mixture.weights()), copied(state_->mixture.probabilities()));
  state_->facts.save(archive);
  archive(state_->strength, state_->means, state_->semi_supervised);
  bytes_ = sealed(kPass, archive.bytes());
  id_ = checksum(bytes_);
}

const Mixture& Pass::mixture() const {
  return state_->mixture;
}

void Pass::check(const Sums& sums) const {
  if (sums.pass() != id_)
    throw std::invalid_argument("these sums are of another pass; ask for those of this one");
  if (sums.n_rows() != state_->facts.n_rows)
    throw std::invalid_argument("these are sums of " + std::to_string(sums.n_rows()) +
                                " rows, but there are " + std::to_string(state_->facts.n_rows) +
                                ": each part has to answer once, and the facts have to be of all parts");
  if (sums.values().size() != n_whole_numbers(state_->layout()))
    throw std::invalid_argument("these sums are of a mixture of another shape");
}

}  // namespace mixbern
