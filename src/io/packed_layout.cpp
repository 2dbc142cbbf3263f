#include "io/packed_layout.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "io/message.hpp"
#include "io/utf8.hpp"
#include "mixbern/dataset/rows.hpp"

namespace mixbern::io {
namespace {

std::uint64_t count_rows(const Input& input, const PackedLayout& layout) {
  const TensorInfo* rows = layout.header.find_tensor("rows");
  const TensorInfo* offsets = layout.header.find_tensor("offsets");
  if ((rows == nullptr) == (offsets == nullptr)) {
    throw input.error("it must hold either 'rows' or 'offsets' and 'columns'",
                      "docs/formats.md has the format");
  }
  const TensorInfo& first = offsets != nullptr ? *offsets : *rows;
  if (first.shape.empty() || (offsets != nullptr && first.shape[0] == 0)) {
    throw input.error(fmt::format("tensor {} has no rows", in_quotes(first.name)), "the file is damaged");
  }
  return first.shape[0] - (offsets != nullptr ? 1 : 0);
}

}  // namespace

PackedLayout read_packed_layout(Input& input) {
  PackedLayout layout;
  layout.header = read_safetensors_header(input);
  layout.features = from_metadata(input, layout.header, "mixbern-data");
  layout.n_words = BitMatrix::words_for(layout.features.n_features);
  layout.n_rows = count_rows(input, layout);
  layout.sparse_ones = layout.has("offsets");
  return layout;
}

void take_metadata(const Input& input, const PackedLayout& layout, Dataset& data) {
  if (const std::string* text = layout.header.find_metadata("label_names"))
    data.label_names = label_names(input, *text, data.labels);
  data.id_name = layout.header.metadata_or("id_name", "");
  data.feature_names = layout.features.names;
  data.codings = layout.features.codings;
  data.threshold = layout.features.threshold;
  data.shape = layout.features.shape;
  data.missing_codes = layout.features.missing_codes;
  data.categorical = layout.features.categorical;
}

RowIds row_ids(std::span<const std::uint64_t> ends, std::string_view text, std::uint64_t first,
               std::uint64_t end) {
  RowIds ids;
  std::uint64_t begin = 0;
  for (std::uint64_t i = 0; i < ends.size(); ++i) {
    if (ends[i] < begin || ends[i] > text.size()) throw std::invalid_argument("id_ends and id_text");
    if (i >= first && i < end) ids.push_back(to_utf8(text.substr(begin, ends[i] - begin)));
    begin = ends[i];
  }
  if (begin != text.size()) throw std::invalid_argument("id_ends and id_text");
  return ids;
}

void check_tensor(const Input& input, const PackedLayout& layout, const TensorInfo& tensor) {
  const std::string& name = tensor.name;
  const auto require = [&](std::string_view dtype, std::vector<std::uint64_t> shape) {
    require_tensor(input, tensor, dtype, shape);
  };
  if (name == "rows" || name == "missing") return require("U64", {layout.n_rows, layout.n_words});
  if (name == "row_weights") return require("F64", {layout.n_rows});
  if (name == "id_ends") return require("U64", {layout.n_rows});
  if (name == "id_text") return require("U8", {tensor.shape.size() == 1 ? tensor.shape[0] : 0});
  if (name == "labels") return require("I64", {layout.n_rows});
  if (name == "offsets" || name == "missing_offsets") return require("U64", {layout.n_rows + 1});
  if (name == "columns" || name == "missing_columns")
    return require("U32", {tensor.shape.size() == 1 ? tensor.shape[0] : 0});
  throw input.error(fmt::format("tensor {} does not belong to packed data", in_quotes(name)),
                    "docs/formats.md says what the file must hold");
}

}  // namespace mixbern::io
