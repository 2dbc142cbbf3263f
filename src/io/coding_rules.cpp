#include "io/coding_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "io/message.hpp"
#include "io/values.hpp"

namespace mixbern::io {
namespace {

constexpr std::size_t kNamesInWarning = 5;

bool two_valued(const Coding& coding) {
  return !coding.zero.empty() && !coding.one.empty();
}

bool same_coding(const Coding& a, const Coding& b) {
  return same_value(a.zero, b.zero) && same_value(a.one, b.one);
}

// The pair that all two-valued columns share; empty when they differ or there is none.
Coding shared_pair(const std::vector<Coding>& codings) {
  const auto first = std::ranges::find_if(codings, two_valued);
  if (first == codings.end()) return {};
  const bool all_same = std::ranges::all_of(
      codings, [&](const Coding& coding) { return !two_valued(coding) || same_coding(coding, *first); });
  return all_same ? *first : Coding{};
}

bool constant_is_one(const std::string& value, const Coding& pair) {
  if (!pair.one.empty() && same_value(value, pair.one)) return true;
  if (!pair.zero.empty() && same_value(value, pair.zero)) return false;
  return means_one(value);
}

std::string named_columns(const std::vector<std::size_t>& columns, const std::vector<std::string>& names) {
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(columns.size(), kNamesInWarning); ++i) {
    const std::size_t column = columns[i];
    const bool named = column < names.size() && !names[column].empty();
    shown.push_back(named ? in_quotes(names[column]) : std::to_string(column + 1));
  }
  std::string text = listed(shown, kNamesInWarning);
  if (columns.size() > shown.size()) text += fmt::format(" and {} more", columns.size() - shown.size());
  return text;
}

}  // namespace

CodingPlan settle_codings(std::vector<Coding> seen) {
  CodingPlan plan;
  plan.codings = std::move(seen);
  plan.flips.assign(BitMatrix::words_for(plan.codings.size()), 0);
  const auto flip = [&](std::size_t d) {
    std::swap(plan.codings[d].zero, plan.codings[d].one);
    plan.flips[d / 64] |= std::uint64_t{1} << (d % 64);
    plan.any_flip = true;
  };
  for (std::size_t d = 0; d < plan.codings.size(); ++d) {
    const Coding& coding = plan.codings[d];
    if (two_valued(coding) && natural_less(coding.one, coding.zero)) flip(d);
  }
  const Coding pair = shared_pair(plan.codings);
  for (std::size_t d = 0; d < plan.codings.size(); ++d) {
    const Coding& coding = plan.codings[d];
    if (two_valued(coding)) continue;
    if (coding.zero.empty()) {
      plan.all_missing.push_back(d);
      continue;
    }
    plan.constant.push_back(d);
    if (constant_is_one(coding.zero, pair)) flip(d);
  }
  return plan;
}

CodingPlan without_columns(CodingPlan plan, const std::function<bool(std::size_t)>& elsewhere) {
  std::erase_if(plan.constant, elsewhere);
  std::erase_if(plan.all_missing, elsewhere);
  for (std::size_t d = 0; d < plan.codings.size() && plan.any_flip; ++d) {
    if (elsewhere(d)) plan.flips[d / 64] &= ~(std::uint64_t{1} << (d % 64));
  }
  return plan;
}

bool may_complete(const Coding& coding, const std::string& value) {
  if (coding.zero.empty() && coding.one.empty()) return true;
  if (coding.zero.empty()) return natural_less(value, coding.one);
  return coding.one.empty() && natural_less(coding.zero, value);
}

void warn_about_columns(const CodingPlan& plan, const std::vector<std::string>& names,
                        const std::string& file, const std::function<void(const std::string&)>& warn) {
  if (!warn) return;
  const std::size_t n_columns = plan.codings.size();
  const std::string shown = file == "-" ? "standard input" : escaped(file);
  if (!plan.constant.empty()) {
    warn(fmt::format("{}: {} of {} columns hold one value only ({}); they are kept", shown,
                     plan.constant.size(), n_columns, named_columns(plan.constant, names)));
  }
  if (!plan.all_missing.empty()) {
    warn(fmt::format("{}: {} of {} columns hold no value at all ({}); they are kept", shown,
                     plan.all_missing.size(), n_columns, named_columns(plan.all_missing, names)));
  }
}

std::string column_words(std::size_t column, const std::vector<std::string>& names) {
  if (column < names.size() && !names[column].empty()) {
    return fmt::format("column {} ({})", column + 1, in_quotes(names[column]));
  }
  return fmt::format("column {}", column + 1);
}

}  // namespace mixbern::io
