#include "data/row_codes.hpp"

#include <algorithm>
#include <bit>

#include "data/rows_view.hpp"
#include "kernels/registry.hpp"

namespace mixbern {
namespace {

std::size_t count_bits(std::span<const std::uint64_t> words) {
  std::size_t count = 0;
  for (const std::uint64_t word : words) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

std::size_t count_groups(std::span<const std::uint64_t> words) {
  std::size_t count = 0;
  for (const std::uint64_t word : words) {
    const std::uint64_t pairs = word | word >> 1;
    count += static_cast<std::size_t>(std::popcount((pairs | pairs >> 2) & 0x1111111111111111));
  }
  return count;
}

}  // namespace

std::size_t n_codes(Encoding encoding, std::size_t n_features) {
  return encoding == Encoding::kColumns ? n_features : (n_features + 3) / 4 * 16;
}

std::size_t count_codes(std::span<const std::uint64_t> words, Encoding encoding) {
  return encoding == Encoding::kGroups ? count_groups(words) : count_bits(words);
}

Encoding choose_encoding(const Rows& rows) {
  constexpr std::size_t kRows = 4096;
  if (!is_packed(rows)) return Encoding::kColumns;
  RowBuffer buffer;
  const auto words = RowsView(rows, 0, std::min(kRows, n_rows(rows)), buffer).words();
  const std::size_t n_columns = count_bits(words);
  return n_columns > 0 && 10 * count_groups(words) <= 7 * n_columns ? Encoding::kGroups : Encoding::kColumns;
}

std::optional<CodedRows> code_rows(const Rows& rows, Encoding encoding) {
  constexpr std::size_t kMostNumbers = std::size_t{1} << 21;
  constexpr std::size_t kRows = 1024;
  const auto* packed = std::get_if<BitMatrix>(&rows);
  // An offset takes as much as two codes.
  if (packed == nullptr || 2 * packed->n_rows() > kMostNumbers) return std::nullopt;
  CodedRows coded;
  coded.offsets.reserve(packed->n_rows() + 1);
  coded.offsets.push_back(0);
  RowCodes block;
  for (std::size_t begin = 0; begin < packed->n_rows(); begin += kRows) {
    const std::size_t end = std::min(begin + kRows, packed->n_rows());
    const std::size_t width = packed->words_per_row();
    block.decode(packed->words().subspan(begin * width, (end - begin) * width), end - begin, encoding);
    const std::size_t before = coded.codes.size();
    const std::size_t n = block.offsets()[end - begin];
    if (before + n + 2 * packed->n_rows() > kMostNumbers) return std::nullopt;
    coded.codes.insert(coded.codes.end(), block.codes(), block.codes() + n);
    for (std::size_t i = 1; i <= end - begin; ++i) coded.offsets.push_back(before + block.offsets()[i]);
  }
  return coded;
}

void RowCodes::refer(const CodedRows& coded, std::size_t begin) {
  refer(coded.offsets.data() + begin, coded.codes.data());
}

void RowCodes::refer(const std::uint64_t* offsets, const std::uint32_t* codes) {
  offsets_ = offsets;
  codes_ = codes;
}

void RowCodes::decode(std::span<const std::uint64_t> words, std::size_t n_rows, Encoding encoding) {
  own_offsets_.resize(n_rows + 1);
  const std::size_t most = words.size() * (encoding == Encoding::kColumns ? 64 : 16) + kernel::kDecodeSlack;
  if (capacity_ < most) {
    own_codes_ = std::make_unique_for_overwrite<std::uint32_t[]>(most);
    capacity_ = most;
  }
  const auto& kernel = kernel::active();
  const auto decode =
      encoding == Encoding::kColumns ? kernel.codes.decode_columns : kernel.codes.decode_groups;
  decode(words.data(), n_rows, n_rows == 0 ? 0 : words.size() / n_rows, own_offsets_.data(),
         own_codes_.get());
  offsets_ = own_offsets_.data();
  codes_ = own_codes_.get();
}

}  // namespace mixbern
