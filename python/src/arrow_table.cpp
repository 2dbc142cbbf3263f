#include "arrow_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mixbern::python {

namespace {

// Owns what a stream hands out.
template <class T>
struct Released {
  T value{};
  Released() = default;
  Released(Released&& other) noexcept : value(std::exchange(other.value, T{})) {}
  Released& operator=(Released&&) = delete;
  ~Released() {
    if (value.release != nullptr) value.release(&value);
  }
};

bool bit_at(const void* bits, std::int64_t i) {
  return (static_cast<const std::uint8_t*>(bits)[i / 8] >> (i % 8) & 1U) != 0;
}

// 1 where a cell is null; empty where none is.
std::vector<std::uint8_t> null_mask(const ArrowArray& array) {
  std::vector<std::uint8_t> mask;
  if (array.null_count == 0 || array.n_buffers == 0 || array.buffers[0] == nullptr) return mask;
  mask.resize(static_cast<std::size_t>(array.length));
  for (std::int64_t i = 0; i < array.length; ++i) {
    mask[static_cast<std::size_t>(i)] = !bit_at(array.buffers[0], array.offset + i);
  }
  return mask;
}

std::optional<Element> number_element(std::string_view format) {
  constexpr std::string_view kFormats = "CcSsIiLlfg";
  constexpr Element kElements[] = {Element::kU8,  Element::kI8,  Element::kU16, Element::kI16, Element::kU32,
                                   Element::kI32, Element::kU64, Element::kI64, Element::kF32, Element::kF64};
  const std::size_t at = format.size() == 1 ? kFormats.find(format[0]) : std::string_view::npos;
  return at == std::string_view::npos ? std::nullopt : std::optional(kElements[at]);
}

std::size_t size_of(Element element) {
  return with_type(element, [](auto kind) { return sizeof kind; });
}

ArrayView view_of(const void* cells, Element element, std::size_t n) {
  const auto stride = static_cast<std::ptrdiff_t>(size_of(element));
  return {static_cast<const std::byte*>(cells), element, n, 1, stride, stride};
}

// The text of cell i (without the array's offset) of an array of strings.
class TextCells {
 public:
  TextCells(const ArrowArray& array, std::string_view format) : array_(array), format_(format) {}
  static bool holds(std::string_view format) { return format == "u" || format == "U" || format == "vu"; }

  std::string_view at(std::int64_t i) const {
    i += array_.offset;
    if (format_ == "u") return between<std::int32_t>(i);
    if (format_ == "U") return between<std::int64_t>(i);
    return view(i);
  }

 private:
  template <class Offset>
  std::string_view between(std::int64_t i) const {
    const auto* offsets = static_cast<const Offset*>(array_.buffers[1]);
    return {static_cast<const char*>(array_.buffers[2]) + offsets[i],
            static_cast<std::size_t>(offsets[i + 1] - offsets[i])};
  }

  // 4 bytes of length, then the text if it has at most 12 bytes, else its beginning, buffer and offset.
  std::string_view view(std::int64_t i) const {
    const char* cell = static_cast<const char*>(array_.buffers[1]) + 16 * i;
    std::int32_t parts[4];
    std::memcpy(parts, cell, sizeof parts);
    const auto size = static_cast<std::size_t>(parts[0]);
    if (size <= 12) return {cell + 4, size};
    return {static_cast<const char*>(array_.buffers[2 + parts[2]]) + parts[3], size};
  }

  const ArrowArray& array_;
  std::string_view format_;
};

// Distinct texts of a stretch, in order of appearance.
class DistinctTexts {
 public:
  std::int32_t position(std::string_view text) {
    const auto [place, is_new] = positions_.try_emplace(std::string(text), texts_.size());
    if (is_new) texts_.emplace_back(text);
    return static_cast<std::int32_t>(place->second);
  }
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::unordered_map<std::string, std::size_t> positions_;
  std::vector<std::string> texts_;
};

class Batch {
 public:
  Batch(Table& table, std::size_t first_row) : table_(table), first_row_(first_row) {}

