#include "mixbern/error.hpp"
