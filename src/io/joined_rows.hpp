// Rows of several kinds and places, read as one run of them.
#pragma once

#include <cstddef>
#include <vector>

#include "mixbern/dataset/rows.hpp"

namespace mixbern::io {

/// The rows of all parts, one after the other; packed if some of them are.
class JoinedRows : public RowReader {
 public:
  /// REQUIRES: at least one part, all with the same number of features.
  explicit JoinedRows(std::vector<Rows> parts);

  std::size_t n_rows() const override { return ends_.back(); }
  std::size_t n_features() const override { return mixbern::n_features(parts_.front()); }
  bool is_packed() const override { return is_packed_; }
  void read(std::size_t begin, std::size_t end, RowBuffer& into) const override;

 private:
  std::vector<Rows> parts_;
  std::vector<std::size_t> ends_;  // of each, among all rows
  bool is_packed_;
};

/// As many rows as some others, sparse and without a one.
class NoOnes : public RowReader {
 public:
  explicit NoOnes(const Rows& others)
      : n_rows_(mixbern::n_rows(others)), n_features_(mixbern::n_features(others)) {}

  std::size_t n_rows() const override { return n_rows_; }
  std::size_t n_features() const override { return n_features_; }
  bool is_packed() const override { return false; }
  void read(std::size_t begin, std::size_t end, RowBuffer& into) const override {
    into.offsets.assign(end - begin + 1, 0);
    into.columns.clear();
  }

 private:
  std::size_t n_rows_, n_features_;
};

}  // namespace mixbern::io
