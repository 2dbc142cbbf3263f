#include "io/column_finder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <set>
#include <utility>

#include "io/message.hpp"
#include "io/values.hpp"
#include "mixbern/io/columns.hpp"

namespace mixbern::io {
namespace {

constexpr std::size_t kNamesNear = 4;
constexpr std::size_t kNamesCompared = 10000;
constexpr std::size_t kNamesShown = 8;
constexpr std::size_t kShortestRange = 3;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Levenshtein's distance without regard to case, one row of the table at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t change = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, diagonal + 1});
    }
  }
  return row[b.size()];
}

std::vector<std::string> names_near(std::string_view wanted, const std::vector<std::string>& names) {
  wanted = wanted.substr(0, 64);
  // Of a letter or two, every other letter is as near.
  const std::size_t most =
      wanted.size() < 3 ? wanted.size() - 1 : std::max<std::size_t>(2, wanted.size() / 2);
  std::set<std::pair<std::size_t, std::string>> ranked;
  for (std::size_t i = 0; i < std::min(names.size(), kNamesCompared); ++i) {
    const std::string name = names[i].substr(0, 64);
    const std::size_t d = distance(wanted, name);
    if (!name.empty() && d <= most) ranked.emplace(d, in_quotes(name));
  }
  std::vector<std::string> near;
  for (const auto& [d, name] : ranked) {
    if (near.size() < kNamesNear) near.push_back(name);
  }
  return near;
}

// * stands for any text, ? for one character. Two pointers: what follows the last * starts ever further on.
bool matches(std::string_view text, std::string_view pattern) {
  std::size_t t = 0, p = 0, star = std::string_view::npos, resumed = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resumed = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++t;
      ++p;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resumed;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::vector<std::size_t> all_between(std::size_t first, std::size_t last) {
  std::vector<std::size_t> columns(last - first + 1);
  std::iota(columns.begin(), columns.end(), first);
  return columns;
}

}  // namespace

std::size_t ColumnFinder::find(const std::string& wanted) const {
  const auto named = std::ranges::find(names_, wanted);
  if (named != names_.end()) {
    if (std::find(named + 1, names_.end(), wanted) != names_.end()) {
      throw error(fmt::format("more than one column is called {}", in_quotes(wanted)),
                  "name it by its number, from 1");
    }
    return static_cast<std::size_t>(named - names_.begin());
  }
  const auto number = parse_count(wanted);
  if (number && *number >= 1 && *number <= n_columns_) return *number - 1;
  throw error(fmt::format("there is no column {}", in_quotes(wanted)), remedy(wanted));
}

ColumnFinder::Selection ColumnFinder::select(const std::string& wanted) const {
  if (is_column(wanted)) return {{find(wanted)}, true};
  if (auto columns = in_range(wanted); !columns.empty()) return {std::move(columns), false};
  if (wanted.find_first_of("*?") == std::string::npos) return {{find(wanted)}, true};
  auto columns = like(wanted);
  if (columns.empty())
    throw error(fmt::format("no column is called like {}", in_quotes(wanted)), remedy(wanted));
  return {std::move(columns), false};
}

ColumnFinder::Selection ColumnFinder::select_or_all(const std::string& wanted) const {
  if (wanted != "all" || is_column(wanted)) return select(wanted);
  Selection all;
  all.columns.resize(n_columns_);
  std::iota(all.columns.begin(), all.columns.end(), std::size_t{0});
  return all;
}

bool ColumnFinder::is_column(const std::string& wanted) const {
  const auto number = parse_count(wanted);
  return std::ranges::find(names_, wanted) != names_.end() ||
         (number && *number >= 1 && *number <= n_columns_);
}

// Names may hold the signs themselves: a range is what has a column on either side of one of them.
std::vector<std::size_t> ColumnFinder::in_range(std::string_view wanted) const {
  for (std::size_t at = 1; at + 1 < wanted.size(); ++at) {
    const std::string first(trimmed(wanted.substr(0, at)));
    const std::string last(trimmed(wanted.substr(at + 1)));
    const bool range = wanted[at] == ':' || (wanted[at] == '-' && parse_count(first) && parse_count(last));
    if (!range || !is_column(first) || !is_column(last)) continue;
    const std::size_t begin = find(first), end = find(last);
    if (begin > end) {
      throw error(fmt::format("{} runs backwards: {} stands before {}", in_quotes(wanted), in_quotes(last),
                              in_quotes(first)),
                  "turn the two around");
    }
    return all_between(begin, end);
  }
  const std::size_t colon = wanted.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == wanted.size()) return {};
  const std::string first(trimmed(wanted.substr(0, colon)));
  find(is_column(first) ? std::string(trimmed(wanted.substr(colon + 1))) : first);  // says what is not there
  return {};
}

std::vector<std::size_t> ColumnFinder::like(std::string_view pattern) const {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (matches(names_[i], pattern)) columns.push_back(i);
  }
  return columns;
}

std::string ColumnFinder::remedy(const std::string& wanted) const {
  if (names_.empty()) return fmt::format("it has no header: name columns by number, 1 to {}", n_columns_);
  const std::size_t dash = wanted.find('-');
  const std::string first = wanted.substr(0, dash);
  if (parse_count(first)) return fmt::format("numbers of columns go from 1 to {}", n_columns_);
  if (dash != std::string::npos && is_column(first) && is_column(wanted.substr(dash + 1)))
    return fmt::format("a range of names has a colon: {}:{}", first, wanted.substr(dash + 1));
  const std::vector<std::string> near = names_near(wanted, names_);
  if (!near.empty()) return "names near it: " + listed(near, kNamesNear);
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(names_.size(), kNamesShown); ++i)
    shown.push_back(in_quotes(names_[i]));
  const char* more = names_.size() > kNamesShown ? ", …" : "";
  return fmt::format("it has {}{}", listed(shown, kNamesShown), more);
}

InputError ColumnFinder::error(std::string reason, std::string remedy) const {
  return {Place{file_, 1, 0}, std::move(reason), std::move(remedy)};
}

std::vector<std::string> names_within(const std::string& wanted) {
  std::vector<std::string> names = {wanted};
  const std::size_t colon = wanted.find(':');
  if (colon != std::string::npos) {
    names.emplace_back(trimmed(std::string_view(wanted).substr(0, colon)));
    names.emplace_back(trimmed(std::string_view(wanted).substr(colon + 1)));
  }
  return names;
}

std::string column_list(const std::vector<std::string>& names, const std::vector<std::size_t>& columns) {
  const auto usable = [&](std::size_t column) {
    return column < names.size() && !names[column].empty() && escaped(names[column]) == names[column] &&
           names[column].find_first_of(",:*?") == std::string::npos &&
           std::ranges::count(names, names[column]) == 1;
  };
  const auto word = [&](std::size_t column) {
    return usable(column) ? names[column] : std::to_string(column + 1);
  };
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < columns.size();) {
    std::size_t end = i + 1;
    while (end < columns.size() && columns[end] == columns[end - 1] + 1) ++end;
    if (end - i >= kShortestRange) {
      const bool named = usable(columns[i]) || usable(columns[end - 1]);
      parts.push_back(word(columns[i]) + (named ? ":" : "-") + word(columns[end - 1]));
    } else {
      for (std::size_t j = i; j < end; ++j) parts.push_back(word(columns[j]));
    }
    i = end;
  }
  return fmt::format("{}", fmt::join(parts, ","));
}

}  // namespace mixbern::io

namespace mixbern {

std::string shell_word(std::string_view text) {
  const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) != 0 ||
           std::string_view("_.,:=/+-@%").find(c) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace mixbern
