// What data and model files both say about their features, as safetensors metadata.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/safetensors.hpp"
#include "mixbern/dataset/dataset.hpp"

namespace mixbern::io {

struct FeatureMetadata {
  std::uint64_t n_features = 0;
  std::vector<std::string> names;
  std::vector<Coding> codings;
  std::optional<double> threshold;
  ImageShape shape;
  std::vector<std::string> missing_codes;
  std::vector<CategoricalItem> categorical;
};

/// Starts with "format", "format_version" and "n_features"; what is absent is left out.
Metadata to_metadata(std::string_view format, const FeatureMetadata& features);

/// Checks that the file is of this `format` and a version that is known, and that all parts fit n_features.
FeatureMetadata from_metadata(const Input& input, const SafetensorsHeader& header, std::string_view format);

/// Names of labels, as the entry "label_names" of a data file's metadata has them.
std::string to_text(const std::vector<std::string>& names);
/// The other way; all `labels` must have a name.
std::vector<std::string> label_names(const Input& input, const std::string& text,
                                     const std::vector<std::int64_t>& labels);

/// The entry "component_names" of a model's metadata: one a component, or none.
std::vector<std::string> component_names(const Input& input, const SafetensorsHeader& header,
                                         std::size_t n_components);

}  // namespace mixbern::io
