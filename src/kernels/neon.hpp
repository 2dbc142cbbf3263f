// Functions of the kernel for 64-bit Arm.
#pragma once

#include "kernels/kernel_table.hpp"

namespace mixbern::kernel::neon {

DecodeRows decode_groups;
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

}  // namespace mixbern::kernel::neon
