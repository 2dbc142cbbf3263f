// LIBSVM (SVMlight): a label and index:value pairs a line, columns from 1 or 0, comments behind #.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "io/label_coder.hpp"
#include "io/line_reader.hpp"
#include "io/message.hpp"
#include "io/readers.hpp"
#include "io/sparse_rows_builder.hpp"
#include "io/values.hpp"

namespace mixbern::io {
namespace {

constexpr std::uint64_t kMaxFeatures = std::uint64_t{1} << 31;
constexpr std::uint64_t kMaxRows = (std::uint64_t{1} << 32) - 1;

class LibsvmReader {
 public:
  LibsvmReader(Input& input, const ReadOptions& options)
      : input_(input),
        options_(options),
        lines_(input),
        rule_(input, options),
        from_zero_(options.index_base == 0U),
        n_features_(options.codings.size()) {}

  Dataset read() {
    std::uint64_t row = 0;
    std::uint64_t n_kept = 0;
    std::string_view line;
    while (row < options_.end_row && lines_.next(line)) {
      line = trimmed(line.substr(0, line.find('#')));
      if (line.empty()) continue;
      if (row >= options_.first_row) read_row(line, n_kept++);
      ++row;
      if (n_kept == kMaxRows)
        throw lines_.error("more rows than can be held", "read them in parts with --rows");
    }
    check_rows(input_, options_, n_kept, row);
    return dataset(n_kept);
  }

 private:
  static std::string_view next_word(std::string_view& line) {
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    const std::string_view word = line.substr(0, end);
    line = trimmed(line.substr(end));
    return word;
  }

  void read_row(std::string_view line, std::uint64_t row) {
    const std::string_view label = next_word(line);
    if (label.find(':') != std::string_view::npos) {
      throw lines_.error(fmt::format("{} stands where the label is expected", in_quotes(label)),
                         "each line starts with a label, 0 if there is none", 1);
    }
    labels_.add(label);
    labels_are_integers_ = labels_are_integers_ && (parse_integer(label) || is_missing(label));
    while (!line.empty()) {
      const std::string_view pair = next_word(line);
      if (!pair.starts_with("qid:")) read_pair(pair, row);
    }
  }

  void read_pair(std::string_view pair, std::uint64_t row) {
    const std::size_t colon = std::min(pair.find(':'), pair.size());
    const auto index = parse_count(pair.substr(0, colon));
    const auto value = colon < pair.size() ? parse_number(pair.substr(colon + 1)) : std::nullopt;
    if (!index || !value) {
      throw lines_.error(fmt::format("{} is no index:value pair", in_quotes(pair)),
                         "pairs like 12:1 are needed");
    }
    if (*index > kMaxFeatures || (*index == 0 && options_.index_base == 1U)) {
      throw lines_.error(
          fmt::format("column index {} is out of bounds", *index),
          fmt::format("columns count from {} to {}", options_.index_base.value_or(0), kMaxFeatures));
    }
    if (*index > most_features_) {
      throw lines_.error(fmt::format("column index {} asks for as many features, and this machine has memory "
                                     "for {}",
                                     *index, most_features_),
                         "mend the index, or leave its line out with --rows A:B");
    }
    from_zero_ = from_zero_ || *index == 0;
    largest_ = std::max(largest_, *index);
    if (!rule_.accepts(*value)) {
      throw lines_.error(rule_.refusal(*value), "--threshold T makes numbers 1 where value > T");
    }
    if (rule_.is_one(*value)) builder_.add(row, *index);
  }

  Dataset dataset(std::uint64_t n_rows) {
    if (largest_ == 0 && !from_zero_)
      throw input_.error("there is no index:value pair in it", "at least one column is needed");
    if (!from_zero_) builder_.count_columns_from_one();
    n_features_ = std::max(n_features_, largest_ + (from_zero_ ? 1 : 0));
    check_features(input_, options_, n_features_);
    Dataset data;
    data.ones = builder_.build(input_, n_rows, n_features_);
    data.threshold = options_.threshold;
    if (labels_are_integers_) {
      data.labels = class_labels(labels_.labels().values);
    } else if (options_.warn) {
      options_.warn(escaped(input_.name()) + ": the labels are no whole numbers; they are left out");
    }
    return data;
  }

  // Two classes are written -1 and +1 by custom; elsewhere -1 is a row whose class is not known.
  static std::vector<std::int64_t> class_labels(std::vector<std::int64_t> labels) {
    const bool signs =
        std::ranges::all_of(labels, [](std::int64_t label) { return label == 1 || label == -1; });
    if (!signs) return labels;
    for (std::int64_t& label : labels) label = label == 1 ? 1 : 0;
    return labels;
  }

  Input& input_;
  const ReadOptions& options_;
  LineReader lines_;
  SparseValueRule rule_;
  SparseRowsBuilder builder_;
  LabelCoder labels_;
  bool labels_are_integers_ = true;
  bool from_zero_;
  std::uint64_t largest_ = 0;
  std::uint64_t n_features_;
  std::uint64_t most_features_ = most_features();
};

}  // namespace

Dataset read_libsvm(Input& input, const ReadOptions& options) {
  return LibsvmReader(input, options).read();
}

}  // namespace mixbern::io
