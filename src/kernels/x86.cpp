#include "kernels/x86.hpp"

#include <cpuid.h>

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace mixbern::kernel {
namespace {

bool has_avx2() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0;
}

bool has_avx512() {
  return has_avx2() && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
         __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
}

// The processor has tiles of bytes, and the system lets this process use them.
bool has_amx() {
#if defined(__linux__)
  constexpr unsigned kTiles = 1U << 24, kBytes = 1U << 25;  // of leaf 7, register d
  constexpr long kRequestPermission = 0x1023;               // ARCH_REQ_XCOMP_PERM
  constexpr unsigned long kTileData = 18;
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!has_avx512() || __get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  return (d & kTiles) != 0 && (d & kBytes) != 0 &&
         syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
  return false;
#endif
}

}  // namespace

const KernelTable kAvx2Kernel = {
    .name = "avx2",
    .description = "256-bit AVX2 and BMI",
    .is_supported = has_avx2,
    .codes = {.decode_columns = avx2::decode_columns, .decode_groups = avx2::decode_groups},
    .tables = {.add_rows = avx2::add_rows,
               .add_tile = avx2::add_tile,
               .add_dense = nullptr,
               .coarsen = avx2::coarsen,
               .add_bytes = avx2::add_bytes,
               .find_candidates = avx2::find_candidates,
               .dot_bits = avx2::dot_bits},
    .responsibilities = {.softmax = avx2::softmax,
                         .softmax_fixed = avx2::softmax_fixed,
                         .softmax_columns = nullptr,
                         .likelihoods = avx2::likelihoods,
                         .quantise = avx2::quantise},
    .sums = {.add_outer = avx2::add_outer,
             .add_weighted = avx2::add_weighted,
             .count_bits = avx2::count_bits},
    .series = {.logarithms = avx2::logarithms},
};

// Sums of doubles are those of the 256-bit kernel.
constexpr KernelTable kAvx512 = {
    .name = "avx512",
    .description = "512-bit AVX-512 (F, BW, DQ, VL)",
    .is_supported = has_avx512,
    .codes = {.decode_columns = avx512::decode_columns, .decode_groups = avx512::decode_groups},
    .tables = {.add_rows = avx2::add_rows,
               .add_tile = avx512::add_tile,
               .add_dense = nullptr,
               .coarsen = avx512::coarsen,
               .add_bytes = avx512::add_bytes,
               .find_candidates = avx512::find_candidates,
               .dot_bits = avx512::dot_bits},
    .responsibilities = {.softmax = avx512::softmax,
                         .softmax_fixed = avx512::softmax_fixed,
                         .softmax_columns = nullptr,
                         .likelihoods = avx512::likelihoods,
                         .quantise = avx2::quantise},
    .sums = {.add_outer = avx2::add_outer,
             .add_weighted = avx512::add_weighted,
             .count_bits = avx512::count_bits},
    .series = {.logarithms = avx512::logarithms},
};

constexpr KernelTable with_tiles(KernelTable table) {
  table.name = "amx";
  table.description = "8-bit tiles (AMX) for packed rows, AVX-512 for the rest";
  table.is_supported = has_amx;
  table.tables.add_dense = amx::add_dense;
  table.responsibilities.softmax_columns = avx512::softmax_columns;
  return table;
}

const KernelTable kAvx512Kernel = kAvx512;
const KernelTable kAmxKernel = with_tiles(kAvx512);

}  // namespace mixbern::kernel
