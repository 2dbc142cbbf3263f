#include "io/category_columns.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "io/coding_rules.hpp"
#include "io/values.hpp"
#include "mixbern/io/io.hpp"

namespace mixbern::io {
namespace {

constexpr std::size_t kMostSpellings = 1 << 16;

// Names and codings of the features of one item.
void name_answers(const CategoricalItem& item, std::vector<std::string>& names,
                  std::vector<Coding>& codings) {
  for (const std::string& answer : item.categories) {
    names.push_back(item.name + "=" + answer);
    codings.push_back({"0", "1"});
  }
}

}  // namespace

CategoryColumns::CategoryColumns(const std::vector<std::size_t>& chosen, MissingCodes codes)
    : codes_(std::move(codes)) {
  for (const std::size_t column : chosen) columns_[column];
}

CategoryColumns::CategoryColumns(const std::vector<CategoricalItem>& items, std::size_t n_features,
                                 MissingCodes codes)
    : codes_(std::move(codes)), stored_(true) {
  const std::vector<Items::Group> all = Items(n_features, items).all(n_features);
  for (std::size_t column = 0, next = 0; column < all.size(); ++column) {
    if (all[column].size == 1) continue;
    Column& of = columns_[column];
    for (const std::string& answer : items[next++].categories) {
      of.numbers.emplace(answer, static_cast<std::uint16_t>(of.values.size()));
      of.values.push_back(answer);
    }
  }
}

void CategoryColumns::order(std::size_t column, const std::vector<std::string>& values) {
  const auto found = columns_.find(column);
  if (stored_ || found == columns_.end()) return;
  auto& places = found->second.places;
  for (const std::string& value : values) places.emplace(canonical(value), places.size());
}

CategoryColumns::Answer CategoryColumns::code(std::size_t column, std::string_view cell) {
  Column& of = columns_.at(column);
  const auto known = of.numbers.find(cell);
  if (known != of.numbers.end())
    return {known->second == kNoAnswer ? Cell::kMissing : Cell::kZero, known->second};
  const std::string text = canonical(cell);
  if (is_missing(cell) || (!codes_.empty() && codes_.in(column, text))) {
    if (of.numbers.size() < kMostSpellings) of.numbers.emplace(cell, kNoAnswer);
    return {Cell::kMissing};
  }
  const auto same =
      std::ranges::find_if(of.values, [&](const auto& value) { return same_value(value, text); });
  if (same == of.values.end() && (stored_ || of.values.size() == kMostAnswers)) return {Cell::kRefused};
  const auto number = static_cast<std::uint16_t>(same - of.values.begin());
  if (same == of.values.end()) of.values.push_back(text);
  if (of.numbers.size() < kMostSpellings) of.numbers.emplace(cell, number);
  return {Cell::kZero, number};
}

void CategoryColumns::put(std::size_t column, std::size_t row, std::uint16_t answer) {
  std::vector<std::uint16_t>& answers = columns_.at(column).answers;
  if (answers.size() <= row) answers.resize(row + 1, kNoAnswer);
  answers[row] = answer;
}

// Puts the answers into the order that was given, the others behind these, or into their natural order.
void CategoryColumns::sort_answers(Column& column) const {
  if (stored_) return;
  std::vector<std::uint16_t> order(column.values.size()), place(order.size());
  std::iota(order.begin(), order.end(), std::uint16_t{0});
  const auto given = [&places = column.places](const std::string& value) {
    const auto found = places.find(value);
    return found == places.end() ? places.size() : found->second;
  };
  std::ranges::sort(order, [&](std::uint16_t a, std::uint16_t b) {
    const std::string &x = column.values[a], &y = column.values[b];
    if (order.size() == 2) return natural_less(x, y);
    const std::size_t of_x = given(x), of_y = given(y);
    return of_x == of_y ? listed_before(x, y) : of_x < of_y;
  });
  std::vector<std::string> sorted;
  for (std::size_t j = 0; j < order.size(); ++j) {
    place[order[j]] = static_cast<std::uint16_t>(j);
    sorted.push_back(std::move(column.values[order[j]]));
  }
  column.values = std::move(sorted);
  for (std::uint16_t& answer : column.answers) {
    if (answer != kNoAnswer) answer = place[answer];
  }
}

// Column j of `bits` goes to features first[j] … first[j + 1] − 1; with `answers`, those of the rows are set.
BitMatrix CategoryColumns::expanded(const BitMatrix& bits, const std::vector<std::size_t>& first,
                                    bool answers) const {
  BitMatrix result(bits.n_rows(), first.back());
  for (std::size_t i = 0; i < bits.n_rows(); ++i) {
    const auto row = result.mutable_row(i);
    const auto set = [&row](std::size_t d) { row[d / 64] |= std::uint64_t{1} << (d % 64); };
    for (std::size_t j = 0; j < bits.n_features(); ++j) {
      if (!bits.test(i, j)) continue;
      for (std::size_t d = first[j]; d < first[j + 1]; ++d) set(d);
    }
    if (!answers) continue;
    for (const auto& [j, column] : columns_) {
      const std::uint16_t answer = i < column.answers.size() ? column.answers[i] : kNoAnswer;
      if (answer == kNoAnswer) continue;
      if (is_item(column)) set(first[j] + answer);
      if (!is_item(column) && answer == 1) set(first[j]);
    }
  }
  return result;
}

void CategoryColumns::expand(Dataset& data) {
  if (columns_.empty()) return;
  std::vector<std::string> names;
  std::vector<Coding> codings;
  std::vector<std::size_t> first;
  for (std::size_t j = 0; j < data.n_features(); ++j) {
    first.push_back(names.size());
    const bool named = !data.feature_names.empty() && !data.feature_names[j].empty();
    const auto found = columns_.find(j);
    if (found != columns_.end()) sort_answers(found->second);
    if (found != columns_.end() && is_item(found->second)) {
      CategoricalItem item{named ? data.feature_names[j] : std::to_string(j + 1), names.size(),
                           found->second.values};
      name_answers(item, names, codings);
      data.categorical.push_back(std::move(item));
      continue;
    }
    names.push_back(named ? data.feature_names[j] : "");
    codings.push_back(data.codings[j]);
    if (found == columns_.end()) continue;
    const std::vector<std::string>& values = found->second.values;
    codings.back() = {values.empty() ? "" : values[0], values.size() < 2 ? "" : values[1]};
  }
  first.push_back(names.size());
  if (data.missing) data.missing = expanded(std::get<BitMatrix>(*data.missing), first, false);
  data.ones = expanded(std::get<BitMatrix>(data.ones), first, true);
  if (data.categorical.empty() && data.feature_names.empty()) names.clear();
  data.feature_names = std::move(names);
  data.codings = std::move(codings);
}

std::vector<std::string> names_of_columns(const std::vector<std::string>& feature_names,
                                          const std::vector<CategoricalItem>& categorical) {
  const std::size_t n_features = feature_names.size();
  if (categorical.empty() || feature_names.empty()) return feature_names;
  std::vector<std::string> names;
  std::size_t next = 0;
  for (const Items::Group& item : Items(n_features, categorical).all(n_features))
    names.push_back(item.size == 1 ? feature_names[item.first] : categorical[next++].name);
  return names;
}

std::vector<Coding> column_codings(const std::vector<Coding>& codings,
                                   const std::vector<CategoricalItem>& categorical) {
  if (categorical.empty()) return codings;
  std::vector<Coding> result;
  for (const Items::Group& item : Items(codings.size(), categorical).all(codings.size()))
    result.push_back(item.size == 1 ? codings[item.first] : Coding{});
  return result;
}

}  // namespace mixbern::io

namespace mixbern {

std::vector<std::string> column_names(const Dataset& data) {
  return io::names_of_columns(data.feature_names, data.categorical);
}

std::vector<std::string> column_names(const Model& model) {
  return io::names_of_columns(model.feature_names, model.categorical);
}

}  // namespace mixbern
