#include "number_columns.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <utility>

#include "mixbern/io/error.hpp"

namespace mixbern::python {

namespace {

const Coding kDigits{"0", "1"};

// Positions in a list of distinct numbers, which grows as they come. One more than an item has answers, codes
// for missing cells apart, ends it: it will be refused.
template <class T>
class DistinctNumbers {
 public:
  DistinctNumbers(const TableBuilder& builder, std::size_t column)
      : builder_(builder), column_(column), most_(builder.most_answers(column)) {}

  std::int32_t position(T value) {
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (found_[i] == value) return position_[i];
    }
    const bool code = builder_.is_missing_code(column_, fmt::format("{}", value));
    found_.push_back(value);
    position_.push_back(code ? TableBuilder::kMissing : static_cast<std::int32_t>(values_.size()));
    if (!code) values_.push_back(value);
    return position_.back();
  }
  bool too_many() const { return values_.size() > most_; }
  const std::vector<T>& values() const { return values_; }

 private:
  const TableBuilder& builder_;
  std::size_t column_;
  std::size_t most_;
  std::vector<T> found_;
  std::vector<std::int32_t> position_;
  std::vector<T> values_;  // those that are no codes
};

bool is_false_and_true(const Coding& coding) {
  const auto lower = [](std::string text) {
    for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return text;
  };
  return lower(coding.zero) == "false" && lower(coding.one) == "true";
}

// Numbers 0 and 1 stand for false and true where those are the column's values, and the other way round.
std::string text_of(double value, std::string number, bool is_bool, const Coding* stored) {
  const bool words = stored == nullptr ? is_bool : is_false_and_true(*stored);
  const bool zero_or_one = value == 0 || value == 1;
  if (words && zero_or_one) return value == 0 ? "false" : "true";
  return number;
}

// One a column, empty for categorical items.
std::vector<Coding> codings_of_columns(const Reading& how) {
  std::vector<Coding> codings;
  const Items items(how.codings.size(), how.items);
  for (const Items::Group& item : items.all(how.codings.size()))
    codings.push_back(items.is_category(item.first) ? Coding{} : how.codings[item.first]);
  return codings;
}

template <class T>
void add_distinct(Table& table, std::size_t column, std::size_t first_row, const ArrayView& cells,
                  std::span<const std::uint8_t> missing) {
  const bool is_bool = cells.element == Element::kBool;
  std::vector<std::int32_t> positions(cells.n_rows, TableBuilder::kMissing);
  DistinctNumbers<T> numbers(table.builder, column);
  for (std::size_t i = 0; i < cells.n_rows && !numbers.too_many(); ++i) {
    T value;
    std::memcpy(&value, cells.cells + static_cast<std::ptrdiff_t>(i) * cells.row_stride, sizeof value);
    if ((!missing.empty() && missing[i] != 0) || value != value) continue;
    if constexpr (std::is_floating_point_v<T>) {
      if (std::isinf(value))
        throw InputError({}, fmt::format("{} holds {}", column_text(table, column), value));
    }
    if (!table.threshold) {
      positions[i] = numbers.position(value);
    } else if (!table.builder.is_missing_code(column, fmt::format("{}", value))) {
      positions[i] = static_cast<double>(value) > *table.threshold;
    }
  }
  std::vector<std::string> texts{kDigits.zero, kDigits.one};
  if (!table.threshold) {
    texts.clear();
    const Coding* stored = table.codings.empty() ? nullptr : &table.codings[column];
    for (const T value : numbers.values()) {
      texts.push_back(text_of(static_cast<double>(value), fmt::format("{}", value), is_bool, stored));
    }
  }
  table.builder.add(column, first_row, positions, texts);
}

}  // namespace

Table Table::make(std::size_t n_rows, std::size_t n_columns, std::vector<std::string> names, Reading how) {
  if (how.threshold) {
    how.codings.clear();
    how.items.clear();
  }
  std::vector<Coding> of_columns = codings_of_columns(how);
  auto used = how.threshold ? std::vector<Coding>(n_columns, kDigits) : std::move(how.codings);
  return {TableBuilder(n_rows, n_columns, names, std::move(used), std::move(how.missing_codes),
                       std::move(how.items), how.categorical),
          std::move(names), std::move(of_columns), how.threshold};
}

Dataset Table::finish(const std::function<void(const std::string&)>& warn) {
  Dataset data = builder.finish(warn);
  if (threshold) data.codings.clear();
  data.threshold = threshold;
  return data;
}

void add_numbers(Table& table, std::size_t column, std::size_t first_row, const ArrayView& cells,
                 std::span<const std::uint8_t> missing) {
  with_type(cells.element,
            [&](auto kind) { add_distinct<decltype(kind)>(table, column, first_row, cells, missing); });
}

std::string column_text(const Table& table, std::size_t column) {
  const bool named = column < table.names.size() && !table.names[column].empty();
  return named ? fmt::format("column {} ('{}')", column + 1, table.names[column])
               : fmt::format("column {}", column + 1);
}

}  // namespace mixbern::python
