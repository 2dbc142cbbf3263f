#include "model_description.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "component_view.hpp"
#include "data_input.hpp"
#include "fit_report.hpp"
#include "mixbern/io/answers.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace mixbern::app {
namespace {

Answers answers_of(const Model& model) {
  return mixbern::answers_of(model.codings, model.threshold, model.mixture.n_features());
}

Json parsed_record(const std::string& record) {
  return record.empty() ? Json(nullptr) : Json::parse(record, nullptr, false);
}

/// What the fit recorded, a member a line; long lists are only counted.
std::string record_lines(const Json& record) {
  std::string out;
  if (!record.is_object()) return out;
  for (const auto& [key, value] : record.items()) {
    const std::string text = value.is_array()    ? counted(value.size(), "value")
                             : value.is_string() ? value.get<std::string>()
                                                 : value.dump();
    out += fmt::format("  {}{}\n", fitted(one_line(key), 22), one_line(text));
  }
  return out;
}

}  // namespace

ItemLabels items_of(const Model& model) {
  return {model.feature_names, answers_of(model), model.component_names, model.mixture.items()};
}

Json shape_json(const ImageShape& shape) {
  return shape.known() ? Json{shape.height, shape.width} : Json(nullptr);
}

Json codings_json(const std::vector<Coding>& codings) {
  Json list = Json::array();
  for (const Coding& coding : codings) list.push_back({coding.zero, coding.one});
  return list;
}

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json items_json(const Model& model) {
  const Mixture& mixture = model.mixture;
  const std::vector<std::string> names = column_names(model);
  const std::vector<Items::Group> items = mixture.items().all(mixture.n_features());
  Json list = Json::array();
  std::size_t next = 0;
  for (std::size_t j = 0; j < items.size(); ++j) {
    const Items::Group& item = items[j];
    const bool binary = item.size == 1;
    const Coding coding = model.codings.empty() ? Coding{"0", "1"} : model.codings[item.first];
    Json probabilities = Json::array();
    for (std::size_t k = 0; k < mixture.n_components(); ++k) {
      const auto theta = mixture.probabilities(k).subspan(item.first, item.size);
      std::vector<double> row(theta.begin(), theta.end());
      if (binary) row.insert(row.begin(), 1 - theta[0]);
      probabilities.push_back(std::move(row));
    }
    const std::vector<std::string> answers =
        binary ? std::vector<std::string>{coding.zero, coding.one} : model.categorical[next++].categories;
    list.push_back({{"name", names.empty() ? std::string() : names[j]},
                    {"categories", answers},
                    {"probabilities", std::move(probabilities)}});
  }
  return list;
}

Json model_json(const Model& model) {
  const Mixture& mixture = model.mixture;
  Json json = {{"kind", "model"},
               {"n_components", mixture.n_components()},
               {"n_features", mixture.n_features()},
               {"n_parameters", mixture.n_parameters()},
               {"weights", std::vector<double>(mixture.weights().begin(), mixture.weights().end())},
               {"probabilities", Json::array()},
               {"feature_names", model.feature_names},
               {"codings", codings_json(model.codings)},
               {"answers", answers_of(model).of_item},
               {"threshold", number_or_null(model.threshold)},
               {"shape", shape_json(model.shape)},
               {"component_names", model.component_names},
               {"missing_codes", model.missing_codes}};
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const auto row = mixture.probabilities(k);
    json["probabilities"].push_back(std::vector<double>(row.begin(), row.end()));
  }
  if (!model.categorical.empty()) json["items"] = items_json(model);
  const Json record = parsed_record(model.fit_record);
  json["fit"] = record.is_discarded() ? Json(nullptr) : record;
  return json;
}

std::string model_text(const Model& model, const std::string& path) {
  std::string out = fmt::format("{}: a model with {} and {}\n", one_line(base_name(path)),
                                counted(model.mixture.n_components(), "component"),
                                counted(model.mixture.n_features(), "feature"));
  if (model.threshold) out += fmt::format("a cell is 1 where its value > {}\n", *model.threshold);
  if (model.shape.known())
    out += fmt::format("images of {} x {} pixels\n", model.shape.height, model.shape.width);
  const std::string record = record_lines(parsed_record(model.fit_record));
  if (!record.empty()) out += "recorded by the fit:\n" + record;
  const ViewOptions view{.width = terminal_width(STDOUT_FILENO),
                         .colours = terminal_colours(STDOUT_FILENO),
                         .most_components = SIZE_MAX};
  return out + "\n" + component_view(model.mixture, items_of(model), model.shape, view);
}

}  // namespace mixbern::app
