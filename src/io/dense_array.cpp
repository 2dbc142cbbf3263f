#include "io/dense_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "io/bit_rows.hpp"
#include "io/missing_codes.hpp"
#include "io/number_coder.hpp"
#include "io/readers.hpp"
#include "io/values.hpp"

namespace mixbern::io {
namespace {

constexpr std::uint64_t kMaxFeatures = std::uint64_t{1} << 31;
constexpr std::uint64_t kMaxRows = std::uint64_t{1} << 48;

// Elements one after the other out of the input's buffer.
class ElementStream {
 public:
  ElementStream(Input& input, const ElementType& type) : input_(input), type_(type) {}

  double next() {
    if (view_.size() - used_ < type_.bytes) refill();
    const char* data = view_.data() + used_;
    used_ += type_.bytes;
    if (type_.bytes == 1 && type_.kind == ElementKind::kUnsigned) return static_cast<unsigned char>(*data);
    return decode(type_, data);
  }

  /// Gives back to the input what was not used.
  void stop() {
    input_.skip_buffered(used_);
    view_ = {};
    used_ = 0;
  }

 private:
  void refill() {
    input_.skip_buffered(used_);
    used_ = 0;
    view_ = input_.peek(type_.bytes);
    if (view_.size() < type_.bytes) throw input_.truncated("the array");
  }

  Input& input_;
  ElementType type_;
  std::string_view view_;
  std::size_t used_ = 0;
};

std::size_t feature_of(const DenseArray& array, std::size_t column) {
  if (!array.transposed_features) return column;
  return column % array.shape.height * array.shape.width + column / array.shape.height;
}

class DenseReader {
 public:
  DenseReader(const Input& input, const ReadOptions& options, const DenseArray& array, bool binary)
      : input_(input),
        options_(options),
        array_(array),
        binary_(binary),
        begin_(std::min<std::uint64_t>(options.first_row, array.n_rows)),
        end_(std::clamp<std::uint64_t>(options.end_row, begin_, array.n_rows)),
        codes_(options.missing, options.feature_names, array.n_features, input.name()),
        coder_(in_file_order(options, array)) {
    check_rows(input, options, end_ - begin_, array.n_rows);
  }

  template <class Next>
  Dataset read(Next& next) {
    BitRows rows = array_.column_major ? read_columns(next) : read_rows(next);
    Dataset data;
    if (!binary_ && coder_.has_threshold()) data.threshold = options_.threshold;
    if (!binary_ && !coder_.has_threshold()) apply_codings(rows, data);
    rows.move_into(data);
    data.shape = array_.shape;
    data.missing_codes = options_.missing;
    return data;
  }

 private:
  template <class Next>
  BitRows read_rows(Next& next) {
    BitRows rows;
    std::array<double, 64> cells;
    for (std::uint64_t row = 0; row < end_; ++row) {
      for (std::uint64_t column = 0; column < array_.n_features; column += cells.size()) {
        const std::span<double> some(cells.data(), std::min(array_.n_features - column, cells.size()));
        for (double& cell : some) cell = next();
        if (row >= begin_) push(row, column, some, rows);
      }
      if (row >= begin_) rows.end_row();
    }
    return rows;
  }

  // Cells of a row from a column on that is a multiple of 64.
  void push(std::uint64_t row, std::uint64_t column, std::span<const double> cells, BitRows& rows) {
    if (!binary_ && codes_.empty() && coder_.has_threshold()) {
      const Compared compared = compare(cells, *options_.threshold);
      if (!compared.any_infinite) return rows.push(cells.size(), compared.above, compared.missing);
    }
    for (std::size_t j = 0; j < cells.size(); ++j) rows.push(code(row, column + j, cells[j]));
  }

  // Where nothing but the threshold counts, bit j is of cells[j].
  struct Compared {
    std::uint64_t above = 0;
    std::uint64_t missing = 0;
    bool any_infinite = false;
  };
  static Compared compare(std::span<const double> cells, double threshold) {
    Compared result;
    for (std::size_t j = 0; j < cells.size(); ++j) {
      result.above |= static_cast<std::uint64_t>(cells[j] > threshold) << j;
      result.missing |= static_cast<std::uint64_t>(std::isnan(cells[j])) << j;
      result.any_infinite |= std::isinf(cells[j]);
    }
    return result;
  }

  // Each column of the array is packed as a row first: its bits arrive together.
  template <class Next>
  BitRows read_columns(Next& next) {
    BitRows columns;
    for (std::uint64_t column = 0; column < array_.n_features; ++column) {
      for (std::uint64_t row = 0; row < array_.n_rows; ++row) {
        const double value = next();
        if (row >= begin_ && row < end_) columns.push(code(row, column, value));
      }
      columns.end_row();
    }
    Dataset transposed;
    columns.move_into(transposed);
    return transpose(transposed);
  }

  BitRows transpose(const Dataset& columns) const {
    BitRows rows;
    for (std::size_t row = 0; row < end_ - begin_; ++row) {
      for (std::size_t feature = 0; feature < array_.n_features; ++feature) {
        const std::size_t column = column_of(array_, feature);
        const bool missing = columns.missing && test(*columns.missing, column, row);
        rows.push(missing ? Cell::kMissing : test(columns.ones, column, row) ? Cell::kOne : Cell::kZero);
      }
      rows.end_row();
    }
    return rows;
  }

