/* SPDX-License-Identifier: BSD-3-Clause */
/* Unsigned values of keys: in an object, and as text. */
#include "sim/scenario/schema/schema.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

uint64_t schema_get(const struct schema_key *key, const void *object)
{
	const void *at = (const char *)object + key->offset;

	switch (key->size) {
	case 1:
		return *(const uint8_t *)at;
	case 2:
		return *(const uint16_t *)at;
	case 4:
		return *(const uint32_t *)at;
	case 8:
		return *(const uint64_t *)at;
	default: /* a key of one value is stored nowhere */
		assert(key->size == 0);
		return key->min;
	}
}

void schema_put(const struct schema_key *key, void *object, uint64_t value)
{
	void *at = (char *)object + key->offset;

	switch (key->size) {
	case 1:
		*(uint8_t *)at = (uint8_t)value;
		break;
	case 2:
		*(uint16_t *)at = (uint16_t)value;
		break;
	case 4:
		*(uint32_t *)at = (uint32_t)value;
		break;
	case 8:
		*(uint64_t *)at = value;
		break;
	default:
		assert(key->size == 0 && value == key->min);
	}
	assert(schema_get(key, object) == value);
}

static enum value_answer read_choice(const struct schema_key *key,
				     const char *text, uint64_t *value)
{
	uint32_t i = schema_word(key->words, text);

	*value = key->min + i;
	return key->words[i] ? VALUE_OK : VALUE_MALFORMED;
}

enum value_answer schema_read(const struct schema_key *key, const char *text,
			      uint64_t *value)
{
	assert(key->type <= SCHEMA_SIMPLE);
	switch (key->type) {
	case SCHEMA_SWITCH:
		return value_switch(text, value);
	case SCHEMA_TIME:
		return value_time(text, value);
	case SCHEMA_RATE:
		return value_rate(text, value);
	case SCHEMA_SCALE:
		return value_scale(text, value);
	case SCHEMA_DIGEST:
		return value_digest(text, value);
	case SCHEMA_CHOICE:
		return read_choice(key, text, value);
	default:
		return value_number(text, value);
	}
}

const char *schema_write(const struct schema_key *key, uint64_t value,
			 char *out, size_t size)
{
	assert(key->type <= SCHEMA_SIMPLE);
	switch (key->type) {
	case SCHEMA_SWITCH:
		snprintf(out, size, "%s", value ? "on" : "off");
		return out;
	case SCHEMA_TIME:
		return value_time_text(value, out, size);
	case SCHEMA_SCALE:
		snprintf(out, size, "%" PRIu64 "%%", value);
		return out;
	case SCHEMA_DIGEST:
		snprintf(out, size, "%016" PRIx64, value);
		return out;
	case SCHEMA_CHOICE:
		snprintf(out, size, "%s", key->words[value - key->min]);
		return out;
	default:
		snprintf(out, size, "%" PRIu64, value);
		return out;
	}
}
