#include "io/missing_codes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "io/column_finder.hpp"
#include "io/message.hpp"
#include "io/values.hpp"

namespace mixbern::io {
namespace {

std::string key(std::string_view value) {
  return in_lower_case(canonical(trimmed(value)));
}

bool contains(const std::vector<std::string>& values, std::string_view value) {
  return std::ranges::find(values, value) != values.end();
}

// Codes of surveys. 7 and its like ("refused") come beside 8 or 9, by themselves they are counts.
constexpr auto kCodeNumbers = std::to_array<int>({8, 9, 88, 98, 99, 888, 998, 999, 9999});
constexpr auto kCodesBesideThem = std::to_array<int>({6, 7, 66, 77, 96, 97, 777, 996, 997});
constexpr auto kCodeWords = std::to_array<std::string_view>({"-",
                                                             "--",
                                                             "dk",
                                                             "d/k",
                                                             "don't know",
                                                             "dont know",
                                                             "don’t know",
                                                             "do not know",
                                                             "no answer",
                                                             "no response",
                                                             "nr",
                                                             "not applicable",
                                                             "not asked",
                                                             "not sure",
                                                             "prefer not to answer",
                                                             "prefer not to say",
                                                             "refusal",
                                                             "refuse",
                                                             "refused",
                                                             "rf",
                                                             "skip",
                                                             "skipped",
                                                             "unknown",
                                                             "unk",
                                                             "missing",
                                                             "n.a.",
                                                             "weiß nicht",
                                                             "weiss nicht",
                                                             "keine angabe",
                                                             "k.a.",
                                                             "nsp",
                                                             "ne sait pas",
                                                             "no sabe",
                                                             "no contesta",
                                                             "ns/nc",
                                                             "не знаю"});

bool is_code(const std::string& value) {
  const auto number = parse_number(value);
  if (number) return *number < 0 || std::ranges::find(kCodeNumbers, *number) != kCodeNumbers.end();
  return std::ranges::find(kCodeWords, in_lower_case(value)) != kCodeWords.end();
}

bool is_code_beside_others(const std::string& value) {
  const auto number = parse_number(value);
  return is_code(value) || (number && std::ranges::find(kCodesBesideThem, *number) != kCodesBesideThem.end());
}

// 0/1, 1/2, and words; -1/1 has no code in it.
bool are_answers(const std::vector<std::string>& values) {
  return std::ranges::all_of(values, [](const std::string& value) {
    const auto number = parse_number(value);
    return !number || *number == 0 || *number == 1 || *number == 2;
  });
}

// An item and a value: "q1=9". Without an item it is of all.
struct Given {
  std::string item;
  std::string value;
};

Given split_at_sign(std::string_view text) {
  const std::size_t at = text.rfind('=');
  if (at == std::string_view::npos || at == 0) return {{}, key(text)};
  return {std::string(trimmed(text.substr(0, at))), key(text.substr(at + 1))};
}

}  // namespace

MissingCodes::MissingCodes(const std::vector<std::string>& given, const std::vector<std::string>& names,
                           std::size_t n_features, const std::string& file) {
  const ColumnFinder finder(names, n_features, file);
  for (const std::string& list : given) {
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      const Given code = split_at_sign(std::string_view(list).substr(begin, end - begin));
      begin = end + 1;
      if (code.item.empty()) {
        everywhere_.push_back(code.value);
        continue;
      }
      for (const std::size_t feature : finder.select(code.item).columns)
        of_feature_[feature].push_back(code.value);
    }
  }
}

bool MissingCodes::everywhere(std::string_view value) const {
  return !everywhere_.empty() && contains(everywhere_, in_lower_case(value));
}

bool MissingCodes::in(std::size_t feature, std::string_view value) const {
  if (everywhere(value)) return true;
  const auto place = of_feature_.find(feature);
  return place != of_feature_.end() && contains(place->second, in_lower_case(value));
}

std::vector<std::string> likely_missing_codes(const std::vector<std::string>& values) {
  std::vector<std::string> codes, answers;
  const bool any = std::ranges::any_of(values, is_code);
  for (const std::string& value : values)
    (any && is_code_beside_others(value) ? codes : answers).push_back(value);
  if (codes.empty() || answers.size() != 2 || !are_answers(answers)) return {};
  return codes;
}

std::string missing_option(const std::vector<std::string>& names,
                           const std::vector<std::vector<std::string>>& codes,
                           const std::vector<std::vector<std::string>>& values) {
  std::set<std::string> all;
  for (const auto& some : codes) all.insert(some.begin(), some.end());
  // Beside answers a code is a code, even where one of the two answers never came.
  const auto is_answer_in = [&](const std::string& code, const std::vector<std::string>& column) {
    std::vector<std::string> answers;
    std::ranges::copy_if(column, std::back_inserter(answers),
                         [&](const std::string& value) { return !all.contains(value); });
    return contains(column, code) && (answers.empty() || !are_answers(answers));
  };
  const auto of_all = [&](const std::string& code) {
    return code.find(',') == std::string::npos &&
           std::ranges::none_of(values, [&](const auto& column) { return is_answer_in(code, column); });
  };
  std::vector<std::string> parts;
  for (const std::string& code : all) {
    if (of_all(code)) parts.push_back(code);
  }
  std::ranges::sort(parts, listed_before);
  for (std::size_t d = 0; d < codes.size(); ++d) {
    for (const std::string& code : codes[d]) {
      if (!contains(parts, code)) parts.push_back(column_list(names, {d}) + "=" + code);
    }
  }
  return fmt::format("{}", fmt::join(parts, ","));
}

}  // namespace mixbern::io
