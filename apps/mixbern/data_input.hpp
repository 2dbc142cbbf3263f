// Data files with everything that the options say belongs to them.
#pragma once

#include <string>
#include <vector>

#include "common_options.hpp"
#include "mixbern/dataset/dataset.hpp"
#include "mixbern/io/io.hpp"
#include "output.hpp"

namespace mixbern::app {

/// How DATA is read: its own options, columns of weights and labels, and names from a file.
ReadOptions read_options(const DataOptions& options);

/// Reads DATA with weights, labels and shape. Throws InputError, also where it holds no row or no feature.
Dataset load_data(const DataOptions& options, Messages& messages);

/// Reads DATA for `model`: with its coding and threshold, and by column name where both have names. Throws
/// InputError, also where the features do not fit.
Dataset load_data_for(const Model& model, const DataOptions& options, Messages& messages);

/// The model of a command that takes MODEL and DATA; says so where they are the wrong way round.
Model load_model_before(const std::string& model, const DataOptions& options);

/// All files that are read for these options, and `model` unless it is empty: no output may replace them.
std::vector<std::string> input_files(const DataOptions& options, const std::string& model = {});

/// Throws InputError if all row weights are 0: there is nothing to fit.
void refuse_weightless(const Dataset& data, const DataOptions& options);

/// Last part of a path: what a record may say about where data came from.
std::string base_name(const std::string& path);

}  // namespace mixbern::app
