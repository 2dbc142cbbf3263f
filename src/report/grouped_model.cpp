// A model in groups in the file of a plain one, and back.
#include <algorithm>
#include <functional>
#include <span>
#include <stdexcept>
#include <utility>

#include "mixbern/report/groups.hpp"
#include "report/json_parts.hpp"
#include "report/source.hpp"
#include "select/group_columns.hpp"
#include "select/joint_mixture.hpp"

namespace mixbern {
namespace {

using report::Json;

[[noreturn]] void refuse(const std::string& why) {
  throw std::invalid_argument("the model's record of groups does not go with its items: " + why);
}

std::vector<double> copied(std::span<const double> values) {
  return {values.begin(), values.end()};
}

Json group_json(const GroupedModel& model, std::size_t g) {
  const Mixture& mixture = model.mixtures[g];
  Json rows = Json::array();
  for (std::size_t k = 0; k < mixture.n_components(); ++k) rows.push_back(copied(mixture.probabilities(k)));
  return {{"name", model.group_names[g]},
          {"n", model.group_sizes[g]},
          {"weights", copied(mixture.weights())},
          {"probabilities", std::move(rows)}};
}

void add_free_items(Json& json, const FreeItems& items, const std::vector<std::string>& names) {
  json["free"] = json["free_items"] = Json::array();
  for (const std::size_t j : items) {
    const bool named = !names.empty() && !names[j].empty();
    json["free"].push_back(named ? names[j] : "#" + std::to_string(j + 1));
    json["free_items"].push_back(j + 1);
  }
}

Json record_of(const GroupedModel& model, const std::string& column, const std::vector<std::string>& items) {
  Json json = {{"n_components", model.joint.n_components()},
               {"log_likelihood", model.log_likelihood},
               {"n_parameters", model.n_parameters},
               {"aic", model.aic()},
               {"bic", model.bic()},
               {"converged", model.converged},
               {"n_init", model.n_init},
               {"n_init_at_best", model.n_init_at_best},
               {"group_column", column}};
  add_free_items(json, model.free_items, items);
  json["weights"] = copied(model.joint.weights());
  json["groups"] = Json::array();
  for (std::size_t g = 0; g < model.mixtures.size(); ++g) json["groups"].push_back(group_json(model, g));
  return json;
}

// What the joint data is called; it has no rows.
Dataset joint_names(const NamedGroups& groups) {
  Dataset like{.ones = BitMatrix(0, groups.items.mixture.n_features())};
  like.label_names = groups.model.group_names;
  like.feature_names = groups.items.feature_names;
  like.codings = groups.items.codings;
  like.categorical = groups.items.categorical;
  return joint_data(like, GroupColumns(like, groups.model.free_items), groups.column);
}

FreeItems free_items_of(const Json& record) {
  FreeItems free;
  for (const double number : report::recorded_numbers(record, "free_items")) {
    if (!(number >= 1 && number < 1e9)) refuse("a free item has no number");
    free.push_back(static_cast<std::size_t>(number) - 1);
  }
  if (std::ranges::adjacent_find(free, std::greater_equal<>()) != free.end())
    refuse("free items are out of order");
  return free;
}

// Takes the items of the joint model apart: those of one group, called what they are without it.
class OneGroup {
 public:
  OneGroup(const Model& joint, const FreeItems& free, const std::vector<std::string>& groups)
      : joint_(joint), at_first_(" @ " + groups.front()) {
    std::vector<Items::Group> items = joint.mixture.items().all(joint.mixture.n_features());
    items.pop_back();  // the group
    std::size_t at = 0, j = 0;
    for (; at < items.size(); ++j) {
      const bool is_free = std::ranges::binary_search(free, j);
      take(items[at], is_free);
      at += is_free ? groups.size() : 1;
    }
    if (at != items.size() || (!free.empty() && free.back() >= j)) refuse("there are too few of them");
    if (std::ranges::all_of(names_, &std::string::empty)) names_.clear();
  }

  Dataset names() && {
    Dataset like{.ones = BitMatrix(0, codings_.size())};
    like.feature_names = std::move(names_);
    like.codings = std::move(codings_);
    like.categorical = std::move(categorical_);
    return like;
  }

