#include "fuzz/targets.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string>

#include "base/sealed.hpp"
#include "data/distinct_rows.hpp"
#include "io/packed_rows.hpp"
#include "io/readers.hpp"
#include "io/safetensors.hpp"
#include "io/writers.hpp"
#include "mixbern/fit/federated.hpp"
#include "mixbern/mixture/posterior.hpp"
#include "mixbern/report/report.hpp"
#include "model_description.hpp"
#include "select/checkpoint_file.hpp"

namespace mixbern::fuzz {
namespace {

// Without options, with a threshold, with some rows only, and with codings that fit what was read first.
template <class Read>
void read_in_several_ways(Read read) {
  Dataset first;
  const auto attempt = [&](const ReadOptions& options) {
    try {
      Dataset data = read(options);
      validate(data);
      return data;
    } catch (const InputError&) {
      return Dataset{};
    }
  };
  first = attempt({});
  ReadOptions options;
  options.threshold = 1;
  attempt(options);
  options = {};
  options.first_row = 1;
  options.end_row = 3;
  attempt(options);
  options = {};
  options.codings = first.codings;
  if (!options.codings.empty()) attempt(options);
}

// Whatever can be read can be packed, and is the same afterwards.
void check_packing(const Dataset& data) {
  std::string bytes;
  io::write_packed([&](std::string_view part) { bytes += part; }, data);
  io::Input input = io::open_memory("packed", bytes);
  const Dataset back = io::read_packed(input, {});
  if (back.ones != data.ones || back.missing != data.missing)
    throw std::logic_error("packing changed the data");
}

template <Dataset (*kReader)(io::Input&, const ReadOptions&)>
void read_data(std::string_view bytes) {
  bool packed = false;
  read_in_several_ways([&](const ReadOptions& options) {
    io::Input input = io::open_memory("fuzz", bytes);
    Dataset data = kReader(input, options);
    if (!packed) check_packing(data);
    packed = true;
    return data;
  });
}

void read_delimited_options(std::string_view bytes) {
  read_data<io::read_delimited>(bytes);
  ReadOptions options;
  options.exclude = {"1"};
  options.label_column = "2";
  options.weight_column = "weight";
  for (const bool header : {false, true}) {
    try {
      io::Input input = io::open_memory("fuzz", bytes);
      options.header = header;
      validate(io::read_delimited(input, options));
    } catch (const InputError&) {
      options.weight_column.clear();
    }
  }
}

template <auto kReader>
void read_vector(std::string_view bytes) {
  try {
    io::Input input = io::open_memory("fuzz", bytes);
    kReader(input);
  } catch (const InputError&) {
    return;
  }
}

// Bytes as a file without a name.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    if (::write(descriptor_, bytes.data(), bytes.size()) != static_cast<::ssize_t>(bytes.size()))
      throw std::logic_error("memfd");
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

// Rows that stay in their file are those that are read from a stream, or both are refused.
void read_packed_twice(std::string_view bytes) {
  read_data<io::read_packed>(bytes);
  if (!io::looks_like_safetensors(bytes)) return;
  const MemoryFile file(bytes);
  const auto attempt = [](const auto& read) -> std::optional<Dataset> {
    try {
      return read();
    } catch (const InputError&) {
      return std::nullopt;
    }
  };
  const auto streamed = attempt([&] {
    io::Input input = io::open_memory("fuzz", bytes);
    return io::read_packed(input, {});
  });
  const auto outside = attempt([&] { return to_memory(io::open_packed(file.path(), {}).value()); });
  if (streamed.has_value() != outside.has_value())
    throw std::logic_error("only one of two ways read the file");
  if (streamed && (streamed->ones != outside->ones || streamed->missing != outside->missing))
    throw std::logic_error("two ways read different rows");
}

void read_labels_and_weights(std::string_view bytes) {
  read_vector<static_cast<Labels (*)(io::Input&)>(io::read_labels)>(bytes);
  read_vector<static_cast<std::vector<double> (*)(io::Input&)>(io::read_weights)>(bytes);
}

// A model of a stranger is also printed and reported, draws rows, and says something of them.
void use_model(std::string_view bytes) {
  try {
    io::Input input = io::open_memory("fuzz", bytes);
    const Model model = io::load_model(input);
    app::model_text(model, "model");
    app::model_json(model).dump();
    report_document(model, nullptr);
    const Dataset data = sample(model.mixture, 2, 1);
    for_each_posterior(model.mixture, data, {.threads = 1}, [](const auto&) {});
  } catch (const InputError&) {
    return;
  }
}

// A small fit, to go on from what a stranger gives it.
struct SmallFit {
  SmallFit() : data(sample(Mixture({0.5, 0.5}, std::vector<double>(18, 0.5)), 40, 1)) {
    const RowFacts facts(data, Arithmetic::kFixed);
    conditions = conditions_of(facts, fingerprint(data), make_plan(facts, options));
  }
  void go_on(const std::string& state) const {
    try {
      fit(data, options, {.resume = state});
    } catch (const CheckpointError&) {
      return;
    }
  }

