// Rows of answers: missing cells, weights, labels, names, items of many answers.
#pragma once

#include "mixbern/dataset/class_sets.hpp"
#include "mixbern/dataset/dataset.hpp"
#include "mixbern/dataset/items.hpp"
#include "mixbern/dataset/row_ids.hpp"
#include "mixbern/dataset/rows.hpp"
#include "mixbern/dataset/weights.hpp"
