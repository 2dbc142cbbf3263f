#include "io/bounded_json.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace mixbern::io {
namespace {

using nlohmann::json;

// Each function says whether to go on.
class Limits : public nlohmann::json_sax<json> {
 public:
  explicit Limits(std::size_t entries) : entries_left_(entries) {}

  bool null() override { return count(); }
  bool boolean(bool /*value*/) override { return count(); }
  bool number_integer(number_integer_t /*value*/) override { return count(); }
  bool number_unsigned(number_unsigned_t /*value*/) override { return count(); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return count(); }
  bool string(string_t& /*value*/) override { return count(); }
  bool binary(binary_t& /*value*/) override { return count(); }
  bool key(string_t& /*value*/) override { return count(); }
  bool start_object(std::size_t /*size*/) override { return descend(); }
  bool end_object() override { return ascend(); }
  bool start_array(std::size_t /*size*/) override { return descend(); }
  bool end_array() override { return ascend(); }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const json::exception& /*error*/) override {
    return false;
  }

 private:
  bool count() {
    if (entries_left_ == 0) return false;
    --entries_left_;
    return true;
  }

  bool descend() {
    ++depth_;
    return depth_ <= kMaxJsonDepth && count();
  }

  bool ascend() {
    --depth_;
    return true;
  }

  std::size_t entries_left_;
  std::size_t depth_ = 0;
};

}  // namespace

bool is_bounded_json(std::string_view text, std::size_t max_entries) {
  Limits limits(max_entries);
  return json::sax_parse(text, &limits);
}

}  // namespace mixbern::io
