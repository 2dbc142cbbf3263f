// Packed data: the rows as they stand in memory (docs/formats.md).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "io/feature_metadata.hpp"
#include "io/message.hpp"
#include "io/readers.hpp"
#include "io/recode.hpp"
#include "io/utf8.hpp"

namespace mixbern::io {
namespace {

class PackedReader {
 public:
  PackedReader(Input& input, const ReadOptions& options)
      : input_(input),
        header_(read_safetensors_header(input)),
        features_(from_metadata(input, header_, "mixbern-data")),
        n_words_(BitMatrix::words_for(features_.n_features)),
        n_rows_(count_rows()),
        first_(std::min<std::uint64_t>(options.first_row, n_rows_)),
        end_(std::clamp<std::uint64_t>(options.end_row, first_, n_rows_)) {
    check_rows(input, options, end_ - first_, n_rows_);
    check_features(input, options, features_.n_features);
  }

  Dataset read() {
    for (const TensorInfo& tensor : header_.tensors) read_tensor(tensor);
    if (!input_.at_end()) throw input_.error("bytes follow the last tensor", "the file is damaged");
    Dataset data;
    data.ones = sparse_ones_ ? sparse_rows(offsets_, columns_) : Rows(packed_rows(std::move(rows_)));
    if (header_.find_tensor("missing") != nullptr) data.missing = packed_rows(std::move(missing_));
    if (header_.find_tensor("missing_offsets") != nullptr)
      data.missing = sparse_rows(missing_offsets_, missing_columns_);
    data.weights = std::move(weights_);
    data.labels = std::move(labels_);
    if (const std::string* text = header_.find_metadata("label_names"))
      data.label_names = label_names(input_, *text, data.labels);
    data.ids = row_ids();
    data.id_name = header_.metadata_or("id_name", "");
    data.missing_codes = std::move(features_.missing_codes);
    data.feature_names = std::move(features_.names);
    data.codings = std::move(features_.codings);
    data.threshold = features_.threshold;
    data.shape = features_.shape;
    return data;
  }

 private:
  std::uint64_t count_rows() {
    const TensorInfo* rows = header_.find_tensor("rows");
    const TensorInfo* offsets = header_.find_tensor("offsets");
    if ((rows == nullptr) == (offsets == nullptr)) {
      throw input_.error("it must hold either 'rows' or 'offsets' and 'columns'",
                         "docs/formats.md has the format");
    }
    sparse_ones_ = offsets != nullptr;
    const TensorInfo& first = sparse_ones_ ? *offsets : *rows;
    if (first.shape.empty() || (sparse_ones_ && first.shape[0] == 0)) {
      throw input_.error(fmt::format("tensor {} has no rows", in_quotes(first.name)), "the file is damaged");
    }
    return first.shape[0] - (sparse_ones_ ? 1 : 0);
  }

  void read_tensor(const TensorInfo& tensor) {
    if (tensor.name == "rows") {
      rows_ = rows_of<std::uint64_t>(tensor, "U64", n_words_, true);
    } else if (tensor.name == "missing") {
      missing_ = rows_of<std::uint64_t>(tensor, "U64", n_words_, true);
    } else if (tensor.name == "row_weights") {
      weights_ = rows_of<double>(tensor, "F64", 1, false);
    } else if (tensor.name == "labels") {
      labels_ = rows_of<std::int64_t>(tensor, "I64", 1, false);
    } else if (tensor.name == "id_ends") {
      require_tensor(input_, tensor, "U64", std::vector<std::uint64_t>{n_rows_});
      id_ends_ = read_values<std::uint64_t>(input_, n_rows_, tensor.name);
    } else if (tensor.name == "id_text") {
      const std::uint64_t n = tensor.shape.size() == 1 ? tensor.shape[0] : 0;
      require_tensor(input_, tensor, "U8", std::vector<std::uint64_t>{n});
      id_text_ = read_values<char>(input_, n, tensor.name);
    } else if (tensor.name == "offsets" || tensor.name == "missing_offsets") {
      require_tensor(input_, tensor, "U64", std::vector<std::uint64_t>{n_rows_ + 1});
      (tensor.name == "offsets" ? offsets_ : missing_offsets_) =
          read_values<std::uint64_t>(input_, n_rows_ + 1, tensor.name);
    } else if (tensor.name == "columns" || tensor.name == "missing_columns") {
      const std::uint64_t n = tensor.shape.size() == 1 ? tensor.shape[0] : 0;
      require_tensor(input_, tensor, "U32", std::vector<std::uint64_t>{n});
      (tensor.name == "columns" ? columns_ : missing_columns_) =
          read_values<std::uint32_t>(input_, n, tensor.name);
    } else {
      throw input_.error(fmt::format("tensor {} does not belong to packed data", in_quotes(tensor.name)),
                         "docs/formats.md says what the file must hold");
    }
  }

  // Of `width` values a row, those of the rows that are kept.
  template <class T>
  std::vector<T> rows_of(const TensorInfo& tensor, std::string_view dtype, std::uint64_t width, bool matrix) {
    std::vector<std::uint64_t> shape = {n_rows_};
    if (matrix) shape.push_back(width);
    require_tensor(input_, tensor, dtype, shape);
    const std::uint64_t row_bytes = width * sizeof(T);
    if (!input_.skip(first_ * row_bytes)) throw input_.truncated(tensor.name);
    std::vector<T> values = read_values<T>(input_, (end_ - first_) * width, tensor.name);
    if (!input_.skip((n_rows_ - end_) * row_bytes)) throw input_.truncated(tensor.name);
    return values;
  }

  RowIds row_ids() const {
    RowIds ids;
    const std::string_view text(id_text_.data(), id_text_.size());
    std::uint64_t begin = 0;
    for (std::uint64_t i = 0; i < id_ends_.size(); ++i) {
      const std::uint64_t end = id_ends_[i];
      if (end < begin || end > text.size()) throw std::invalid_argument("id_ends and id_text");
      if (i >= first_ && i < end_) ids.push_back(to_utf8(text.substr(begin, end - begin)));
      begin = end;
    }
    if (begin != text.size()) throw std::invalid_argument("id_ends and id_text");
    return ids;
  }

  BitMatrix packed_rows(std::vector<std::uint64_t> words) const {
    return {end_ - first_, features_.n_features, std::move(words)};
  }

  Rows sparse_rows(std::vector<std::uint64_t>& offsets, std::vector<std::uint32_t>& columns) const {
    if (offsets.size() != n_rows_ + 1) throw std::invalid_argument("columns without offsets");
    Rows rows = SparseRows(features_.n_features, std::move(offsets), std::move(columns));
    if (first_ != 0 || end_ != n_rows_) rows = slice(rows, first_, end_);
    return rows;
  }

  Input& input_;
  SafetensorsHeader header_;
  FeatureMetadata features_;
  bool sparse_ones_ = false;
  std::uint64_t n_words_;
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
    if (!options.codings.empty()) recode(input, options.codings, data);
    return data;
  } catch (const std::invalid_argument& error) {
    throw input.error(fmt::format("the parts do not fit together: {}", error.what()), "the file is damaged");
  }
}

}  // namespace mixbern::io
