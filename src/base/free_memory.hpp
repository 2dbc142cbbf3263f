// Memory given back.
#pragma once

namespace mixbern {

/// Leaves a new one: `container = {}` would assign an empty list, and keep the memory.
template <class Container>
void free_memory(Container& container) {
  container = Container();
}

}  // namespace mixbern
