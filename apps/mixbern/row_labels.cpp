#include "row_labels.hpp"

#include <fmt/format.h>

#include "text.hpp"

namespace mixbern::app {

std::string RowLabels::header() const {
  if (data_.ids.empty()) return "row";
  const bool taken =
      data_.id_name.empty() || data_.id_name == "row" || data_.id_name.starts_with("component");
  return "row," + (taken ? "id" : csv_cell(data_.id_name));
}

std::string RowLabels::cells(std::size_t i) const {
  const std::size_t number = i + options_.read.first_row + 1;
  return data_.ids.empty() ? fmt::format("{}", number) : fmt::format("{},{}", number, csv_cell(data_.ids[i]));
}

void RowLabels::add_to(Json& object) const {
  if (data_.ids.empty()) return;
  object["ids"] = Json::array();
  for (std::size_t i = 0; i < data_.ids.size(); ++i) object["ids"].push_back(std::string(data_.ids[i]));
}

}  // namespace mixbern::app
