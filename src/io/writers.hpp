// One function a format: from a data set to bytes.
#pragma once

#include "mixbern/io/io.hpp"

namespace mixbern::io {

void write_packed(const ByteSink& sink, const Dataset& data);
void write_delimited(const ByteSink& sink, const Dataset& data, char delimiter);
void write_npy(const ByteSink& sink, const Dataset& data);
void write_matrix_market(const ByteSink& sink, const Dataset& data);
void write_libsvm(const ByteSink& sink, const Dataset& data);
void write_fps(const ByteSink& sink, const Dataset& data);

}  // namespace mixbern::io