  void add(std::size_t column, const ArrowSchema& schema, const ArrowArray& array) {
    const std::string_view format = schema.format;
    const auto n = static_cast<std::size_t>(array.length);
    if (schema.dictionary != nullptr) return add_dictionary(column, schema, array);
    if (format == "n") return add_missing(column, n);
    if (format == "b") return add_booleans(column, array);
    if (format == "e") return add_halves(column, array);
    if (TextCells::holds(format)) return add_texts(column, format, array);
    const auto element = number_element(format);
    if (!element) {
      throw UnsupportedColumn{
          fmt::format("{} has the Arrow type '{}', which is neither bool, a number nor text",
                      column_text(table_, column), format)};
    }
    const auto* cells = static_cast<const std::byte*>(array.buffers[1]);
    const auto skipped = static_cast<std::size_t>(array.offset) * size_of(*element);
    add_numbers(table_, column, first_row_, view_of(cells + skipped, *element, n), null_mask(array));
  }

 private:
  void add_missing(std::size_t column, std::size_t n) {
    const std::vector<std::int32_t> positions(n, TableBuilder::kMissing);
    table_.builder.add(column, first_row_, positions, {});
  }

  void add_booleans(std::size_t column, const ArrowArray& array) {
    std::vector<std::uint8_t> cells(static_cast<std::size_t>(array.length));
    for (std::size_t i = 0; i < cells.size(); ++i) {
      cells[i] = bit_at(array.buffers[1], array.offset + static_cast<std::int64_t>(i));
    }
    add_numbers(table_, column, first_row_, view_of(cells.data(), Element::kBool, cells.size()),
                null_mask(array));
  }

  // Half precision: sign, 5 bits of exponent, 10 bits of fraction.
  void add_halves(std::size_t column, const ArrowArray& array) {
    std::vector<double> cells(static_cast<std::size_t>(array.length));
    const auto* halves = static_cast<const std::uint16_t*>(array.buffers[1]) + array.offset;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const int exponent = halves[i] >> 10 & 31;
      const double fraction = halves[i] & 1023;
      double size = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
      if (exponent == 31) size = fraction == 0 ? HUGE_VAL : std::nan("");
      cells[i] = (halves[i] & 0x8000) != 0 ? -size : size;
    }
    add_numbers(table_, column, first_row_, view_of(cells.data(), Element::kF64, cells.size()),
                null_mask(array));
  }

  void add_texts(std::size_t column, std::string_view format, const ArrowArray& array) {
    refuse_threshold(column);
    const TextCells texts(array, format);
    const std::vector<std::uint8_t> nulls = null_mask(array);
    DistinctTexts distinct;
    std::vector<std::int32_t> positions(static_cast<std::size_t>(array.length), TableBuilder::kMissing);
    for (std::size_t i = 0; i < positions.size(); ++i) {
      if (nulls.empty() || nulls[i] == 0)
        positions[i] = distinct.position(texts.at(static_cast<std::int64_t>(i)));
    }
    table_.builder.add(column, first_row_, positions, distinct.texts());
  }

