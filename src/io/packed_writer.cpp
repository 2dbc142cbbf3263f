#include <cstdint>
#include <span>
#include <vector>

#include "data/pieces.hpp"
#include "io/feature_metadata.hpp"
#include "io/writers.hpp"

namespace mixbern::io {
namespace {

FeatureMetadata features_of(const Dataset& data) {
  return {data.n_features(), data.feature_names, data.codings,    data.threshold,
          data.shape,        data.missing_codes, data.categorical};
}

// Tensors of 8-byte elements come first, so that every tensor is aligned.
void add_rows(std::vector<Tensor>& tensors, const Rows& rows, const std::string& name) {
  if (!is_packed(rows)) return;
  const std::uint64_t n = n_rows(rows), width = BitMatrix::words_for(n_features(rows));
  tensors.push_back(
      {{name, "U64", {n, width}, n * width * sizeof(std::uint64_t)}, [&rows](const ByteSink& sink) {
         for_each_piece(rows, [&sink](const Rows& piece, std::size_t) {
           sink_values(sink, std::get<BitMatrix>(piece).words());
         });
       }});
}

void write_offsets(const ByteSink& sink, const Rows& rows) {
  std::vector<std::uint64_t> offsets = {0};
  for_each_piece(rows, [&](const Rows& piece, std::size_t) {
    const std::uint64_t before = offsets.back();
    sink_values(sink, std::span<const std::uint64_t>(offsets).first(offsets.size() - 1));
    offsets.clear();
    for (const std::uint64_t offset : std::get<SparseRows>(piece).offsets())
      offsets.push_back(before + offset);
  });
  sink_values(sink, std::span<const std::uint64_t>(offsets));
}

void add_offsets(std::vector<Tensor>& tensors, const Rows& rows, const std::string& name) {
  if (is_packed(rows)) return;
  const std::uint64_t n = n_rows(rows) + 1;
  tensors.push_back({{name, "U64", {n}, n * sizeof(std::uint64_t)},
                     [&rows](const ByteSink& sink) { write_offsets(sink, rows); }});
}

void add_columns(std::vector<Tensor>& tensors, const Rows& rows, const std::string& name) {
  if (is_packed(rows)) return;
  const std::uint64_t n = count_ones(rows);
  tensors.push_back({{name, "U32", {n}, n * sizeof(std::uint32_t)}, [&rows](const ByteSink& sink) {
                       for_each_piece(rows, [&sink](const Rows& piece, std::size_t) {
                         sink_values(sink, std::get<SparseRows>(piece).columns());
                       });
                     }});
}

}  // namespace

void write_packed(const ByteSink& sink, const Dataset& data) {
  std::vector<Tensor> tensors;
  add_rows(tensors, data.ones, "rows");
  add_offsets(tensors, data.ones, "offsets");
  if (data.missing) add_rows(tensors, *data.missing, "missing");
  if (data.missing) add_offsets(tensors, *data.missing, "missing_offsets");
  if (!data.weights.empty()) {
    tensors.push_back(
        tensor_of("row_weights", "F64", {data.n_rows()}, std::span<const double>(data.weights)));
  }
  if (!data.labels.empty()) {
    tensors.push_back(
        tensor_of("labels", "I64", {data.n_rows()}, std::span<const std::int64_t>(data.labels)));
  }
  const std::vector<std::uint64_t> id_ends(data.ids.ends().begin(), data.ids.ends().end());
  if (!data.ids.empty())
    tensors.push_back(tensor_of("id_ends", "U64", {data.n_rows()}, std::span<const std::uint64_t>(id_ends)));
  add_columns(tensors, data.ones, "columns");
  if (data.missing) add_columns(tensors, *data.missing, "missing_columns");
  if (!data.ids.empty()) {
    const std::span<const char> text = data.ids.text();
    tensors.push_back(tensor_of("id_text", "U8", {text.size()}, text));
  }
  Metadata metadata = to_metadata("mixbern-data", features_of(data));
  if (!data.label_names.empty()) metadata.emplace_back("label_names", to_text(data.label_names));
  if (!data.id_name.empty()) metadata.emplace_back("id_name", data.id_name);
  write_safetensors(sink, metadata, tensors);
}

}  // namespace mixbern::io
