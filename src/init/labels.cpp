#include <limits>
#include <stdexcept>
#include <string>

#include "init/initialise.hpp"
#include "init/shared.hpp"

namespace mixbern {

Mixture labels_start(const Dataset& data, const InitRequest& request, Reducer& reducer) {
  if (data.labels.empty()) throw std::invalid_argument("starting from labels needs data with labels");
  std::vector<std::uint32_t> assignment;
  assignment.reserve(data.n_rows());
  for (const std::int64_t label : data.labels) {
    if (label >= static_cast<std::int64_t>(request.n_components)) {
      throw std::invalid_argument("label " + std::to_string(label) + " needs more than " +
                                  std::to_string(request.n_components) + " components");
    }
    assignment.push_back(label < 0 ? std::numeric_limits<std::uint32_t>::max()
                                   : static_cast<std::uint32_t>(label));
  }
  return class_means(data, assignment, request, reducer);
}

}  // namespace mixbern
