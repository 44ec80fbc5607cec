/* SPDX-License-Identifier: BSD-3-Clause */
/* How rings can lie in memory, as numbers. */
#ifndef TWINRING_MODEL_NUMBERS_LAYOUTS_H
#define TWINRING_MODEL_NUMBERS_LAYOUTS_H

enum vq_layout {
#define VQ_LAYOUT(id, name, about) VQ_##id,
#include "model/numbers/layouts.def"
#undef VQ_LAYOUT
	VQ_LAYOUTS
};

#endif
