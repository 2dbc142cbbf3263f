#include "data/names.hpp"
#include "mixbern/init.hpp"

namespace mixbern {
namespace {

constexpr Names<InitMethod, 6> kNames{{
    {InitMethod::kRandom, "random"},
    {InitMethod::kRows, "rows"},
    {InitMethod::kKMeans, "kmeans"},
    {InitMethod::kKMeansPlusPlus, "kmeans++"},
    {InitMethod::kLabels, "labels"},
    {InitMethod::kModel, "model"},
}};

}  // namespace

std::string_view to_string(InitMethod method) {
  return name_of(kNames, method);
}

std::optional<InitMethod> init_method_from_string(std::string_view name) {
  return value_named(kNames, name);
}

}  // namespace mixbern
