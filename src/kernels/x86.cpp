#include "kernels/x86.hpp"

namespace mixbern::kernel {
namespace {

bool has_avx2() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0;
}

bool has_avx512() {
  return has_avx2() && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
         __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
}

}  // namespace

const KernelTable kAvx2Kernel = {
    .name = "avx2",
    .description = "256-bit AVX2 and BMI",
    .is_supported = has_avx2,
    .decode_columns = avx2::decode_columns,
    .decode_groups = avx2::decode_groups,
    .add_rows = avx2::add_rows,
    .add_lanes = avx2::add_lanes,
    .coarsen = avx2::coarsen,
    .add_bytes = avx2::add_bytes,
    .find_near = avx2::find_near,
    .dot_bits = avx2::dot_bits,
    .softmax = avx2::softmax,
    .softmax_fixed = avx2::softmax_fixed,
    .quantise = avx2::quantise,
    .add_outer = avx2::add_outer,
    .add_weighted = avx2::add_weighted,
    .count_bits = avx2::count_bits,
    .logarithms = avx2::logarithms,
};

// Sums of doubles are those of the 256-bit kernel.
const KernelTable kAvx512Kernel = {
    .name = "avx512",
    .description = "512-bit AVX-512 (F, BW, DQ, VL)",
    .is_supported = has_avx512,
    .decode_columns = avx512::decode_columns,
    .decode_groups = avx512::decode_groups,
    .add_rows = avx2::add_rows,
    .add_lanes = avx512::add_lanes,
    .coarsen = avx512::coarsen,
    .add_bytes = avx512::add_bytes,
    .find_near = avx512::find_near,
    .dot_bits = avx512::dot_bits,
    .softmax = avx512::softmax,
    .softmax_fixed = avx512::softmax_fixed,
    .quantise = avx2::quantise,
    .add_outer = avx2::add_outer,
    .add_weighted = avx512::add_weighted,
    .count_bits = avx512::count_bits,
    .logarithms = avx512::logarithms,
};

}  // namespace mixbern::kernel
