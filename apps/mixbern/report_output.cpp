#include "report_output.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "mixbern/report.hpp"
#include "output.hpp"
#include "text.hpp"

namespace mixbern::app {

void add_report_option(CLI::App& command, std::string& path) {
  add_value(
      command, "--report", [&path](const std::string& text) { path = text; }, "OUT",
      "Write a page that shows all of it in a browser (HTML)", "Output");
}

void check_report_option(const std::string& path) {
  if (path == "-")
    throw std::invalid_argument(
        "--report needs the name of a file; 'mixbern report -o -' writes to standard output");
}

void save_page(const std::string& path, const std::string& document) {
  if (path.empty()) return;
  write_result(path, [&](const ByteSink& sink) { sink(report_page(document)); });
}

bool save_report(const std::string& path, Phases& phases, std::function<std::string()> document) {
  if (path.empty()) return false;
  const auto written = phases.run("report", std::move(document));
  if (written) save_page(path, *written);
  return written.has_value();
}

std::string report_line(const std::string& path) {
  return path.empty() || path == "-" ? "" : fmt::format("report written to {}\n", one_line(path));
}

}  // namespace mixbern::app
