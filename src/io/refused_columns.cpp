#include "io/refused_columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "io/coding_rules.hpp"
#include "io/column_finder.hpp"
#include "io/message.hpp"
#include "io/missing_codes.hpp"
#include "io/values.hpp"
#include "mixbern/io/columns.hpp"

namespace mixbern::io {
namespace {

constexpr std::size_t kMostValues = 1000;
constexpr std::size_t kValuesKept = 10;
constexpr std::size_t kValuesShown = 3;
constexpr std::size_t kColumnsShown = 40;

std::string listed_values(const std::vector<std::string>& values, std::size_t n) {
  std::vector<std::string> shown;
  for (const std::string& value : values) {
    if (shown.size() < kValuesShown) shown.push_back(in_quotes(value));
  }
  if (n == shown.size() && n > 1) {
    const std::string last = shown.back();
    shown.pop_back();
    return fmt::format("{} and {}", fmt::join(shown, ", "), last);
  }
  const std::string more =
      n > kMostValues ? fmt::format("over {}", kMostValues) : std::to_string(n - shown.size());
  return fmt::format("{}{}", fmt::join(shown, ", "),
                     n > shown.size() ? fmt::format(" and {} more", more) : "");
}

}  // namespace

std::string RefusedColumns::all_values(const Column& of) {
  return listed_values(of.values, of.known.size() + of.refused.size());
}

std::string RefusedColumns::refused_values(const Column& of) {
  const std::vector<std::string> refused(of.values.begin() + static_cast<std::ptrdiff_t>(of.known.size()),
                                         of.values.end());
  return listed_values(refused, of.refused.size());
}

void RefusedColumns::add(std::size_t column, std::string_view cell, std::size_t line,
                         const std::vector<std::string>& known) {
  ++n_cells_;
  Column& of = columns_[column];
  if (of.line == 0) of = {line, known, known, {}};
  if (of.refused.size() > kMostValues || of.refused.contains(cell)) return;
  std::string value = canonical(cell);
  if (!of.refused.insert(value).second) return;
  if (of.values.size() < kValuesKept) of.values.push_back(std::move(value));
}

std::string RefusedColumns::words(std::size_t column, const Column& of, Refusal why,
                                  const ColumnPlan& plan) const {
  const bool named = column < plan.column_names.size() && !plan.column_names[column].empty();
  const std::string name = named ? in_quotes(plan.column_names[column]) : std::to_string(column + 1);
  return fmt::format("{} ({})", name, why == Refusal::kThirdValue ? all_values(of) : refused_values(of));
}

std::string RefusedColumns::words_of_one(const ColumnPlan& plan, Refusal why) const {
  const auto& [column, of] = *columns_.begin();
  const std::string name = column_words(column, plan.column_names);
  const bool one = of.refused.size() == 1;
  if (why == Refusal::kThirdValue)
    return fmt::format("{} holds {}, and an item has two values", name, all_values(of));
  if (why == Refusal::kNoNumber)
    return fmt::format("{}: {} {}", name, refused_values(of), one ? "is no number" : "are no numbers");
  std::vector<std::string> known;
  for (const std::string& value : of.known) known.push_back(in_quotes(value));
  return fmt::format("{}: {} {} neither {}, the known values", name, refused_values(of), one ? "is" : "are",
                     fmt::join(known, " nor "));
}

std::string RefusedColumns::summary(Refusal why, const ColumnPlan& plan) const {
  if (columns_.size() == 1) return words_of_one(plan, why);
  std::vector<std::string> parts;
  for (const auto& [column, of] : columns_) parts.push_back(words(column, of, why, plan));
  const char* what = why == Refusal::kThirdValue     ? "more than the two values of an item"
                     : why == Refusal::kUnknownValue ? "values that the model does not know"
                                                     : "cells that are no numbers";
  return fmt::format("{} columns hold {}: {}", columns_.size(), what, listed(parts, kColumnsShown));
}

// Counts and grey values: numbers from 0 on, more of them than there are answers.
bool RefusedColumns::counts() const {
  return std::ranges::all_of(columns_, [](const auto& entry) {
    const std::vector<std::string>& values = entry.second.values;
    const bool zero = std::ranges::find(values, "0") != values.end();
    return zero && std::ranges::all_of(values, [](const std::string& value) {
             const auto number = parse_number(value);
             return number && *number >= 0;
           });
  });
}

// Of columns whose few values may be the answers of an item, to be added to a sentence.
std::string RefusedColumns::categorical_words(const ColumnPlan& plan,
                                              const std::vector<std::size_t>& columns) const {
  constexpr std::size_t kMostAnswers = 12;
  std::vector<std::size_t> items;
  for (const std::size_t column : columns) {
    const Column& of = columns_.at(column);
    if (of.known.size() + of.refused.size() <= kMostAnswers) items.push_back(column);
  }
  if (items.empty()) return "";
  return fmt::format("; --categorical {} takes {}", shell_word(column_list(plan.column_names, items)),
                     items.size() == 1 ? "it as an item of more than two answers"
                                       : "them as items of more than two answers");
}

std::string RefusedColumns::remedy(Refusal why, const ColumnPlan& plan,
                                   const std::vector<std::vector<std::string>>& accepted) const {
  std::vector<std::vector<std::string>> codes(plan.roles.size()), values = accepted;
  std::vector<std::size_t> left_out;
  for (const auto& [column, of] : columns_) {
    if (why != Refusal::kNoNumber && of.refused.size() <= kValuesKept)
      codes[column] = likely_missing_codes(of.values);
    if (codes[column].empty()) left_out.push_back(column);
    if (!codes[column].empty()) values[column] = of.values;
  }
  const bool any_codes = left_out.size() < columns_.size();
  const std::string missing =
      any_codes ? "--missing " + shell_word(missing_option(plan.column_names, codes, values)) : "";
  if (why == Refusal::kUnknownValue) {
    constexpr const char* kLike = "the data must be coded like the data the model was fitted to";
    return any_codes ? fmt::format("{}; {} takes codes as missing", kLike, missing) : kLike;
  }
  if (left_out.empty()) return missing + " takes what looks like a code as missing";
  const std::string exclude = "--exclude " + shell_word(column_list(plan.column_names, left_out));
  const std::string categorical = why == Refusal::kThirdValue ? categorical_words(plan, left_out) : "";
  if (any_codes)
    return fmt::format("{} {} takes codes as missing and leaves the other columns out{}", missing, exclude,
                       categorical);
  const char* threshold = why == Refusal::kNoNumber
                              ? "--threshold is for counts and grey values: leave it out, or "
                          : counts() ? "--threshold T makes numbers 1 where value > T; "
                                     : "";
  return fmt::format("{}{} leaves {} out{}", threshold, exclude, left_out.size() == 1 ? "the column" : "them",
                     categorical);
}

void RefusedColumns::refuse(Refusal why, const ColumnPlan& plan, const std::string& file,
                            const std::vector<std::vector<std::string>>& accepted) const {
  const auto& [column, of] = *columns_.begin();
  const Place place = columns_.size() == 1 ? Place{file, of.line, column + 1} : Place{file, 0, 0};
  const char* look = columns_.size() > 1 && why == Refusal::kThirdValue
                         ? "; 'mixbern inspect' says what each column looks like"
                         : "";
  throw InputError(place, summary(why, plan), remedy(why, plan, accepted) + look);
}

}  // namespace mixbern::io
