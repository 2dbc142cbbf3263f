#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mixbern::app {

namespace {

bool starts_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

/// Levenshtein's distance with swapped neighbours as one step ("fti" is near "fit").
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, previous(b.size() + 1), current(b.size() + 1);
  std::iota(previous.begin(), previous.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    before = previous;
    previous = current;
  }
  return previous[b.size()];
}

/// How many bytes at the front are one character that breaks a line, steers a terminal or turns the direction
/// of writing: ASCII controls, U+0080 … 9F, U+200E and F, U+2028 … E, U+2066 … 9. UTF-8, else 0.
std::size_t steering_bytes(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto third_in = [&](unsigned first, unsigned last) { return byte(2) >= first && byte(2) <= last; };
  if (byte(0) < 0x20 || byte(0) == 0x7F) return 1;
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return 2;
  if (byte(0) != 0xE2) return 0;
  if (byte(1) == 0x80 && (third_in(0x8E, 0x8F) || third_in(0xA8, 0xAE))) return 3;
  return byte(1) == 0x81 && third_in(0xA6, 0xA9) ? 3 : 0;
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string result;
  std::size_t n_steering = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (n_steering == 0) n_steering = steering_bytes(text.substr(i));
    if (n_steering > 0) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i]));
      --n_steering;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string grouped(std::size_t number) {
  std::string digits = fmt::format("{}", number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

std::string counted(std::size_t number, std::string_view singular) {
  return fmt::format("{} {}{}", grouped(number), singular, number == 1 ? "" : "s");
}

std::string freedom_words(double degrees_of_freedom) {
  return fmt::format("{:.6g} {} of freedom", degrees_of_freedom,
                     degrees_of_freedom == 1 ? "degree" : "degrees");
}

std::string p_text(double p) {
  return std::isnan(p) ? "–" : p < 0.0001 ? "<0.0001" : fmt::format("{:.4f}", p);
}

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_code_point));
}

std::string fitted(std::string_view text, std::size_t width) {
  const std::size_t columns = display_width(text);
  if (columns <= width) return std::string(text) + std::string(width - columns, ' ');
  if (width == 0) return {};
  std::string result;
  std::size_t used = 0;
  for (const char c : text) {
    if (starts_code_point(c) && ++used == width) break;
    result += c;
  }
  return result + "…";
}

std::string shortened(std::string_view text, std::size_t width) {
  return fitted(text, std::min(display_width(text), width));
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  for (const std::string& word : split(text, ' ')) {
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
      lines.push_back(line);
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  lines.push_back(line);
  return lines;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::string csv_cell(std::string_view text) {
  const bool formula = !text.empty() && std::string_view("=+-@").find(text[0]) != std::string_view::npos;
  if (!formula && text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + '"';
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  const std::size_t letters = word.size() - std::min(word.find_first_not_of('-'), word.size());
  if (letters < 2) return best;  // every other letter is as near
  std::size_t best_distance = std::max<std::size_t>(letters / 3, 1) + 1;
  for (const std::string& candidate : candidates) {
    // Somebody who typed the beginning of a word meant that word, however much of it is left out.
    const bool begins = word.size() >= 4 && candidate.starts_with(word);
    const std::size_t distance = begins ? 1 : edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace mixbern::app
