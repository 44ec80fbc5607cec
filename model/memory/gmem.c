/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/memory/gmem.h"

static bool overlaps(const struct gmem_window *a, const struct gmem_window *b)
{
	return a->gpa < b->gpa + b->size && b->gpa < a->gpa + a->size;
}

bool gmem_add(struct gmem *m, struct gmem_window w)
{
	assert(w.base);
	if (w.size == 0 || w.gpa + w.size < w.gpa || m->count == m->room)
		return false;
	for (uint32_t i = 0; i < m->count; i++)
		if (overlaps(&m->window[i], &w))
			return false;
	m->window[m->count++] = w;
	return true;
}

bool gmem_remove(struct gmem *m, uint64_t gpa)
{
	for (uint32_t i = 0; i < m->count; i++) {
		if (m->window[i].gpa != gpa)
			continue;
		m->count--;
		memmove(&m->window[i], &m->window[i + 1],
			(m->count - i) * sizeof m->window[0]);
		memset(&m->window[m->count], 0, sizeof m->window[0]);
		return true;
	}
	return false;
}
