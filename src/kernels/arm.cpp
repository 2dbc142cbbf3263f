#include "kernels/neon.hpp"
#include "kernels/scalar.hpp"

namespace mixbern::kernel {
namespace {

// Every 64-bit Arm processor has them.
bool always_supported() {
  return true;
}

}  // namespace

const KernelTable kNeonKernel = {
    .name = "neon",
    .description = "128-bit Advanced SIMD",
    .is_supported = always_supported,
    .codes = {.decode_columns = scalar::decode_columns, .decode_groups = neon::decode_groups},
    .tables = {.add_rows = neon::add_rows,
               .add_tile = neon::add_tile,
               .add_dense = nullptr,
               .coarsen = neon::coarsen,
               .add_bytes = neon::add_bytes,
               .find_candidates = neon::find_candidates,
               .dot_bits = neon::dot_bits},
    .responsibilities = {.softmax = neon::softmax,
                         .softmax_fixed = neon::softmax_fixed,
                         .softmax_columns = nullptr,
                         .likelihoods = neon::likelihoods,
                         .quantise = neon::quantise},
    .sums = {.add_outer = neon::add_outer,
             .add_weighted = neon::add_weighted,
             .count_bits = neon::count_bits},
    .series = {.logarithms = neon::logarithms},
};

}  // namespace mixbern::kernel
