// A mixture for people: tables of its components, or pictures where the features are pixels.
#pragma once

#include <cstddef>
#include <string>

#include "item_labels.hpp"
#include "mixbern/dataset/dataset.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "terminal.hpp"

namespace mixbern::app {

struct ViewOptions {
  std::size_t width = 100;  ///< terminal columns
  Colours colours = Colours::kNone;
  std::size_t most_components = 30;  ///< more are only counted
};

/// Pictures if the shape is known, all probabilities if they are few, else the most telling features of each
/// component.
std::string component_view(const Mixture& mixture, const ItemLabels& items, const ImageShape& shape,
                           const ViewOptions& options);

/// All of θ, a feature a line and a component a column, under the answer that it is of.
std::string probability_table(const Mixture& mixture, const ItemLabels& items, const ViewOptions& options);
/// A component a line: its weight and the features that set it apart most.
std::string telling_features(const Mixture& mixture, const ItemLabels& items, const ViewOptions& options);
/// θ of each component as a small picture, several side by side, each as bright as it can be.
std::string component_pictures(const Mixture& mixture, const ItemLabels& items, const ImageShape& shape,
                               const ViewOptions& options);

}  // namespace mixbern::app