  Cell code(std::uint64_t row, std::uint64_t column, double value) {
    if (std::isinf(value)) {
      throw input_.error(place(row, column) + ": the value is infinite",
                         "only NaN may stand for a missing value");
    }
    if (binary_) return value != 0 ? Cell::kOne : Cell::kZero;
    const bool is_code = !codes_.empty() && codes_.in(feature_of(array_, column), shortest(value));
    const Cell cell = coder_.code(column, is_code ? std::numeric_limits<double>::quiet_NaN() : value);
    if (cell == Cell::kRefused) throw coder_.refusal(column, value, input_.name(), place(row, column));
    return cell;
  }

  void apply_codings(BitRows& rows, Dataset& data) const {
    CodingPlan plan = coder_.plan();
    if (array_.transposed_features) plan = in_feature_order(plan);
    if (plan.any_flip) rows.flip(plan.flips);
    warn_about_columns(plan, {}, input_.name(), options_.warn);
    data.codings = std::move(plan.codings);
  }

  CodingPlan in_feature_order(const CodingPlan& plan) const {
    CodingPlan result;
    result.any_flip = plan.any_flip;
    result.flips.assign(plan.flips.size(), 0);
    for (std::size_t feature = 0; feature < plan.codings.size(); ++feature) {
      const std::size_t column = column_of(array_, feature);
      result.codings.push_back(plan.codings[column]);
      if (plan.any_flip && (plan.flips[column / 64] >> (column % 64) & 1) != 0) {
        result.flips[feature / 64] |= std::uint64_t{1} << (feature % 64);
      }
      if (std::ranges::binary_search(plan.constant, column)) result.constant.push_back(feature);
      if (std::ranges::binary_search(plan.all_missing, column)) result.all_missing.push_back(feature);
    }
    return result;
  }

  std::string place(std::uint64_t row, std::uint64_t column) const {
    return fmt::format("row {}, column {}", row + 1, feature_of(array_, column) + 1);
  }

  // Feature h · W + w stands in column w · H + h of a transposed array.
  static std::size_t column_of(const DenseArray& array, std::size_t feature) {
    if (!array.transposed_features) return feature;
    return feature % array.shape.width * array.shape.height + feature / array.shape.width;
  }

  static ReadOptions in_file_order(const ReadOptions& options, const DenseArray& array) {
    ReadOptions result;
    result.threshold = options.threshold;
    result.codings = options.codings;
    if (array.transposed_features && !options.codings.empty()) {
      for (std::size_t column = 0; column < options.codings.size(); ++column) {
        result.codings[column] = options.codings[feature_of(array, column)];
      }
    }
    return result;
  }

  const Input& input_;
  const ReadOptions& options_;
  const DenseArray& array_;
  bool binary_;
  std::uint64_t begin_;
  std::uint64_t end_;
  MissingCodes codes_;
  NumberCoder coder_;
};

}  // namespace

DenseArray dense_array(const Input& input, const std::vector<std::uint64_t>& sizes) {
  DenseArray array;
  array.n_rows = sizes.empty() ? 0 : sizes[0];
  array.n_features = 1;
  std::vector<std::uint64_t> inner;
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    if (sizes[i] > kMaxFeatures || array.n_features * sizes[i] > kMaxFeatures) {
      throw input.error(fmt::format("sizes {} are too large", fmt::join(sizes, " x ")),
                        fmt::format("at most {} features are possible", kMaxFeatures));
    }
    array.n_features *= sizes[i];
    if (sizes[i] != 1 || sizes.size() <= 3) inner.push_back(sizes[i]);
  }
  if (array.n_rows == 0 || array.n_features == 0 || array.n_rows > kMaxRows) {
    throw input.error(fmt::format("an array of {} cannot be used", fmt::join(sizes, " x ")),
                      "at least one row and one column are needed");
  }
  if (inner.size() == 2) array.shape = {inner[0], inner[1]};
  return array;
}

Dataset read_dense(Input& input, const ReadOptions& options, const DenseArray& array,
                   const std::function<double()>& next, bool binary) {
  if (!binary || !options.codings.empty()) check_features(input, options, array.n_features);
  return DenseReader(input, options, array, binary).read(next);
}

Dataset read_dense(Input& input, const ReadOptions& options, const DenseArray& array,
                   const ElementType& type) {
  check_features(input, options, array.n_features);
  ElementStream stream(input, type);
  const auto next = [&] { return stream.next(); };
  Dataset data = DenseReader(input, options, array, type.kind == ElementKind::kBool).read(next);
  stream.stop();
  if (options.end_row >= array.n_rows && !input.at_end()) {
    throw input.error(fmt::format("bytes follow the array, from byte {}", input.offset()),
                      "the file is damaged");
  }
  return data;
}

void visit_dense(Input& input, const DenseArray& array, const ElementType& type,
                 const std::function<void(std::uint64_t, std::uint64_t, double)>& visit) {
  ElementStream stream(input, type);
  const std::uint64_t n_outer = array.column_major ? array.n_features : array.n_rows;
  const std::uint64_t n_inner = array.column_major ? array.n_rows : array.n_features;
  for (std::uint64_t outer = 0; outer < n_outer; ++outer) {
    for (std::uint64_t inner = 0; inner < n_inner; ++inner) {
      const std::uint64_t row = array.column_major ? inner : outer;
      visit(row, feature_of(array, array.column_major ? outer : inner), stream.next());
    }
  }
  stream.stop();
}

}  // namespace mixbern::io
