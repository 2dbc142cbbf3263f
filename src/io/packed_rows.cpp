#include "io/packed_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "data/pieces.hpp"
#include "io/packed_layout.hpp"
#include "io/random_access_file.hpp"
#include "io/readers.hpp"
#include "io/recode.hpp"

namespace mixbern::io {
namespace {

using File = std::shared_ptr<const RandomAccessFile>;

InputError damaged(const RandomAccessFile& file, std::string what) {
  return {Place{file.path()}, std::move(what), "the file is damaged"};
}

// The words of a packed tensor.
class PackedWords : public RowReader {
 public:
  PackedWords(File file, const PackedLayout& layout, std::uint64_t begin)
      : file_(std::move(file)),
        begin_(begin),
        n_rows_(layout.n_rows),
        n_features_(layout.features.n_features),
        padding_(n_features_ % 64 == 0 ? 0 : ~std::uint64_t{0} << (n_features_ % 64)) {}

  std::size_t n_rows() const override { return n_rows_; }
  std::size_t n_features() const override { return n_features_; }
  bool is_packed() const override { return true; }

  void read(std::size_t begin, std::size_t end, RowBuffer& into) const override {
    const std::size_t width = BitMatrix::words_for(n_features_);
    file_->read(begin_ + begin * width * sizeof(std::uint64_t), (end - begin) * width, into.words);
    if (padding_ == 0) return;
    for (std::size_t last = width - 1; last < into.words.size(); last += width) {
      if ((into.words[last] & padding_) == 0) continue;
      throw damaged(*file_, fmt::format("row {} has a bit beyond its last feature", begin + last / width));
    }
  }

 private:
  File file_;
  std::uint64_t begin_;
  std::size_t n_rows_, n_features_;
  std::uint64_t padding_;  // bits of a row's last word that no feature has
};

// The columns of a sparse pair of tensors, and where each row has its own.
class SparseColumns : public RowReader {
 public:
  SparseColumns(File file, const PackedLayout& layout, std::uint64_t offsets_begin, const TensorInfo& columns,
                std::uint64_t columns_begin)
      : file_(std::move(file)),
        offsets_begin_(offsets_begin),
        columns_begin_(columns_begin),
        n_columns_(columns.shape[0]),
        n_rows_(layout.n_rows),
        n_features_(layout.features.n_features) {}

  std::size_t n_rows() const override { return n_rows_; }
  std::size_t n_features() const override { return n_features_; }
  bool is_packed() const override { return false; }

  void read(std::size_t begin, std::size_t end, RowBuffer& into) const override {
    std::vector<std::uint64_t>& offsets = into.offsets;
    file_->read(offsets_begin_ + begin * sizeof(std::uint64_t), end - begin + 1, offsets);
    const bool ascend = std::is_sorted(offsets.begin(), offsets.end()) && offsets.back() <= n_columns_ &&
                        (begin > 0 || offsets.front() == 0) &&
                        (end < n_rows_ || offsets.back() == n_columns_);
    if (!ascend) throw damaged(*file_, fmt::format("the offsets of rows {} to {} do not ascend", begin, end));
    const std::uint64_t first = offsets.front();
    file_->read(columns_begin_ + first * sizeof(std::uint32_t), offsets.back() - first, into.columns);
    for (std::uint64_t& offset : offsets) offset -= first;
    for (std::size_t i = 0; i + 1 < offsets.size(); ++i)
      check_row({into.columns.data() + offsets[i], into.columns.data() + offsets[i + 1]}, begin + i);
  }

 private:
  void check_row(std::span<const std::uint32_t> columns, std::size_t row) const {
    const bool ascend = std::ranges::adjacent_find(columns, std::greater_equal<>()) == columns.end();
    if (ascend && (columns.empty() || columns.back() < n_features_)) return;
    throw damaged(*file_, fmt::format("the columns of row {} do not ascend, or are beyond the last", row));
  }

  File file_;
  std::uint64_t offsets_begin_, columns_begin_, n_columns_;
  std::size_t n_rows_, n_features_;
};

class PackedFile {
 public:
  PackedFile(const std::string& path, Input& input, File file)
      : file_(std::move(file)), layout_(read_packed_layout(input)), begin_(input.offset()) {
    std::uint64_t n_bytes = 0;
    for (const TensorInfo& tensor : layout_.header.tensors) {
      check_tensor(input, layout_, tensor);
      n_bytes += tensor.n_bytes;
    }
    if (file_->size() < begin_ + n_bytes) {
      throw InputError(Place{path},
                       fmt::format("the file has {} bytes of {}", file_->size(), begin_ + n_bytes),
                       "it was cut short: copy or download it again");
    }
    if (file_->size() > begin_ + n_bytes) throw damaged(*file_, "bytes follow the last tensor");
  }

  const PackedLayout& layout() const { return layout_; }

  Dataset data(const Input& input) const {
    Dataset data{.ones = layout_.sparse_ones ? sparse(input, "offsets", "columns") : packed("rows")};
    if (layout_.has("missing")) data.missing = packed("missing");
    if (layout_.has("missing_offsets")) data.missing = sparse(input, "missing_offsets", "missing_columns");
    read_all("row_weights", data.weights);
    read_all("labels", data.labels);
    std::vector<std::uint64_t> id_ends;
    std::vector<char> id_text;
    read_all("id_ends", id_ends);
    if (layout_.has("id_text"))
      file_->read(begin_of("id_text"), layout_.header.find_tensor("id_text")->n_bytes, id_text);
    data.ids = row_ids(id_ends, {id_text.data(), id_text.size()}, 0, layout_.n_rows);
    take_metadata(input, layout_, data);
    return data;
  }

 private:
  std::uint64_t begin_of(const char* tensor) const {
    return begin_ + layout_.header.find_tensor(tensor)->begin;
  }

  Rows packed(const char* tensor) const {
    return RowsOutside(std::make_shared<PackedWords>(file_, layout_, begin_of(tensor)));
  }

  Rows sparse(const Input& input, const char* offsets, const char* columns) const {
    if (!layout_.has(columns)) throw input.error("there are offsets without columns", "the file is damaged");
    return RowsOutside(std::make_shared<SparseColumns>(
        file_, layout_, begin_of(offsets), *layout_.header.find_tensor(columns), begin_of(columns)));
  }

  template <class T>
  void read_all(const char* tensor, std::vector<T>& into) const {
    if (layout_.has(tensor)) file_->read(begin_of(tensor), layout_.n_rows, into);
  }

  File file_;
  PackedLayout layout_;
  std::uint64_t begin_;  // of the tensors
};

// That ones and missing cells exclude each other.
void check_missing(const Dataset& data) {
  if (!data.missing) return;
  for_each_piece(data, [](const Dataset& piece, std::size_t) { validate(piece); });
}

}  // namespace

std::optional<Dataset> open_packed(const std::string& path, const ReadOptions& options) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return std::nullopt;
  const auto file = std::make_shared<RandomAccessFile>(path);
  Input input(path, file_source(path));
  if (!looks_like_safetensors(input.peek(16))) return std::nullopt;
  try {
    const PackedFile packed(path, input, file);
    check_rows(input, options, packed.layout().n_rows, packed.layout().n_rows);
    check_features(input, options, packed.layout().features.n_features);
    Dataset data = packed.data(input);
    validate(data);
    check_missing(data);
    if (!options.codings.empty()) recode(path, options.codings, kCodeAlike, data);
    return data;
  } catch (const std::invalid_argument& error) {
    throw input.error(fmt::format("the parts do not fit together: {}", error.what()), "the file is damaged");
  }
}

}  // namespace mixbern::io
