// Functions of the kernels for x86-64.
#pragma once

#include "kernels/kernel_table.hpp"

namespace mixbern::kernel {

namespace avx2 {
DecodeRows decode_columns, decode_groups;
AddRows add_rows;
AddTile add_tile;
Coarsen coarsen;
AddBytes add_bytes;
FindCandidates find_candidates;
DotBits dot_bits;
Softmax softmax;
SoftmaxFixed softmax_fixed;
Likelihoods likelihoods;
Quantise quantise;
AddOuter add_outer;
AddWeighted add_weighted;
CountBits count_bits;
Logarithms logarithms;
}  // namespace avx2

namespace avx512 {
DecodeRows decode_columns, decode_groups;
AddTile add_tile;
Coarsen coarsen;
AddBytes add_bytes;
FindCandidates find_candidates;
DotBits dot_bits;
Softmax softmax;
SoftmaxFixed softmax_fixed;
SoftmaxColumns softmax_columns;
Likelihoods likelihoods;
AddWeighted add_weighted;
CountBits count_bits;
Logarithms logarithms;
}  // namespace avx512

namespace amx {
AddDense add_dense;
}  // namespace amx

}  // namespace mixbern::kernel
