#include "parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "text.hpp"

namespace mixbern::app {

namespace {

template <typename Number>
std::optional<Number> whole_text(const std::string& text) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

[[noreturn]] void refuse(const std::string& option, const std::string& expected, const std::string& text) {
  throw std::invalid_argument(fmt::format("{} takes {}, not \"{}\"", option, expected, text));
}

/// "1-5" and "1..5" in the program's own words, "1:5".
std::string as_list(std::string text) {
  if (const std::size_t dots = text.find(".."); dots != std::string::npos) text.replace(dots, 2, ":");
  std::ranges::replace(text, '-', ':');
  return text;
}

std::optional<std::size_t> count_of(const std::string& text) {
  if (const auto value = whole_text<std::size_t>(text)) return value;
  const auto real = whole_text<double>(text);
  constexpr double kLargestExact = 9007199254740992.0;  // 2^53: above it not every integer is a double
  if (!real || !(*real >= 0) || *real > kLargestExact || *real != std::floor(*real)) return std::nullopt;
  return static_cast<std::size_t>(*real);
}

constexpr std::size_t kMostComponents = 65'536;
constexpr std::size_t kMostCandidates = 1000;

}  // namespace

void refuse_choice(const std::string& option, const std::string& text, const std::string& names) {
  std::vector<std::string> choices = split(names, '|');
  const std::string near = nearest(text, choices);
  const std::string last = choices.back();
  choices.pop_back();
  throw std::invalid_argument(fmt::format("{} takes {} or {}, not \"{}\"{}", option, joined(choices, ", "),
                                          last, text,
                                          near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
}

std::size_t parse_one_number_of_components(const std::string& text) {
  const bool several = text.find_first_of(":,-") != std::string::npos || text.find("..") != std::string::npos;
  if (several && text.find_first_of("0123456789") == 0) {
    throw std::invalid_argument(fmt::format(
        "fit takes one number of components, not \"{}\"; 'mixbern select DATA -k {}' fits each and picks one",
        text, as_list(text)));
  }
  return parse_count("-k", text, 1, kMostComponents);
}

std::vector<std::size_t> parse_numbers_of_components(const std::string& text) {
  std::vector<std::size_t> list;
  for (const std::string& part : split(text, ',')) {
    const auto ends = split(part, ':');
    if (ends.size() > 2 || part.find_first_of("-.") != std::string::npos)
      throw std::invalid_argument(fmt::format("-k takes a list such as 1:8 or 1,2,4, not \"{}\"", text));
    const std::size_t first = parse_count("-k", ends.front(), 1, kMostComponents);
    const std::size_t last = parse_count("-k", ends.back(), 1, kMostComponents);
    if (last < first)
      throw std::invalid_argument(fmt::format("-k {} counts down; give the smaller number first", part));
    if (last - first >= kMostCandidates)
      throw std::invalid_argument(fmt::format("-k {} is more than {} fits", part, grouped(kMostCandidates)));
    for (std::size_t k = first; k <= last; ++k) list.push_back(k);
  }
  std::ranges::sort(list);
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

std::size_t parse_count(const std::string& option, const std::string& text, std::size_t min,
                        std::size_t max) {
  const auto value = count_of(text);
  if (value && *value >= min && *value <= max) return *value;
  const std::string range = max == SIZE_MAX ? fmt::format("a whole number of at least {}", min)
                                            : fmt::format("a whole number from {} to {}", min, grouped(max));
  refuse(option, range, text);
}

std::uint64_t parse_seed(const std::string& option, const std::string& text) {
  if (const auto value = whole_text<std::uint64_t>(text)) return *value;
  refuse(option, "a whole number from 0 to 18446744073709551615", text);
}

double parse_real(const std::string& option, const std::string& text, const std::string& expected) {
  const auto value = whole_text<double>(text.starts_with('+') ? text.substr(1) : text);
  if (value && std::isfinite(*value)) return *value;
  refuse(option, expected, text);
}

RowRange parse_rows(const std::string& option, const std::string& text) {
  const std::string expected = "A:B, A: or :B (the rows A … B-1, counted from 0)";
  const auto parts = split(text, ':');
  if (parts.size() != 2 || (parts[0].empty() && parts[1].empty())) refuse(option, expected, text);
  RowRange range;
  for (std::size_t side = 0; side < 2; ++side) {
    if (parts[side].empty()) continue;
    const auto value = count_of(parts[side]);
    if (!value) refuse(option, expected, text);
    (side == 0 ? range.first : range.end) = *value;
  }
  if (range.first >= range.end) {
    throw std::invalid_argument(fmt::format(
        "{} {} holds no row: A:B means the rows A … B-1, so A must be less than B", option, text));
  }
  return range;
}

std::vector<std::size_t> parse_order(const std::string& option, const std::string& text) {
  std::vector<std::size_t> order;
  for (const std::string& part : split(text, ',')) {
    const auto number = count_of(part);
    if (!number || *number == 0) refuse(option, "numbers of components such as 3,1,2", text);
    order.push_back(*number - 1);
  }
  return order;
}

ImageShape parse_shape(const std::string& option, const std::string& text) {
  const auto parts = split(text, 'x');
  if (parts.size() == 2) {
    const auto height = count_of(parts[0]);
    const auto width = count_of(parts[1]);
    constexpr std::size_t kMost = 1U << 20U;
    if (height && width && *height > 0 && *width > 0 && *height <= kMost && *width <= kMost)
      return {*height, *width};
  }
  refuse(option, "HEIGHTxWIDTH such as 28x28", text);
}

std::vector<std::string> parse_names(const std::string& option, const std::string& text) {
  std::vector<std::string> names;
  for (const std::string& part : split(text, ',')) {
    const std::size_t first = part.find_first_not_of(' ');
    if (first == std::string::npos) refuse(option, "names with commas between them", text);
    names.push_back(part.substr(first, part.find_last_not_of(' ') - first + 1));
  }
  return names;
}

}  // namespace mixbern::app
