#include "steps.hpp"

namespace mixbern::bench {
namespace {

using kernel::CodeKernels;
using kernel::KernelTable;
using kernel::kSlots;

template <class T>
Work read(std::size_t n) {
  return {static_cast<double>(n), sizeof(T), static_cast<double>(n * sizeof(T))};
}

double read_codes(const Codes& codes) {
  return static_cast<double>(codes.size() * sizeof(std::uint32_t) +
                             codes.offsets.size() * sizeof(std::uint64_t));
}

// Items are codes that are written.
template <auto kDecode>
Work decode(const KernelTable& kernel, Workload& data) {
  std::size_t n = 0;
  in_blocks(data.n_rows, data.fixed_block, [&](std::size_t begin, std::size_t size) {
    (kernel.codes.*kDecode)(data.words.data() + begin * data.words_per_row, size, data.words_per_row,
                            data.decoded.offsets.data(), data.decoded.codes.data());
    n += data.decoded.offsets[size];
  });
  return {static_cast<double>(n), sizeof(std::uint32_t), static_cast<double>(data.words.size() * 8)};
}

// Items of the sums are additions: of padded components in the first two.
Work add_rows(const KernelTable& kernel, Workload& data) {
  const Codes& codes = data.codes();
  in_blocks(data.n_rows, data.exact_block, [&](std::size_t begin, std::size_t size) {
    kernel.tables.add_rows(codes.offsets.data() + begin, codes.codes.data(), size, data.table.data(),
                           data.stride, data.joint.data());
  });
  Work work = read<double>(codes.size() * data.stride);
  work.bytes += read_codes(codes);
  return work;
}

Work add_tile(const KernelTable& kernel, Workload& data) {
  const Codes& codes = data.codes();
  in_blocks(data.n_rows, data.fixed_block, [&](std::size_t begin, std::size_t size) {
    for (std::size_t slot = 0; slot < data.slots; slot += kSlots) {
      kernel.tables.add_tile(codes.offsets.data() + begin, codes.codes.data(), size,
                             data.tiles.data() + slot * data.n_codes,
                             std::min(kSlots, data.n_components - slot), data.base_in_units.data() + slot, 0,
                             data.joint_in_units.data() + slot, data.slots_stride);
    }
  });
  Work work = read<std::int32_t>(codes.size() * data.slots);
  work.bytes += read_codes(codes) * static_cast<double>(data.slots / kSlots);
  return work;
}

// Items are bits times components, as tiles hold them.
Work add_dense(const KernelTable& kernel, Workload& data) {
  if (kernel.tables.add_dense == nullptr) return {};
  constexpr std::size_t kRowsOfTiles = 32;
  in_blocks(data.n_rows, data.fixed_block, [&](std::size_t begin, std::size_t size) {
    kernel.tables.add_dense(data.words.data() + begin * data.words_per_row, data.words_per_row, size,
                            data.digits, data.base_in_units.data(), data.columns_of_block.data());
  });
  Work work = read<std::int32_t>(data.words.size() * 64 * data.n_digit_columns);
  const std::size_t n_reads = (data.n_rows + kRowsOfTiles - 1) / kRowsOfTiles;
  work.bytes =
      static_cast<double>(data.words.size() * sizeof(std::uint64_t) + n_reads * data.digit_values.size());
  return work;
}

Work add_outer(const KernelTable& kernel, Workload& data) {
  const Codes& codes = data.codes();
  in_blocks(data.n_rows, kSubBlock, [&](std::size_t begin, std::size_t size) {
    kernel.sums.add_outer(codes.offsets.data() + begin, codes.codes.data(), nullptr, size,
                          data.parts.data() + begin % data.n_kept * data.stride, data.stride,
                          data.ones.data());
  });
  Work work = read<std::int64_t>(data.n_added);
  work.bytes += read_codes(codes) + static_cast<double>(data.n_rows * data.stride * sizeof(std::int64_t));
  return work;
}

// The values become posteriors, and the next time log joints again by what the base adds.
Work softmax(const KernelTable& kernel, Workload& data) {
  in_blocks(data.n_rows, data.exact_block, [&](std::size_t, std::size_t size) {
    kernel.responsibilities.softmax(data.posteriors.data(), size, data.stride, data.base.data(),
                                    data.maxima.data(), data.sums.data());
  });
  return read<double>(data.n_rows * data.stride);
}

Work softmax_fixed(const KernelTable& kernel, Workload& data) {
  kernel::Shares shares{0, data.shared.data(), data.share_begins.data(), data.share_components.data(),
                        data.share_amounts.data()};
  in_blocks(data.n_rows, kSubBlock, [&](std::size_t begin, std::size_t size) {
    const std::size_t i = begin % data.n_kept;
    kernel.responsibilities.softmax_fixed(
        {data.values.data() + i * data.slots_stride, data.slots, data.slots_stride, nullptr, nullptr}, size,
        kUnit, data.factors.data() + i, data.maxima_in_units.data() + i, data.sums.data() + i,
        data.sole.data() + i, &shares);
  });
  return read<std::int32_t>(data.n_rows * data.slots);
}

Work softmax_columns(const KernelTable& kernel, Workload& data) {
  if (kernel.responsibilities.softmax_columns == nullptr) return {};
  kernel::Shares shares{0, data.shared.data(), data.share_begins.data(), data.share_components.data(),
                        data.share_amounts.data()};
  in_blocks(data.n_rows, kSubBlock, [&](std::size_t begin, std::size_t size) {
    const std::size_t i = begin % data.n_kept;
    const std::size_t n_columns = data.n_digit_columns;
    kernel.responsibilities.softmax_columns(data.columns_of_values.data() + i * n_columns, n_columns,
                                            data.n_components, size, kUnit, data.factors.data() + i,
                                            data.maxima_in_units.data() + i, data.sums.data() + i,
                                            data.sole.data() + i, &shares);
  });
  return read<std::int32_t>(data.n_rows * data.n_digit_columns);
}

// Of few components.
Work likelihoods(const KernelTable& kernel, Workload& data) {
  if (data.slots > kSlots) return {};
  in_blocks(data.n_rows, kSubBlock, [&](std::size_t begin, std::size_t size) {
    const std::size_t i = begin % data.n_kept;
    kernel.responsibilities.likelihoods(data.values.data() + i * data.slots_stride, size, kUnit,
                                        data.joint.data(), data.stride, data.maxima_in_units.data() + i,
                                        data.sums.data() + i);
  });
  return read<std::int32_t>(data.n_rows * data.slots);
}

Work coarsen(const KernelTable& kernel, Workload& data) {
  if (kernel.tables.coarsen == nullptr) return {};
  const std::size_t n_tiles = data.slots / kSlots;
  for (std::size_t line = 0; line < data.n_lines; ++line) {
    const std::size_t begin = line * data.n_codes * kernel::kByteSlots;
    kernel.tables.coarsen(data.tiles.data() + begin, std::min<std::size_t>(4, n_tiles - 4 * line),
                          data.n_codes, data.lifts.data(), 255 / 2e5F, data.lines.data() + begin);
  }
  return read<std::int32_t>(data.n_codes * data.slots);
}

Work add_bytes(const KernelTable& kernel, Workload& data) {
  if (kernel.tables.add_bytes == nullptr) return {};
  const Codes& codes = data.codes();
  in_blocks(data.n_rows, data.fixed_block, [&](std::size_t begin, std::size_t size) {
    for (std::size_t line = 0; line < data.n_lines; ++line) {
      std::uint16_t* sums = data.coarse.data() + line * kernel::kByteSlots;
      kernel.tables.add_bytes(codes.offsets.data() + begin, codes.codes.data(), size,
                              data.lines.data() + line * data.n_codes * kernel::kByteSlots, sums,
                              data.words_stride, sums, data.words_stride);
    }
  });
  Work work = read<std::uint8_t>(codes.size() * data.n_lines * kernel::kByteSlots);
  work.bytes += read_codes(codes) * static_cast<double>(data.n_lines);
  return work;
}

Work find_candidates(const KernelTable& kernel, Workload& data) {
  if (kernel.tables.find_candidates == nullptr) return {};
  in_blocks(data.n_rows, data.fixed_block, [&](std::size_t, std::size_t size) {
    kernel.tables.find_candidates(data.coarse.data(), data.words_stride, size, data.n_components,
                                  data.reaches.data(), data.candidate_sole.data(), data.candidate_rows.data(),
                                  data.candidate_begins.data(), data.candidate_components.data());
  });
  return read<std::uint16_t>(data.n_rows * data.slots);
}

// Items are bits, each with an entry of its own.
Work dot_bits(const KernelTable& kernel, Workload& data) {
  if (kernel.tables.dot_bits == nullptr) return {};
  kernel.tables.dot_bits(data.words.data(), data.words_per_row, data.row_numbers.data(), data.n_rows,
                         data.weights.data(), data.dots.data());
  return read<std::int32_t>(data.words.size() * 64);
}

// Items are bits, of rows as they are gathered for one component.
Work add_weighted(const KernelTable& kernel, Workload& data) {
  constexpr std::size_t kTogether = 64;
  in_blocks(data.n_rows, kTogether, [&](std::size_t begin, std::size_t size) {
    kernel.sums.add_weighted(data.weighted.data() + begin, size, data.words_per_row,
                             data.feature_sums.data());
  });
  return read<std::int32_t>(data.words.size() * 64);
}

Work quantise(const KernelTable& kernel, Workload& data) {
  in_blocks(data.n_rows, data.exact_block, [&](std::size_t, std::size_t size) {
    kernel.responsibilities.quantise(data.posteriors.data(), size, data.stride, data.factors.data(),
                                     data.fixed.data(), data.counts.data());
  });
  return read<double>(data.n_rows * data.stride);
}

// Items are bits, of rows as a block gives them to one component.
Work count_bits(const KernelTable& kernel, Workload& data) {
  const std::size_t n = data.words_per_row;
  const std::size_t together = std::max<std::size_t>(data.fixed_block / data.n_components, 1);
  in_blocks(data.n_rows, together, [&](std::size_t begin, std::size_t size) {
    kernel.sums.count_bits(data.words.data(), n, data.row_numbers.data() + begin, size,
                           data.planes.data() + data.components[begin] * n * 8);
  });
  const auto n_bits = static_cast<double>(data.words.size() * 64);
  return {n_bits, 1, n_bits / 8};
}

Work logarithms(const KernelTable& kernel, Workload& data) {
  kernel.series.logarithms(data.probabilities.data(), data.probabilities.size(), data.logarithms.data());
  return read<double>(data.probabilities.size());
}

// Shapes of at most 32 KB with their tables: dense rows, also as tiles of bytes take them, and components of
// which one has a row for itself.
constexpr Shape kCachedShapes[] = {
    {"sums", 16, 128, 1, 1, false, 16, 0},     {"bits", 4, 1024, 1, 1, false, 1, 0},
    {"short rows", 64, 12, 1, 1, false, 4, 0}, {"components", 8, 1, 1, 1, false, 120, 0},
    {"tiles", 32, 512, 1, 1, false, 10, 0},
};

constexpr Step kSteps[] = {
    {"decode_columns", decode<&CodeKernels::decode_columns>, decode<&CodeKernels::decode_columns>, false},
    {"decode_groups", decode<&CodeKernels::decode_groups>, decode<&CodeKernels::decode_groups>, false},
    {"add_rows", add_rows, add_tile},
    {"add_tile", add_tile, add_tile},
    {"add_dense", add_dense, add_dense},
    {"coarsen", coarsen, coarsen},
    {"add_bytes", add_bytes, add_tile},
    {"find_candidates", find_candidates, find_candidates},
    {"dot_bits", dot_bits, dot_bits, false},
    {"softmax", softmax, softmax},
    {"softmax_fixed", softmax_fixed, softmax_fixed},
    {"softmax_columns", softmax_columns, softmax_columns},
    {"likelihoods", likelihoods, likelihoods},
    {"quantise", quantise, quantise},
    {"add_outer", add_outer, add_tile},
    {"add_weighted", add_weighted, add_weighted, false},
    {"count_bits", count_bits, count_bits},
    {"logarithms", logarithms, logarithms},
};

}  // namespace

std::span<const Step> steps() {
  return kSteps;
}

std::span<const Shape> cached_shapes() {
  return kCachedShapes;
}

}  // namespace mixbern::bench
