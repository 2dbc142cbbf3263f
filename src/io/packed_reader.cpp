// Packed data: the rows as they stand in memory (docs/formats.md).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "io/feature_metadata.hpp"
#include "io/packed_layout.hpp"
#include "io/readers.hpp"
#include "io/recode.hpp"

namespace mixbern::io {
namespace {

class PackedReader {
 public:
  PackedReader(Input& input, const ReadOptions& options)
      : input_(input),
        layout_(read_packed_layout(input)),
        n_rows_(layout_.n_rows),
        first_(std::min<std::uint64_t>(options.first_row, n_rows_)),
        end_(std::clamp<std::uint64_t>(options.end_row, first_, n_rows_)) {
    check_rows(input, options, end_ - first_, n_rows_);
    check_features(input, options, layout_.features.n_features);
  }

  Dataset read() {
    for (const TensorInfo& tensor : layout_.header.tensors) read_tensor(tensor);
    if (!input_.at_end()) throw input_.error("bytes follow the last tensor", "the file is damaged");
    Dataset data;
    data.ones = layout_.sparse_ones ? sparse_rows(offsets_, columns_) : Rows(packed_rows(std::move(rows_)));
    if (layout_.has("missing")) data.missing = packed_rows(std::move(missing_));
    if (layout_.has("missing_offsets")) data.missing = sparse_rows(missing_offsets_, missing_columns_);
    data.weights = std::move(weights_);
    data.labels = std::move(labels_);
    data.ids = row_ids(id_ends_, {id_text_.data(), id_text_.size()}, first_, end_);
    take_metadata(input_, layout_, data);
    return data;
  }

 private:
  void read_tensor(const TensorInfo& tensor) {
    check_tensor(input_, layout_, tensor);
    if (tensor.name == "rows") rows_ = rows_of<std::uint64_t>(tensor, layout_.n_words);
    if (tensor.name == "missing") missing_ = rows_of<std::uint64_t>(tensor, layout_.n_words);
    if (tensor.name == "row_weights") weights_ = rows_of<double>(tensor, 1);
    if (tensor.name == "labels") labels_ = rows_of<std::int64_t>(tensor, 1);
    if (tensor.name == "offsets") offsets_ = all_of<std::uint64_t>(tensor);
    if (tensor.name == "missing_offsets") missing_offsets_ = all_of<std::uint64_t>(tensor);
    if (tensor.name == "id_ends") id_ends_ = all_of<std::uint64_t>(tensor);
    if (tensor.name == "id_text") id_text_ = all_of<char>(tensor);
    if (tensor.name == "columns") columns_ = all_of<std::uint32_t>(tensor);
    if (tensor.name == "missing_columns") missing_columns_ = all_of<std::uint32_t>(tensor);
  }

  template <class T>
  std::vector<T> all_of(const TensorInfo& tensor) {
    return read_values<T>(input_, tensor.shape[0], tensor.name);
  }

  // Of `width` values a row, those of the rows that are kept.
  template <class T>
  std::vector<T> rows_of(const TensorInfo& tensor, std::uint64_t width) {
    const std::uint64_t row_bytes = width * sizeof(T);
    if (!input_.skip(first_ * row_bytes)) throw input_.truncated(tensor.name);
    std::vector<T> values = read_values<T>(input_, (end_ - first_) * width, tensor.name);
    if (!input_.skip((n_rows_ - end_) * row_bytes)) throw input_.truncated(tensor.name);
    return values;
  }

  BitMatrix packed_rows(std::vector<std::uint64_t> words) const {
    return {end_ - first_, layout_.features.n_features, std::move(words)};
  }

  Rows sparse_rows(std::vector<std::uint64_t>& offsets, std::vector<std::uint32_t>& columns) const {
    if (offsets.size() != n_rows_ + 1) throw std::invalid_argument("columns without offsets");
    Rows rows = SparseRows(layout_.features.n_features, std::move(offsets), std::move(columns));
    if (first_ != 0 || end_ != n_rows_) rows = slice(rows, first_, end_);
    return rows;
  }

  Input& input_;
  PackedLayout layout_;
  std::uint64_t n_rows_;
  std::uint64_t first_;
  std::uint64_t end_;
  std::vector<std::uint64_t> rows_, missing_, offsets_, missing_offsets_;
  std::vector<std::uint32_t> columns_, missing_columns_;
  std::vector<double> weights_;
  std::vector<std::int64_t> labels_;
  std::vector<std::uint64_t> id_ends_;
  std::vector<char> id_text_;
};

}  // namespace

Dataset read_packed(Input& input, const ReadOptions& options) {
  try {
    Dataset data = PackedReader(input, options).read();
    validate(data);
    if (!options.codings.empty()) recode(input.name(), options.codings, kCodeAlike, data);
    return data;
  } catch (const std::invalid_argument& error) {
    throw input.error(fmt::format("the parts do not fit together: {}", error.what()), "the file is damaged");
  }
}

}  // namespace mixbern::io
