// Tables that come as a stream of Arrow batches, in the layout of the Arrow C data interface.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "number_columns.hpp"

// Both structures are given by the specification: https://arrow.apache.org/docs/format/CDataInterface.html
// and CStreamInterface.html
extern "C" {
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  std::int64_t flags;
  std::int64_t n_children;
  ArrowSchema** children;
  ArrowSchema* dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  std::int64_t length;
  std::int64_t null_count;
  std::int64_t offset;
  std::int64_t n_buffers;
  std::int64_t n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};

struct ArrowArrayStream {
  int (*get_schema)(ArrowArrayStream*, ArrowSchema* out);
  int (*get_next)(ArrowArrayStream*, ArrowArray* out);
  const char* (*get_last_error)(ArrowArrayStream*);
  void (*release)(ArrowArrayStream*);
  void* private_data;
};
}

namespace mixbern::python {

/// A column of a type that holds no two-valued cells.
struct UnsupportedColumn {
  std::string text;
};

/// Reads all batches and codes them; the batches are read where they are. With `by_type` dictionaries of more
/// than two texts are categorical too. Throws InputError for cells that fit no coding, UnsupportedColumn,
/// std::runtime_error with the stream's own words.
Dataset read_arrow(ArrowArrayStream& stream, Reading how, bool by_type,
                   const std::function<void(const std::string&)>& warn);

}  // namespace mixbern::python
