// Model files: weights and probabilities as tensors, what goes with them as metadata (docs/formats.md).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "io/bounded_json.hpp"
#include "io/constraint_metadata.hpp"
#include "io/feature_metadata.hpp"
#include "io/message.hpp"
#include "io/readers.hpp"

namespace mixbern {
namespace io {
namespace {

constexpr std::string_view kFormat = "mixbern-model";
constexpr double kSumTolerance = 1e-6;

struct Parameters {
  std::vector<double> weights;
  std::vector<double> probabilities;
};

Parameters read_parameters(Input& input, const SafetensorsHeader& header, std::uint64_t n_features) {
  const TensorInfo* weights = header.find_tensor("weights");
  const TensorInfo* probabilities = header.find_tensor("probabilities");
  if (weights == nullptr || probabilities == nullptr || header.tensors.size() != 2) {
    throw input.error("it must hold the tensors 'weights' and 'probabilities' and no others",
                      "docs/formats.md has the format");
  }
  const std::uint64_t n_components = weights->shape.size() == 1 ? weights->shape[0] : 0;
  require_tensor(input, *weights, "F64", std::vector<std::uint64_t>{n_components});
  require_tensor(input, *probabilities, "F64", std::vector<std::uint64_t>{n_components, n_features});
  Parameters parameters;
  for (const TensorInfo& tensor : header.tensors) {
    auto& values = tensor.name == "weights" ? parameters.weights : parameters.probabilities;
    values = read_values<double>(input, tensor.n_bytes / sizeof(double), tensor.name);
  }
  if (!input.at_end()) throw input.error("bytes follow the last tensor", "the file is damaged");
  return parameters;
}

void check_sum(const Input& input, const std::vector<double>& weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  if (std::abs(sum - 1) > kSumTolerance) {
    throw input.error(fmt::format("the weights sum to {} and not to 1", sum), "the file is damaged");
  }
}

// What a file's constraints ask for has to hold in it.
Mixture restricted(const Mixture& mixture, const Constraints& constraints) {
  constexpr double kRounding = 1e-9;
  Mixture result =
      constrained(mixture, Ties(constraints, mixture.n_components(), mixture.n_features(), mixture.items()));
  const auto near = [](double a, double b) { return std::abs(a - b) <= kRounding; };
  if (!std::ranges::equal(mixture.probabilities(), result.probabilities(), near) ||
      !std::ranges::equal(mixture.weights(), result.weights(), near))
    throw std::invalid_argument("its parameters are not what its constraints say");
  return result;
}

Mixture make_mixture(const Input& input, Parameters parameters, Items items, const Constraints& constraints) {
  try {
    Mixture mixture(parameters.weights, std::move(parameters.probabilities), std::move(items));
    check_sum(input, parameters.weights);
    return constraints.none() ? mixture : restricted(mixture, constraints);
  } catch (const std::invalid_argument& error) {
    throw input.error(fmt::format("this is no mixture: {}", error.what()), "the file is damaged");
  }
}

Constraints read_constraints(const Input& input, const SafetensorsHeader& header) {
  const std::string* text = header.find_metadata("constraints");
  return text == nullptr ? Constraints() : parse_constraints(input, *text);
}

std::string checked_record(const Input& input, const SafetensorsHeader& header) {
  std::string record = header.metadata_or("fit_record", "");
  if (!record.empty() && (record[0] != '{' || !is_bounded_json(record))) {
    throw input.error(
        fmt::format("metadata fit_record is no JSON object of at most {} levels and {} values: {}",
                    kMaxJsonDepth, kMaxJsonEntries, in_quotes(record)),
        "the file is damaged");
  }
  return record;
}

// Reads the metadata back: what load_model would refuse is refused while the model is still in memory.
void check_metadata(const std::string& path, const Metadata& metadata) {
  std::string bytes;
  write_safetensors([&](std::string_view part) { bytes += part; }, metadata, {});
  Input input = open_memory(path, bytes);
  try {
    const SafetensorsHeader header = read_safetensors_header(input);
    from_metadata(input, header, kFormat);
    checked_record(input, header);
  } catch (const InputError& error) {
    throw std::invalid_argument("save_model: " + error.reason());
  }
}

}  // namespace

Model load_model(Input& input) {
  if (!looks_like_safetensors(input.peek(16))) {
    throw input.error("this is no model file",
                      "models are .safetensors files that 'mixbern fit --model' writes");
  }
  const SafetensorsHeader header = read_safetensors_header(input);
  FeatureMetadata features = from_metadata(input, header, kFormat);
  std::string record = checked_record(input, header);
  Mixture mixture =
      make_mixture(input, read_parameters(input, header, features.n_features),
                   Items(features.n_features, features.categorical), read_constraints(input, header));
  std::vector<std::string> names = component_names(input, header, mixture.n_components());
  return {.mixture = std::move(mixture),
          .feature_names = std::move(features.names),
          .codings = std::move(features.codings),
          .threshold = features.threshold,
          .shape = features.shape,
          .fit_record = std::move(record),
          .missing_codes = std::move(features.missing_codes),
          .component_names = std::move(names),
          .categorical = std::move(features.categorical)};
}

}  // namespace io

void save_model(const std::string& path, const Model& model) {
  const Mixture& mixture = model.mixture;
  io::Metadata metadata =
      io::to_metadata(io::kFormat, {mixture.n_features(), model.feature_names, model.codings, model.threshold,
                                    model.shape, model.missing_codes, model.categorical});
  if (mixture.items() != Items(mixture.n_features(), model.categorical))
    throw std::invalid_argument("save_model: categorical does not describe the mixture's items");
  if (!model.component_names.empty())
    metadata.emplace_back("component_names", io::to_text(model.component_names));
  if (!mixture.ties().none()) metadata.emplace_back("constraints", io::to_text(mixture.ties().constraints()));
  if (!model.fit_record.empty()) metadata.emplace_back("fit_record", model.fit_record);
  io::check_metadata(path, metadata);
  const std::vector<io::Tensor> tensors = {
      io::tensor_of("weights", "F64", {mixture.n_components()}, mixture.weights()),
      io::tensor_of("probabilities", "F64", {mixture.n_components(), mixture.n_features()},
                    mixture.probabilities())};
  write_file_atomically(path, [&](const ByteSink& sink) { io::write_safetensors(sink, metadata, tensors); });
}

Model load_model(const std::string& path) {
  io::Input input = io::open_input(path);
  return io::load_model(input);
}

}  // namespace mixbern
