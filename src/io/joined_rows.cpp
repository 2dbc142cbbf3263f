#include "io/joined_rows.hpp"

#include <algorithm>
#include <utility>

namespace mixbern::io {
namespace {

void append(RowBuffer& to, const BitMatrix& rows) {
  to.words.insert(to.words.end(), rows.words().begin(), rows.words().end());
}

void append(RowBuffer& to, const SparseRows& rows) {
  const std::uint64_t before = to.columns.size();
  to.columns.insert(to.columns.end(), rows.columns().begin(), rows.columns().end());
  for (const std::uint64_t offset : rows.offsets().subspan(1)) to.offsets.push_back(before + offset);
}

}  // namespace

JoinedRows::JoinedRows(std::vector<Rows> parts)
    : parts_(std::move(parts)),
      is_packed_(std::ranges::any_of(parts_, [](const Rows& part) { return mixbern::is_packed(part); })) {
  std::size_t end = 0;
  for (const Rows& part : parts_) ends_.push_back(end += mixbern::n_rows(part));
}

void JoinedRows::read(std::size_t begin, std::size_t end, RowBuffer& into) const {
  auto at = static_cast<std::size_t>(std::ranges::upper_bound(ends_, begin) - ends_.begin());
  const auto begin_of = [this](std::size_t part) { return part == 0 ? 0 : ends_[part - 1]; };
  // Nearly always all of them are in one part.
  if (at < parts_.size() && end <= ends_[at]) {
    const auto* outside = std::get_if<RowsOutside>(&parts_[at]);
    if (outside != nullptr && outside->is_packed() == is_packed_)
      return outside->read(begin - begin_of(at), end - begin_of(at), into);
  }
  into.words.clear();
  into.columns.clear();
  into.offsets.assign(1, 0);
  for (; begin < end; ++at) {
    const std::size_t stop = std::min(end, ends_[at]);
    const Rows piece = slice(parts_[at], begin - begin_of(at), stop - begin_of(at));
    is_packed_ ? append(into, to_packed(piece)) : append(into, to_sparse(piece));
    begin = stop;
  }
}

}  // namespace mixbern::io
