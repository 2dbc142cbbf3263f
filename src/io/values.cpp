#include "io/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "io/utf8.hpp"

namespace mixbern::io {
namespace {

// A double tells all integers of 15 digits apart; longer ones stay text, or two different ones could become
// one.
constexpr std::size_t kExactDigits = 15;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

struct YesOrNo {
  std::string_view no;
  std::string_view yes;
};
constexpr std::array<YesOrNo, 4> kYesOrNo = {{{"no", "yes"}, {"n", "y"}, {"false", "true"}, {"f", "t"}}};

// 0 for no, 1 for yes, nothing for other texts.
std::optional<int> yes_or_no(std::string_view text) {
  for (const YesOrNo& pair : kYesOrNo) {
    if (equal_ignoring_case(text, pair.no)) return 0;
    if (equal_ignoring_case(text, pair.yes)) return 1;
  }
  return {};
}

template <class T>
std::optional<T> parse_whole(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::optional<double> parse_number(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const std::optional<double> value = parse_whole<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  return parse_whole<std::uint64_t>(text);
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  if (const auto integer = parse_whole<std::int64_t>(text)) return integer;
  const std::optional<double> value = parse_number(text);
  constexpr double kLargestExact = 9007199254740992.0;  // 2^53
  if (!value || std::abs(*value) > kLargestExact || *value != std::floor(*value)) return {};
  return static_cast<std::int64_t>(*value);
}

std::string shortest(double value) {
  return value == 0 ? "0" : fmt::format("{}", value);
}

bool is_missing(std::string_view text) {
  if (text.empty()) return true;
  if (text.size() == 1) return text[0] == '.' || text[0] == '?';
  constexpr std::array<std::string_view, 4> kWords = {"na", "n/a", "nan", "null"};
  return text.size() <= 4 &&
         std::ranges::any_of(kWords, [&](std::string_view word) { return equal_ignoring_case(text, word); });
}

std::string canonical(std::string_view text) {
  if (text.size() <= kExactDigits) {
    if (const auto number = parse_number(text)) return shortest(*number);
  }
  return to_utf8(text);
}

bool same_value(std::string_view a, std::string_view b) {
  return a == b || (is_yes_or_no(a) && equal_ignoring_case(a, b));
}

bool natural_less(std::string_view a, std::string_view b) {
  const auto number_a = parse_number(a);
  const auto number_b = parse_number(b);
  if (number_a.has_value() != number_b.has_value()) return number_a.has_value();
  if (number_a && *number_a != *number_b) return *number_a < *number_b;
  const auto answer_a = yes_or_no(a);
  const auto answer_b = yes_or_no(b);
  if (answer_a && answer_b && *answer_a != *answer_b) return *answer_a < *answer_b;
  if (!equal_ignoring_case(a, b)) return std::ranges::lexicographical_compare(a, b, {}, lower, lower);
  return a < b;
}

bool means_one(std::string_view text) {
  return text == "1" || yes_or_no(text) == 1;
}

bool is_yes_or_no(std::string_view text) {
  return yes_or_no(text).has_value();
}

}  // namespace mixbern::io
