// A fit to rows that others have: they are asked for sums, not for rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/mixture/mixture.hpp"

namespace mixbern {

struct RowFacts;
struct PassRequest;
class Pass;

/// What is known of rows before the first iteration: how many there are, their weights, the ones and missing
/// cells of each feature. Facts of parts merge to those of all rows, in any order; exactly where weights are
/// whole numbers.
class Facts {
 public:
  Facts(RowFacts facts, std::vector<CategoricalItem> categorical);

  std::size_t n_rows() const;
  std::size_t n_features() const;
  double total_weight() const;
  std::size_t n_missing() const;
  /// Items of more than two answers, and what the answers are called.
  const std::vector<CategoricalItem>& categorical() const { return categorical_; }
  /// Throws std::invalid_argument for another number of features, or answers that are called otherwise.
  void merge(const Facts& other);

  std::string to_bytes() const;
  /// Throws std::invalid_argument for bytes that are damaged or that no facts have.
  static Facts from_bytes(std::string_view bytes);

  /// Not finished, so that it may be merged.
  const RowFacts& rows() const { return *rows_; }

 private:
  std::shared_ptr<const RowFacts> rows_;
  std::vector<CategoricalItem> categorical_;
};

/// What an E-step knows of some rows, or of all: whole numbers, so that sums of parts merge to those of all
/// rows exactly, in any order and any tree.
class Sums {
 public:
  Sums(std::uint64_t pass, std::size_t n_rows, std::vector<std::int64_t> values)
      : pass_(pass), n_rows_(n_rows), values_(std::move(values)) {}

  /// Of which pass they are; see Pass::id().
  std::uint64_t pass() const { return pass_; }
  std::size_t n_rows() const { return n_rows_; }
  /// What a reduction of integers may add up element by element, as merge() does.
  const std::vector<std::int64_t>& values() const { return values_; }
  /// Throws std::invalid_argument for sums of another pass.
  void merge(const Sums& other);

  std::string to_bytes() const;
  /// Throws std::invalid_argument for bytes that are damaged.
  static Sums from_bytes(std::string_view bytes);

 private:
  std::uint64_t pass_;
  std::uint64_t n_rows_;
  std::vector<std::int64_t> values_;
};

/// What those who have rows are asked: an E-step with a mixture. Small beside the rows: the mixture, and a
/// few numbers a feature. What its parameters are restricted to stays with who asks, in whose memory it is.
class Pass {
 public:
  /// `facts` are of all rows, finished.
  Pass(const PassRequest& request, bool semi_supervised);

  const Mixture& mixture() const;
  /// Differs between passes.
  std::uint64_t id() const { return id_; }

  const std::string& to_bytes() const { return bytes_; }
  /// Throws std::invalid_argument for bytes that are damaged.
  static Pass from_bytes(std::string_view bytes);

  /// Throws std::invalid_argument unless these are the sums of all rows of this pass, each counted once.
  void check(const Sums& sums) const;

  struct State;
  const State& state() const { return *state_; }

 private:
  explicit Pass(std::string bytes);

  std::string bytes_;
  std::uint64_t id_;
  std::shared_ptr<const State> state_;
};

/// Some of the rows, where they are: in one process of many, or with somebody who keeps them to himself.
class Site {
 public:
  /// One pass over the rows, which are not owned. `threads`: 0 for one a processor.
  explicit Site(const Dataset& rows, unsigned threads = 0);
  Site(Site&&) noexcept;
  ~Site();

  /// Of these rows.
  const Facts& facts() const;
  /// The sums of these rows. Throws std::invalid_argument if the facts that the pass was made from cannot
  /// have held these rows, or a label has no component. Calls one after the other.
  Sums accumulate(const Pass& pass);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Has all rows answer a pass, and returns the merged sums.
using RunPass = std::function<Sums(const Pass&)>;

}  // namespace mixbern
