// One value a row or a feature: weights and labels from IDX, NPY, packed data, or text; names from text.
#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "io/class_lists.hpp"
#include "io/element.hpp"
#include "io/idx_header.hpp"
#include "io/label_coder.hpp"
#include "io/message.hpp"
#include "io/npy_header.hpp"
#include "io/readers.hpp"
#include "io/record_reader.hpp"
#include "io/safetensors.hpp"
#include "io/utf8.hpp"
#include "io/values.hpp"

namespace mixbern::io {
namespace {

std::vector<double> read_elements(Input& input, const ElementType& type,
                                  const std::vector<std::uint64_t>& sizes) {
  std::uint64_t longest = sizes.empty() ? 0 : sizes[0];
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    if (longest != 1 && sizes[i] != 1) {
      throw input.error(
          fmt::format("an array of {} where one value a row is expected", fmt::join(sizes, " x ")),
          "save it as a one-dimensional array");
    }
    longest = std::max(longest, sizes[i]);
  }
  std::vector<double> values;
  while (values.size() < longest) {
    std::array<char, 8> bytes = {};
    input.read(std::span(bytes).first(type.bytes), "the array");
    values.push_back(decode(type, bytes.data()));
  }
  if (!input.at_end()) throw input.error("bytes follow the array", "the file is damaged");
  return values;
}

// The numbers of an IDX or NPY file; nothing when it is neither.
std::optional<std::vector<double>> read_binary(Input& input) {
  const std::string_view start = input.peek(4);
  if (start.starts_with("\x93NUM")) {
    const NpyHeader header = read_npy_header(input);
    return read_elements(input, header.type, header.sizes);
  }
  if (start.starts_with(std::string_view("\0\0", 2))) {
    const IdxHeader header = read_idx_header(input);
    return read_elements(input, header.type, header.sizes);
  }
  return {};
}

struct TextLine {
  std::string text;
  std::size_t line;
};

// One cell a line, in quotes or not.
std::vector<TextLine> read_lines(Input& input) {
  skip_byte_order_mark(input);
  RecordReader records(input, '\0');
  std::vector<TextLine> lines;
  while (records.next()) {
    records.for_each_cell(1, [&](std::size_t, std::string_view cell) {
      lines.push_back({std::string(cell), records.line()});
    });
  }
  return lines;
}

double checked_weight(const Input& input, std::optional<double> weight, std::string_view text,
                      std::size_t line) {
  if (weight && std::isfinite(*weight) && *weight >= 0) return *weight;
  throw InputError(Place{input.name(), line, 0},
                   fmt::format("the weight {} is no number >= 0", in_quotes(text)),
                   "each row needs a finite weight, one a line");
}

std::vector<double> text_weights(Input& input) {
  const std::vector<TextLine> lines = read_lines(input);
  std::vector<double> weights;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto weight = parse_number(lines[i].text);
    const bool header = i == 0 && !weight && !is_missing(lines[i].text) && lines.size() > 1;
    if (!header) weights.push_back(checked_weight(input, weight, lines[i].text, lines[i].line));
  }
  return weights;
}

// "3", or "1|3" for a set of classes.
bool lists_integers(std::string_view text) {
  return all_classes(text, [](std::string_view one) { return parse_integer(one).has_value(); });
}

// The first line is a header when it is no label of the others: no number among numbers, or a text that never
// recurs and lists no classes.
bool starts_with_header(const std::vector<TextLine>& lines) {
  if (lines.size() < 2 || is_missing(lines[0].text) || lists_classes(lines[0].text)) return false;
  bool integers = true;
  bool recurs = false;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    integers = integers && (is_missing(lines[i].text) || lists_integers(lines[i].text));
    recurs = recurs || lines[i].text == lines[0].text;
  }
  return integers ? !lists_integers(lines[0].text) : !recurs;
}

Labels text_labels(Input& input) {
  const std::vector<TextLine> lines = read_lines(input);
  LabelCoder coder;
  for (std::size_t i = starts_with_header(lines) ? 1 : 0; i < lines.size(); ++i) coder.add(lines[i].text);
  return coder.labels();
}

std::vector<std::int64_t> integer_labels(const Input& input, const std::vector<double>& values) {
  constexpr double kLargestExact = 9007199254740992.0;  // 2^53
  std::vector<std::int64_t> labels;
  labels.reserve(values.size());
  for (const double value : values) {
    if (!std::isnan(value) && (std::abs(value) > kLargestExact || value != std::floor(value))) {
      throw input.error(fmt::format("label {} of row {} is no whole number", value, labels.size() + 1),
                        "labels are whole numbers or texts");
    }
    labels.push_back(std::isnan(value) ? -1 : static_cast<std::int64_t>(value));
  }
  return labels;
}

template <class T>
std::vector<T> not_empty(const Input& input, std::vector<T> values, std::string_view what) {
  if (values.empty()) throw input.error(fmt::format("there are no {} in it", what), "one a row is needed");
  return values;
}

}  // namespace

std::vector<double> read_weights(Input& input) {
  if (looks_like_safetensors(input.peek(16)))
    return not_empty(input, read_packed(input, {}).weights, "weights");
  if (const auto values = read_binary(input)) {
    std::size_t row = 0;
    for (const double value : *values) {
      ++row;
      if (!std::isfinite(value) || value < 0) {
        throw input.error(fmt::format("weight {} of row {} is not finite and >= 0", value, row),
                          "each row needs a finite weight");
      }
    }
    return not_empty(input, *values, "weights");
  }
  return not_empty(input, text_weights(input), "weights");
}

std::vector<std::string> read_feature_names(Input& input) {
  std::vector<std::string> names;
  for (TextLine& line : read_lines(input)) names.push_back(to_utf8(line.text));
  return not_empty(input, std::move(names), "names");
}

Labels read_labels(Input& input) {
  Labels labels;
  if (looks_like_safetensors(input.peek(16))) {
    Dataset data = read_packed(input, {});
    labels = {std::move(data.labels), std::move(data.label_names)};
  } else if (const auto values = read_binary(input)) {
    labels.values = integer_labels(input, *values);
  } else {
    labels = text_labels(input);
  }
  labels.values = not_empty(input, std::move(labels.values), "labels");
  return labels;
}

}  // namespace mixbern::io

namespace mixbern {

std::vector<double> read_weights(const std::string& path) {
  io::Input input = io::open_input(path);
  return io::read_weights(input);
}

std::vector<std::string> read_feature_names(const std::string& path) {
  io::Input input = io::open_input(path);
  return io::read_feature_names(input);
}

Labels read_labels(const std::string& path) {
  io::Input input = io::open_input(path);
  return io::read_labels(input);
}

}  // namespace mixbern
