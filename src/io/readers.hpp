// One function a format: from a stream of bytes to a data set. All throw InputError.
#pragma once

#include <string>
#include <vector>

#include "io/input.hpp"
#include "mixbern/io/io.hpp"

namespace mixbern::io {

Dataset read_idx(Input& input, const ReadOptions& options);
Dataset read_npy(Input& input, const ReadOptions& options);
/// The same where columns are items of any number of answers: its numbers are read as text is.
Dataset read_npy_items(Input& input, const ReadOptions& options);
Dataset read_delimited(Input& input, const ReadOptions& options);
Dataset read_matrix_market(Input& input, const ReadOptions& options);
Dataset read_libsvm(Input& input, const ReadOptions& options);
Dataset read_fps(Input& input, const ReadOptions& options);
Dataset read_packed(Input& input, const ReadOptions& options);

/// By `options.format`, or what the first bytes and the name of `input` say.
Dataset read_dataset(Input& input, const ReadOptions& options);
DataFormat detect_format(Input& input);

Model load_model(Input& input);
std::vector<double> read_weights(Input& input);
Labels read_labels(Input& input);
std::vector<std::string> read_feature_names(Input& input);

/// The features that this machine has memory for, in a model of one component.
std::uint64_t most_features();

/// Throws InputError unless some row is left, unless there is memory for so many features, and unless stored
/// codings have one entry a feature.
void check_rows(const Input& input, const ReadOptions& options, std::size_t n_kept, std::size_t n_in_file);
void check_features(const Input& input, const ReadOptions& options, std::size_t n_features);
/// … where n_expected are wanted, or any number: 0.
void check_features(const Input& input, std::size_t n_features, std::size_t n_expected);

}  // namespace mixbern::io