 private:
  void take(const Items::Group& item, bool is_free) {
    const auto known = std::ranges::find(joint_.categorical, item.first, &CategoricalItem::first);
    if (known != joint_.categorical.end())
      categorical_.push_back({plain(known->name, is_free), codings_.size(), known->categories});
    for (std::size_t d = item.first; d < item.end(); ++d) {
      codings_.push_back(joint_.codings.empty() ? Coding{"0", "1"} : joint_.codings[d]);
      names_.push_back(joint_.feature_names.empty() ? "" : plain(joint_.feature_names[d], is_free));
    }
  }
  std::string plain(const std::string& name, bool is_free) const {
    return is_free && name.ends_with(at_first_) ? name.substr(0, name.size() - at_first_.size()) : name;
  }

  const Model& joint_;
  std::string at_first_;
  std::vector<std::string> names_ = {};
  std::vector<Coding> codings_ = {};
  std::vector<CategoricalItem> categorical_ = {};
};

std::vector<double> recorded_sizes(const Json& record, std::size_t n_groups) {
  std::vector<double> sizes;
  if (const auto groups = record.find("groups"); groups != record.end() && groups->is_array()) {
    for (const Json& group : *groups) {
      const Json n = report::recorded_number(group, "n");
      sizes.push_back(n.is_null() ? 0 : n.get<double>());
    }
  }
  if (sizes.size() != n_groups) refuse("it tells of another number of groups");
  return sizes;
}

void take_record(const Json& record, GroupedModel& model) {
  const auto number = [&](const char* name) {
    const Json value = report::recorded_number(record, name);
    return value.is_null() ? 0.0 : value.get<double>();
  };
  const auto count = [&](const char* name) {
    return static_cast<std::size_t>(std::clamp(number(name), 0.0, 1e15));
  };
  model.log_likelihood = number("log_likelihood");
  model.n_init = count("n_init");
  model.n_init_at_best = count("n_init_at_best");
  model.converged = report::recorded_flag(record, "converged") == Json(true);
}

}  // namespace

std::string group_record(const GroupedModel& model, const std::string& column,
                         const std::vector<std::string>& items) {
  return report::printed(record_of(model, column, items));
}

Model joint_model(const NamedGroups& groups) {
  Dataset names = joint_names(groups);
  Json record = record_of(groups.model, groups.column, column_names(groups.items));
  // Of the items alone: groups are no numbers to be cut.
  if (groups.items.threshold) record["threshold"] = *groups.items.threshold;
  return {.mixture = groups.model.joint,
          .feature_names = std::move(names.feature_names),
          .codings = std::move(names.codings),
          .threshold = {},
          .shape = {},
          .fit_record = report::printed(record),
          .missing_codes = groups.items.missing_codes,
          .component_names = groups.items.component_names,
          .categorical = std::move(names.categorical)};
}

std::optional<NamedGroups> stored_groups(const Model& stored) {
  const Json record = report::parsed_record(stored.fit_record);
  if (!record.contains("group_column") || !record.contains("free_items")) return std::nullopt;
  if (stored.categorical.empty() ||
      stored.categorical.back().first + stored.categorical.back().categories.size() !=
          stored.mixture.n_features())
    refuse("the last of them is no group");
  const CategoricalItem& group = stored.categorical.back();
  GroupedModel model{.group_names = group.categories, .joint = stored.mixture};
  model.free_items = free_items_of(record);
  Dataset names = OneGroup(stored, model.free_items, model.group_names).names();
  names.label_names = model.group_names;
  const GroupColumns columns(names, model.free_items);
  if (columns.joint_items() != stored.mixture.items()) refuse("they have other answers");
  take_record(record, model);
  model.group_sizes = recorded_sizes(record, columns.n_groups);
  take_mixtures(names, columns, model);
  Model items{.mixture = model.mixtures.front(),
              .feature_names = std::move(names.feature_names),
              .codings = std::move(names.codings),
              .threshold = {},
              .shape = {},
              .fit_record = {},
              .missing_codes = stored.missing_codes,
              .component_names = stored.component_names,
              .categorical = std::move(names.categorical)};
  if (const Json threshold = report::recorded_number(record, "threshold"); !threshold.is_null()) {
    items.threshold = threshold.get<double>();
    items.codings.clear();
  }
  return NamedGroups{std::move(model), group.name, std::move(items)};
}

}  // namespace mixbern
