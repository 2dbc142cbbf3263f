#include "io/text_coder.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "io/values.hpp"

namespace mixbern::io {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kMissingValue = kNone - 1;
// Spellings beyond this are looked at anew each time: a cache must not grow with the file.
constexpr std::size_t kMaxSpellings = 1 << 16;

}  // namespace

TextCoder::TextCoder(std::size_t n_columns, std::span<const Coding> stored, MissingCodes codes)
    : stored_(!stored.empty()),
      codes_(std::move(codes)),
      keys_(n_columns),
      zero_characters_(n_columns),
      one_characters_(n_columns),
      values_(n_columns, Values{kNone, kNone}) {
  for (std::size_t d = 0; d < stored.size(); ++d) {
    if (!stored[d].zero.empty()) values_[d].zero = intern(canonical(stored[d].zero));
    if (!stored[d].one.empty()) values_[d].one = intern(canonical(stored[d].one));
  }
}

Cell TextCoder::code_slowly(std::size_t column, std::string_view cell, std::uint64_t key) {
  const std::uint32_t value = value_of(cell);
  if (value == kMissingValue) return Cell::kMissing;
  if (codes_.any_of_one_feature() && codes_.in(column, texts_[value])) return Cell::kMissing;
  const Values& known = values_[column];
  if (!same(value, known.zero) && !same(value, known.one) && !adopt(column, value)) return Cell::kRefused;
  const bool one = same(value, known.one);
  if (cell.size() <= 7) (one ? keys_[column].one : keys_[column].zero) = key;
  if (cell.size() == 1) (one ? one_characters_ : zero_characters_)[column] = cell[0];
  return one ? Cell::kOne : Cell::kZero;
}

bool TextCoder::code_short_row(std::string_view row, char delimiter, std::span<std::uint64_t> ones) const {
  const std::size_t n_columns = keys_.size();
  if (row.size() != 2 * n_columns - 1) return false;
  for (std::size_t begin = 0; begin < n_columns; begin += 64) {
    const std::size_t end = std::min(begin + 64, n_columns);
    std::uint64_t bits = 0;
    bool known = true;
    for (std::size_t column = begin; column < end; ++column) {
      const char cell = row[2 * column];
      const bool one = cell == one_characters_[column];
      const bool zero = cell == zero_characters_[column];
      const bool delimited = column + 1 == n_columns || row[2 * column + 1] == delimiter;
      known = known & (one | zero) & delimited;
      bits |= static_cast<std::uint64_t>(one) << (column - begin);
    }
    if (!known) return false;
    ones[begin / 64] = bits;
  }
  return true;
}

bool TextCoder::adopt(std::size_t column, std::uint32_t value) {
  Values& known = values_[column];
  if (!stored_) {
    if (known.one != kNone) return false;
    (known.zero == kNone ? known.zero : known.one) = value;
    return true;
  }
  if ((known.zero != kNone && known.one != kNone) || !may_complete(coding(column), texts_[value]))
    return false;
  const bool as_one = known.zero != kNone || (known.one == kNone && means_one(texts_[value]));
  (as_one ? known.one : known.zero) = value;
  return true;
}

std::uint32_t TextCoder::value_of(std::string_view cell) {
  const auto known = spellings_.find(cell);
  if (known != spellings_.end()) return known->second;
  std::string text = canonical(cell);
  const bool missing = is_missing(cell) || codes_.everywhere(text);
  const std::uint32_t value = missing ? kMissingValue : intern(std::move(text));
  if (spellings_.size() < kMaxSpellings) spellings_.emplace(cell, value);
  return value;
}

bool TextCoder::same(std::uint32_t value, std::uint32_t known) const {
  return known != kNone && groups_[value] == groups_[known];
}

// A canonical text is itself one of its spellings, so one map finds both.
std::uint32_t TextCoder::intern(std::string text) {
  const auto id = static_cast<std::uint32_t>(texts_.size());
  const auto [place, is_new] = spellings_.try_emplace(text, id);
  if (!is_new) return place->second;
  texts_.push_back(text);
  groups_.push_back(id);
  if (is_yes_or_no(text)) groups_[id] = intern(in_lower_case(text));
  return id;
}

Coding TextCoder::coding(std::size_t column) const {
  const Values& known = values_[column];
  Coding result;
  if (known.zero != kNone) result.zero = texts_[known.zero];
  if (known.one != kNone) result.one = texts_[known.one];
  return result;
}

std::vector<std::string> TextCoder::values(std::size_t column) const {
  const Coding known = coding(column);
  std::vector<std::string> result;
  if (!known.zero.empty()) result.push_back(known.zero);
  if (!known.one.empty()) result.push_back(known.one);
  return result;
}

CodingPlan TextCoder::plan() const {
  std::vector<Coding> seen;
  seen.reserve(values_.size());
  for (std::size_t d = 0; d < values_.size(); ++d) seen.push_back(coding(d));
  if (!stored_) return settle_codings(std::move(seen));
  CodingPlan plan;
  plan.codings = std::move(seen);
  return plan;
}

Cell ThresholdCoder::code(std::size_t column, std::string_view cell) const {
  if (!codes_.empty() && codes_.in(column, canonical(cell))) return Cell::kMissing;
  // Grey values are mostly small whole numbers; this saves the general parser's work on them.
  if (!cell.empty() && cell.size() <= 4) {
    unsigned value = 0;
    bool digits = true;
    for (const char c : cell) {
      digits = digits && c >= '0' && c <= '9';
      value = value * 10 + static_cast<unsigned>(c - '0');
    }
    if (digits) return value > threshold_ ? Cell::kOne : Cell::kZero;
  }
  if (is_missing(cell)) return Cell::kMissing;
  const auto number = parse_number(cell);
  if (!number) return Cell::kRefused;
  return *number > threshold_ ? Cell::kOne : Cell::kZero;
}

}  // namespace mixbern::io