  Dataset data;
  FitOptions options = {.n_components = 2, .n_init = 9, .max_iter = 12, .tol = 1e-9, .threads = 1};
  std::vector<Condition> conditions;
};

// As a whole, and as a state that has the right conditions and checksum.
void go_on(std::string_view bytes) {
  static const SmallFit small;
  small.go_on(std::string(bytes));
  small.go_on(sealed(small.conditions, bytes));
}

// A site that has rows, and what travels to it and from it.
struct SmallSite {
  SmallSite() : data(sample(Mixture({0.5, 0.5}, std::vector<double>(6, 0.5)), 20, 1)), site(data, 1) {}

  Mixture mixture{{0.5, 0.5}, {0.5, 0.1, 0.2, 0.4, 0.6, 0.8}};
  Dataset data;
  Site site;
  Pass pass = pass_with(mixture, site.facts(), {}, Precision::kFast);
};

// As facts, a pass and sums that have the right checksum.
void exchange(std::string_view bytes) {
  SmallSite small;  // anew: what threads keep for a site looks like a leak as long as there is one
  const auto attempt = [](const auto& use) {
    try {
      use();
    } catch (const std::invalid_argument&) {
      return;
    }
  };
  attempt([&] {
    Facts facts = Facts::from_bytes(sealed("mixbern facts 2\n", bytes));
    facts.merge(small.site.facts());
    small.site.accumulate(pass_with(small.mixture, facts));
  });
  attempt([&] { small.site.accumulate(Pass::from_bytes(sealed("mixbern pass 2\n", bytes))); });
  attempt([&] {
    Sums sums = Sums::from_bytes(sealed("mixbern sums 1\n", bytes));
    log_likelihood(small.pass, sums);
    maximise(small.pass, sums);
    sums.merge(small.site.accumulate(small.pass));
  });
}

void read_all(io::Input& input) {
  while (!input.at_end()) input.skip_buffered(input.peek(1).size());
}

constexpr std::array<Target, 12> kTargets = {{{"idx", read_data<io::read_idx>},
                                              {"npy", read_data<io::read_npy>},
                                              {"csv", read_delimited_options},
                                              {"mtx", read_data<io::read_matrix_market>},
                                              {"libsvm", read_data<io::read_libsvm>},
                                              {"fps", read_data<io::read_fps>},
                                              {"packed", read_packed_twice},
                                              {"labels", read_labels_and_weights},
                                              {"gzip", read_vector<read_all>},
                                              {"model", use_model},
                                              {"checkpoint", go_on},
                                              {"sums", exchange}}};

}  // namespace

std::span<const Target> targets() {
  return kTargets;
}

void run(std::string_view name, std::string_view bytes) {
  std::ranges::find(kTargets, name, &Target::name)->run(bytes);
}

}  // namespace mixbern::fuzz
