#include "workload.hpp"

#include <random>

#include "kernels/registry.hpp"

namespace mixbern::bench {
namespace {

// A weight of one in fixed point.
constexpr double kOne = 16777216;  // 2^24
// What is 2^-25 below the maximum, in nats, has no part.
constexpr double kReach = 17.3;

double draw(std::mt19937_64& engine, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(engine);
}

template <class Vector>
void fill(Vector& vector, std::size_t n, double low, double high, std::mt19937_64& engine) {
  vector.resize(n);
  for (auto& value : vector) value = static_cast<typename Vector::value_type>(draw(engine, low, high));
}

using Decode = void (*)(const std::uint64_t*, std::size_t, std::size_t, std::uint64_t*, std::uint32_t*);

void decode(Decode how, const Workload& of, Codes& into) {
  into.offsets.resize(of.n_rows + 1);
  into.codes.resize(of.words.size() * 64 + kernel::kDecodeSlack);
  how(of.words.data(), of.n_rows, of.words_per_row, into.offsets.data(), into.codes.data());
}

}  // namespace

// Sizes of blocks as in em/e_step.cpp, the distance of rows as in score/by_codes.cpp.
Workload::Workload(const Shape& shape)
    : n_rows(shape.n_rows),
      n_components(shape.n_components),
      words_per_row((shape.n_columns + 63) / 64),
      stride(kernel::stride_for(shape.n_components)),
      slots(kernel::slots_for(shape.n_components)),
      slots_stride(slots / kernel::kSlots % 2 == 0 ? slots + kernel::kSlots : slots),
      exact_block(std::min(n_rows, std::clamp<std::size_t>(2048 / stride, 16, 256))),
      fixed_block(std::min(n_rows, std::clamp<std::size_t>(262'144 / slots, 64, 512))),
      n_kept(n_rows < kSubBlock ? n_rows
                                : std::clamp(65'536 / slots, kSubBlock, n_rows) / kSubBlock * kSubBlock),
      coded_as_groups(shape.groups),
      n_codes(shape.groups ? (shape.n_columns + 3) / 4 * 16 : shape.n_columns) {
  draw_rows(shape);
  draw_tables(shape);
  draw_parts(shape);
  draw_screen(shape);
}

// A chain of ones and zeros along each row.
void Workload::draw_rows(const Shape& shape) {
  std::mt19937_64 engine(1);
  const double ends = shape.density < 1 ? 1 / shape.run : 0;
  const double begins = shape.density < 1 ? ends * shape.density / (1 - shape.density) : 1;
  words.resize(n_rows * words_per_row);
  for (std::size_t i = 0; i < n_rows; ++i) {
    bool one = draw(engine, 0, 1) < shape.density;
    for (std::size_t d = 0; d < shape.n_columns; ++d) {
      if (one) words[i * words_per_row + d / 64] |= std::uint64_t{1} << (d % 64);
      one = draw(engine, 0, 1) < (one ? 1 - ends : begins);
    }
    components.push_back(static_cast<std::uint32_t>(engine() % shape.n_components));
  }
  decode(kernel::kScalarKernel.codes.decode_columns, *this, columns);
  decode(kernel::kScalarKernel.codes.decode_groups, *this, groups);
  decoded.offsets.resize(n_rows + 1);
  decoded.codes.resize(fixed_block * words_per_row * 64 + kernel::kDecodeSlack);
}

void Workload::draw_tables(const Shape& shape) {
  std::mt19937_64 engine(2);
  fill(table, n_codes * stride, -8, 8, engine);
  fill(tiles, n_codes * slots, -1e5, 1e5, engine);
  // Components that the last tile lacks.
  for (std::size_t e = 0; e < tiles.size(); ++e) {
    const std::size_t tile = e / (n_codes * kernel::kSlots);
    if (tile * kernel::kSlots + e % kernel::kSlots >= n_components) tiles[e] = 0;
  }
  digits = kernel::digits_for(n_components, 3);
  n_digit_columns = kernel::n_columns(digits);
  fill(digit_values, digits.n_digits * n_digit_columns * words_per_row * 64, -128, 127, engine);
  digits.values = digit_values.data();
  columns_of_block.resize(kernel::columns_size(fixed_block, n_digit_columns));
  fill(base, stride, -30, 0, engine);
  fill(base_in_units, slots, -1e6, 0, engine);
  joint.resize(exact_block * stride);
  joint_in_units.resize(fixed_block * slots_stride);
  fill(probabilities, shape.n_components * shape.n_columns, 1e-6, 1, engine);
  logarithms.resize(probabilities.size());
  ones.resize(n_codes * stride);
  counts.resize(stride);
  planes.resize(shape.n_components * words_per_row * 8);
}

void Workload::draw_parts(const Shape& shape) {
  std::mt19937_64 engine(3);
  const auto rest = static_cast<double>(n_components - 1);
  // Uniform from 0 down to here, `others` of the rest are within reach of the maximum at 0.
  const double lowest = shape.others > 0 ? -rest * kReach / shape.others : -1000;
  fill(posteriors, exact_block * stride, 0, 1, engine);
  values.assign(n_kept * slots_stride, INT32_MIN);
  parts.assign(n_kept * stride, 0);
  AlignedVector<std::size_t> n_parts(n_kept, 0);
  for (std::size_t i = 0; i < n_kept; ++i) {
    const std::size_t nearest = components[i];
    for (std::size_t k = 0; k < n_components; ++k) {
      const double value = k == nearest ? 0 : shape.others > 0 ? draw(engine, lowest, 0) : lowest;
      values[i * slots_stride + k] = static_cast<std::int32_t>(value / kUnit);
      // A row of one component is not added this way, so that the next component has a part too.
      const bool has_part = value > -kReach || k == (nearest + 1) % n_components;
      if (!has_part) continue;
      parts[i * stride + k] = static_cast<std::int64_t>(draw(engine, 1, kOne));
      ++n_parts[i];
    }
  }
  columns_of_values.resize(kernel::columns_size(n_kept, n_digit_columns));
  for (std::size_t i = 0; i < n_kept; ++i) {
    for (std::size_t k = 0; k < n_components; ++k)
      columns_of_values[kernel::place_in_columns(i, k, n_digit_columns)] = values[i * slots_stride + k];
  }
  n_added = 0;
  const auto& offsets = codes().offsets;
  for (std::size_t i = 0; i < n_rows; ++i) n_added += n_parts[i % n_kept] * (offsets[i + 1] - offsets[i]);
  factors.assign(n_kept, kOne);
  maxima_in_units.resize(n_kept);
  maxima.resize(std::max(n_kept, exact_block));
  sums.resize(maxima.size());
  factors.resize(maxima.size(), kOne);
  sole.resize(n_kept);
  shared.resize(kSubBlock);
  share_begins.resize(kSubBlock + 1);
  share_components.resize(kSubBlock * slots + kernel::kShareSlack);
  share_amounts.resize(share_components.size());
  fixed.resize(exact_block * stride);
}

void Workload::draw_screen(const Shape& shape) {
  std::mt19937_64 engine(4);
  n_lines = (slots + kernel::kByteSlots - 1) / kernel::kByteSlots;
  words_stride = n_lines * kernel::kByteSlots + kernel::kByteSlots / 2;
  fill(lifts, n_codes, 1e5, 1e5 + 1, engine);
  fill(lines, n_lines * kernel::kByteSlots * n_codes, 0, 255, engine);
  // Sums between 0 and 60,000, of which `others` besides the largest are candidates.
  fill(coarse, fixed_block * words_stride, 0, 60'000, engine);
  const double share = std::min((shape.others + 1) / static_cast<double>(shape.n_components), 1.0);
  reaches.assign(fixed_block, static_cast<std::uint16_t>(60'000 * share));
  candidate_sole.resize(fixed_block);
  candidate_rows.resize(fixed_block);
  candidate_begins.resize(fixed_block + 1);
  candidate_components.resize(fixed_block * slots + kernel::kCandidateSlack);
  for (std::size_t i = 0; i < n_rows; ++i) {
    weighted.push_back({words.data() + i * words_per_row, components[i], 1U << 24});
    row_numbers.push_back(static_cast<std::uint32_t>(i));
  }
  fill(weights, words_per_row * 64, -1e5, 1e5, engine);
  dots.resize(n_rows);
  feature_sums.resize(words_per_row * 64);
}

}  // namespace mixbern::bench