  // Only values that occur count: a dictionary may hold others.
  void add_dictionary(std::size_t column, const ArrowSchema& schema, const ArrowArray& array) {
    refuse_threshold(column);
    const std::string_view format = schema.dictionary->format;
    const auto element = number_element(schema.format);
    if (!element || !TextCells::holds(format)) {
      throw UnsupportedColumn{fmt::format("{} is a dictionary of the Arrow type '{}', which is no text",
                                          column_text(table_, column), format)};
    }
    const TextCells texts(*array.dictionary, format);
    const std::vector<std::uint8_t> nulls = null_mask(array);
    const std::vector<std::uint8_t> null_texts = null_mask(*array.dictionary);
    DistinctTexts distinct;
    std::vector<std::int32_t> positions(static_cast<std::size_t>(array.length), TableBuilder::kMissing);
    with_type(*element, [&](auto kind) {
      const auto* indices = static_cast<const decltype(kind)*>(array.buffers[1]) + array.offset;
      for (std::size_t i = 0; i < positions.size(); ++i) {
        if (!nulls.empty() && nulls[i] != 0) continue;
        const auto index = static_cast<std::size_t>(indices[i]);
        if (!null_texts.empty() && null_texts[index] != 0) continue;
        positions[i] = distinct.position(texts.at(static_cast<std::int64_t>(index)));
      }
    });
    table_.builder.add(column, first_row_, positions, distinct.texts());
  }

  void refuse_threshold(std::size_t column) const {
    if (!table_.threshold) return;
    throw UnsupportedColumn{
        fmt::format("{} holds text, but a threshold needs numbers", column_text(table_, column))};
  }

  Table& table_;
  std::size_t first_row_;
};

[[noreturn]] void fail(ArrowArrayStream& stream) {
  const char* reason = stream.get_last_error(&stream);
  throw std::runtime_error(reason != nullptr ? reason : "the Arrow stream ended with an error");
}

struct Stream {
  Released<ArrowSchema> schema;
  std::vector<Released<ArrowArray>> batches;

  std::size_t n_columns() const { return static_cast<std::size_t>(schema.value.n_children); }
  std::size_t n_rows() const {
    std::size_t n = 0;
    for (const auto& batch : batches) n += static_cast<std::size_t>(batch.value.length);
    return n;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (std::size_t d = 0; d < n_columns(); ++d) names.emplace_back(schema.value.children[d]->name);
    return names;
  }
  // A dictionary of more than two texts.
  bool is_category(std::size_t d) const {
    return std::ranges::any_of(batches, [d](const auto& batch) {
      const ArrowArray* dictionary = batch.value.children[d]->dictionary;
      return dictionary != nullptr && dictionary->length > 2;
    });
  }
};

Stream read_batches(ArrowArrayStream& stream) {
  Stream result;
  if (stream.get_schema(&stream, &result.schema.value) != 0) fail(stream);
  if (std::string_view(result.schema.value.format) != "+s") {
    throw UnsupportedColumn{"an Arrow stream of a single column; a table of columns is needed"};
  }
  for (;;) {
    Released<ArrowArray> batch;
    if (stream.get_next(&stream, &batch.value) != 0) fail(stream);
    if (batch.value.release == nullptr) return result;
    result.batches.push_back(std::move(batch));
  }
}

// What a builder of columns with these names finds column d by.
std::string name_of(std::size_t d, const std::vector<std::string>& names) {
  const bool own = !names[d].empty() && std::ranges::count(names, names[d]) == 1;
  return own ? names[d] : std::to_string(d + 1);
}

}  // namespace

Dataset read_arrow(ArrowArrayStream& stream, Reading how, bool by_type,
                   const std::function<void(const std::string&)>& warn) {
  const Stream read = read_batches(stream);
  std::vector<std::string> names = read.names();
  for (std::size_t d = 0; d < read.n_columns(); ++d) {
    if (by_type && read.is_category(d)) how.categorical.push_back(name_of(d, names));
  }
  Table table = Table::make(read.n_rows(), read.n_columns(), std::move(names), std::move(how));
  std::size_t first_row = 0;
  for (const auto& batch : read.batches) {
    for (std::size_t d = 0; d < read.n_columns(); ++d) {
      // The offset of a batch applies to its columns.
      ArrowArray column = *batch.value.children[d];
      column.offset += batch.value.offset;
      column.length = batch.value.length;
      Batch(table, first_row).add(d, *read.schema.value.children[d], column);
    }
    first_row += static_cast<std::size_t>(batch.value.length);
  }
  return table.finish(warn);
}

}  // namespace mixbern::python
