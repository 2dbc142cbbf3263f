#include "io/header_detection.hpp"

#include <algorithm>
#include <cstdint>

#include "io/utf8.hpp"
#include "io/values.hpp"

namespace mixbern::io {
namespace {

constexpr std::size_t kFewValues = 4;
constexpr std::size_t kMaxRecords = 2000;
// Three counts in a row may be data; five that ascend by one are pandas' names.
constexpr std::size_t kFewestConsecutiveCounts = 5;
constexpr std::size_t kFewestConsecutive = 3;

bool contains(const std::vector<std::string>& values, const std::string& value) {
  return std::ranges::any_of(values, [&](const std::string& known) { return same_value(known, value); });
}

}  // namespace

void HeaderDetection::look_at(const std::string& file, std::string_view sample,
                              const DelimitedLayout& layout) {
  Input input = open_memory(file, sample);
  RecordReader records(input, layout.delimiter, layout.decimal_comma);
  try {
    if (!records.next()) return;
    add_first(records);
    while (n_others_ < kMaxRecords && records.next()) add(records);
  } catch (const InputError&) {
    // The sample may end inside quotes; an error in the text itself comes again when it is read for good.
    if (first_.empty()) throw;
  }
}

void HeaderDetection::add_first(const RecordReader& records) {
  bool any_quoted = false;
  bool any_bare = false;
  records.for_each_cell(SIZE_MAX, [&](std::size_t column, std::string_view cell) {
    first_.push_back(to_utf8(cell));
    if (!cell.empty()) (records.was_quoted(column) ? any_quoted : any_bare) = true;
  });
  first_all_quoted_ = any_quoted && !any_bare;
  columns_.resize(first_.size());
}

void HeaderDetection::add(const RecordReader& records) {
  records.for_each_cell(columns_.size(), [&](std::size_t column, std::string_view cell) {
    if (n_others_ == 0 && !cell.empty() && !records.was_quoted(column)) second_has_bare_cell_ = true;
    if (!is_missing(cell)) add_value(columns_[column], cell);
  });
  ++n_others_;
}

void HeaderDetection::add_value(Column& column, std::string_view cell) {
  if (std::ranges::find(column.values, cell) != column.values.end()) return;
  std::string value = canonical(cell);
  column.all_numbers = column.all_numbers && parse_number(cell).has_value();
  if (column.many || contains(column.values, value)) return;
  if (common_values_.size() < kFewValues && !contains(common_values_, value)) common_values_.push_back(value);
  column.many = column.values.size() == kFewValues;
  if (!column.many) column.values.push_back(std::move(value));
}

bool HeaderDetection::is_header() const {
  if (first_.empty()) return false;
  if (n_others_ == 0) return lone_record_is_header();
  if (quoted_names() || consecutive_numbers()) return true;
  std::size_t n_names = 0;
  std::size_t n_judged = 0;
  for (std::size_t column = 0; column < first_.size(); ++column) {
    const Verdict verdict = judge(column);
    n_judged += verdict != Verdict::kUnknown ? 1 : 0;
    n_names += verdict == Verdict::kName ? 1 : 0;
  }
  return numeric_ ? n_names > 0 : 2 * n_names > n_judged;
}

// Programs that quote numbers in one line quote them in all: quotes in the first line only mark it as text.
bool HeaderDetection::quoted_names() const {
  return first_all_quoted_ && second_has_bare_cell_;
}

// 0, 1, 2, … is a header unless every cell may as well be a value.
bool HeaderDetection::consecutive_numbers() const {
  if (first_.size() < (numeric_ ? kFewestConsecutiveCounts : kFewestConsecutive)) return false;
  bool any_third = numeric_;
  for (std::size_t column = 0; column < first_.size(); ++column) {
    const auto number = parse_count(first_[column]);
    const auto start = parse_count(first_[0]);
    if (!number || !start || *number - *start != column) return false;
    any_third = any_third || third_value(column);
  }
  return any_third;
}

bool HeaderDetection::third_value(std::size_t column) const {
  const Column& known = columns_[column];
  return known.many || (known.values.size() >= 2 && !contains(known.values, canonical(first_[column]))) ||
         !is_value_elsewhere(canonical(first_[column]));
}

bool HeaderDetection::lone_record_is_header() const {
  return std::ranges::any_of(first_, [](const std::string& cell) {
    return !is_missing(cell) && !parse_number(cell) && !is_yes_or_no(cell);
  });
}

HeaderDetection::Verdict HeaderDetection::judge(std::size_t column) const {
  const std::string& cell = first_[column];
  const Column& known = columns_[column];
  if (numeric_) {
    if (is_missing(cell)) return Verdict::kUnknown;
    return !parse_number(cell) && known.all_numbers ? Verdict::kName : Verdict::kValue;
  }
  if (cell.empty()) return Verdict::kUnknown;
  if (is_missing(cell)) return Verdict::kValue;
  const std::string value = canonical(cell);
  if (contains(known.values, value)) return Verdict::kValue;
  if (known.many) {
    // A column of identifiers or measurements: any text may be among its texts, but no name among its
    // numbers.
    if (!known.all_numbers) return Verdict::kUnknown;
    return parse_number(cell) ? Verdict::kValue : Verdict::kName;
  }
  // In a short table a first row may hold the one 1 of a column; a value of the other columns is no name.
  if (is_value_elsewhere(value)) return Verdict::kValue;
  // Nor is a number that would be the second value of its column.
  const bool second_number = known.values.size() < 2 && known.all_numbers && parse_number(cell);
  return second_number ? Verdict::kUnknown : Verdict::kName;
}

bool HeaderDetection::is_value_elsewhere(const std::string& value) const {
  return contains(common_values_, value);
}

}  // namespace mixbern::io
