#include <array>
#include <utility>

#include "mixbern/init.hpp"

namespace mixbern {
namespace {

constexpr std::array<std::pair<InitMethod, std::string_view>, 6> kNames{{
    {InitMethod::kRandom, "random"},
    {InitMethod::kRows, "rows"},
    {InitMethod::kKMeans, "kmeans"},
    {InitMethod::kKMeansPlusPlus, "kmeans++"},
    {InitMethod::kLabels, "labels"},
    {InitMethod::kModel, "model"},
}};

}  // namespace

std::string_view to_string(InitMethod method) {
  for (const auto& [candidate, name] : kNames) {
    if (candidate == method) return name;
  }
  return "";
}

std::optional<InitMethod> init_method_from_string(std::string_view name) {
  for (const auto& [method, candidate] : kNames) {
    if (candidate == name) return method;
  }
  return std::nullopt;
}

}  // namespace mixbern
