#include "data/names.hpp"
#include "init/initialise.hpp"
#include "mixbern/fit/init.hpp"

namespace mixbern {
namespace {

constexpr Names<InitMethod, 9> kNames{{
    {InitMethod::kPortfolio, "portfolio"},
    {InitMethod::kWide, "wide"},
    {InitMethod::kRandom, "random"},
    {InitMethod::kRows, "rows"},
    {InitMethod::kKMeans, "kmeans"},
    {InitMethod::kKMeansPlusPlus, "kmeans++"},
    {InitMethod::kVariation, "variation"},
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

InitMethod method_of_start(InitMethod method, std::size_t start) {
  if (method != InitMethod::kPortfolio) return method;
  return kPortfolio[start % kPortfolio.size()];
}

}  // namespace mixbern
