// The page without a document, as it is embedded in the library.
#pragma once

#include <string_view>

namespace mixbern::report {

/// template.html: it holds <script type="application/json" id="mixbern-report">null</script> once.
std::string_view template_bytes();

}  // namespace mixbern::report
