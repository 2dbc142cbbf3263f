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

// Two bytes of UTF-8 in lower case where they are a capital of Latin-1 or of Cyrillic; others as they are.
std::array<char, 2> lower_pair(unsigned char lead, unsigned char next) {
  const auto pair = [](unsigned a, unsigned b) {
    return std::array<char, 2>{static_cast<char>(a), static_cast<char>(b)};
  };
  if (lead == 0xC3 && next >= 0x80 && next <= 0x9E && next != 0x97) return pair(lead, next + 0x20U);
  if (lead == 0xD0 && next >= 0x80 && next <= 0x8F) return pair(0xD1, next + 0x10U);
  if (lead == 0xD0 && next >= 0x90 && next <= 0x9F) return pair(0xD0, next + 0x20U);
  if (lead == 0xD0 && next >= 0xA0 && next <= 0xAF) return pair(0xD1, next - 0x20U);
  return pair(lead, next);
}

// What says no and yes in one language. A text may stand in several; which answer it is, its partner tells.
struct NoAndYes {
  std::string_view no;
  std::string_view yes;
};
constexpr auto kNoAndYes = std::to_array<NoAndYes>({
    {"no", "yes"},     {"n", "y"},        {"false", "true"}, {"f", "t"},  // English
    {"nein", "ja"},    {"n", "j"},                                        // German
    {"non", "oui"},                                                       // French
    {"no", "sí"},      {"no", "si"},      {"no", "sì"},                   // Spanish, Italian
    {"não", "sim"},    {"nao", "sim"},                                    // Portuguese
    {"nie", "tak"},                                                       // Polish
    {"нет", "да"},     {"н", "д"},                                        // Russian
    {"ні", "так"},                                                        // Ukrainian
    {"hayır", "evet"}, {"hayir", "evet"},                                 // Turkish
    {"nu", "da"},                                                         // Romanian
    {"nee", "ja"},                                                        // Dutch
    {"nej", "ja"},     {"nei", "ja"},                                     // Swedish, Danish, Norwegian
    {"ne", "ano"},     {"nie", "áno"},                                    // Czech, Slovak
    {"nem", "igen"},                                                      // Hungarian
    {"ei", "kyllä"},   {"ei", "jah"},                                     // Finnish, Estonian
    {"ne", "da"},      {"не", "да"},                                      // Croatian, Serbian, Bulgarian
});
constexpr std::size_t kLongestAnswer = 6;

// Whether `no` and `yes` are these two answers of one language. REQUIRES: both are in lower case.
bool are_no_and_yes(std::string_view no, std::string_view yes) {
  return std::ranges::any_of(kNoAndYes,
                             [&](const NoAndYes& pair) { return pair.no == no && pair.yes == yes; });
}

bool can_be_answer(std::string_view text) {
  return text.size() <= kLongestAnswer;
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

std::string in_lower_case(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if ((lead == 0xC3 || lead == 0xD0) && i + 1 < text.size()) {
      const auto pair = lower_pair(lead, static_cast<unsigned char>(text[++i]));
      result.append(pair.data(), pair.size());
    } else {
      result += lower(text[i]);
    }
  }
  return result;
}

bool same_value(std::string_view a, std::string_view b) {
  return a == b || (is_yes_or_no(a) && is_yes_or_no(b) && in_lower_case(a) == in_lower_case(b));
}

bool listed_before(std::string_view a, std::string_view b) {
  const auto number_a = parse_number(a);
  const auto number_b = parse_number(b);
  if (number_a.has_value() != number_b.has_value()) return number_a.has_value();
  if (number_a && *number_a != *number_b) return *number_a < *number_b;
  const std::string lower_a = in_lower_case(a);
  const std::string lower_b = in_lower_case(b);
  if (lower_a != lower_b) return lower_a < lower_b;
  return a < b;
}

bool natural_less(std::string_view a, std::string_view b) {
  if (can_be_answer(a) && can_be_answer(b)) {
    const std::string lower_a = in_lower_case(a);
    const std::string lower_b = in_lower_case(b);
    if (are_no_and_yes(lower_a, lower_b)) return true;
    if (are_no_and_yes(lower_b, lower_a)) return false;
  }
  return listed_before(a, b);
}

bool means_one(std::string_view text) {
  if (text == "1") return true;
  if (!can_be_answer(text)) return false;
  return std::ranges::find(kNoAndYes, in_lower_case(text), &NoAndYes::yes) != kNoAndYes.end();
}

bool is_yes_or_no(std::string_view text) {
  if (!can_be_answer(text)) return false;
  const std::string word = in_lower_case(text);
  return std::ranges::any_of(kNoAndYes,
                             [&](const NoAndYes& pair) { return pair.no == word || pair.yes == word; });
}

}  // namespace mixbern::io
