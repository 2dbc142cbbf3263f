// What a model file holds, for people and as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "item_labels.hpp"
#include "mixbern/io/io.hpp"
#include "output.hpp"

namespace mixbern::app {

ItemLabels items_of(const Model& model);
/// All of it; `fit` is null where the file tells nothing of its fit.
Json model_json(const Model& model);
/// All items of a model with categorical ones: the name, answers and probabilities [K][answers] of each.
Json items_json(const Model& model);
/// All of it, as wide as the terminal.
std::string model_text(const Model& model, const std::string& path);

// How files are described in JSON.
Json shape_json(const ImageShape& shape);
Json codings_json(const std::vector<Coding>& codings);
Json number_or_null(const std::optional<double>& value);

}  // namespace mixbern::app
