#include <stdexcept>

#include "mixbern/report/report.hpp"
#include "report/template.hpp"

namespace mixbern {

std::string report_page(std::string_view document) {
  constexpr std::string_view kBefore = R"(<script type="application/json" id="mixbern-report">)";
  const std::string_view page = report::template_bytes();
  const std::size_t at = page.find(kBefore);
  const std::size_t begin = at + kBefore.size();
  constexpr std::string_view kNothing = "null";
  if (at == std::string_view::npos || page.substr(begin, kNothing.size()) != kNothing)
    throw std::logic_error("the report's template has no place for the document");
  std::string result;
  result.reserve(page.size() + document.size());
  result += page.substr(0, begin);
  result += document;
  result += page.substr(begin + kNothing.size());
  return result;
}

void write_report(const std::string& path, std::string_view document) {
  write_file_atomically(path, [&](const ByteSink& sink) { sink(report_page(document)); });
}

}  // namespace mixbern
