/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The one table of all keys of a scenario: how each is spelled, where it goes,
 * what holds when it is absent. Reading, overriding, printing and the
 * reference all walk it. Knows the structs of a scenario; no file.
 */
#ifndef TWINRING_SIM_SCENARIO_SCHEMA_SCHEMA_H
#define TWINRING_SIM_SCENARIO_SCHEMA_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/text/value.h"

enum schema_type {
	/* an unsigned value of key->size bytes */
	SCHEMA_NUMBER,
	SCHEMA_SWITCH,
	SCHEMA_TIME,
	SCHEMA_RATE,
	SCHEMA_SCALE,
	SCHEMA_DIGEST,
	SCHEMA_CHOICE, /* one of words; the first one is key->min */
	SCHEMA_SIMPLE = SCHEMA_CHOICE,
	/* the rest */
	SCHEMA_TEXT,    /* char *, owned */
	SCHEMA_FILE,    /* char *, owned; a path from the scenario's folder */
	SCHEMA_NAME,    /* char[NAME_SIZE] of letters, digits, _ and - */
	SCHEMA_PATH,    /* char[NAME_SIZE], one of schema_paths() */
	SCHEMA_VM,      /* uint8_t, the number of a VM that is named */
	SCHEMA_MEMBERS, /* uint8_t[], of different VMs, and their number */
	SCHEMA_BITS,    /* switches, one bit each, of key->size bytes */
	SCHEMA_CLAUSES, /* none, or a list: struct clause_list */
	SCHEMA_LINES,   /* a list of texts: script */
	SCHEMA_MAP,     /* keys of the same object, one level down */
	SCHEMA_LIST,    /* objects of key->size bytes, a mapping each */
};

struct schema_bit {
	const char *name;
	const char *about;
	uint8_t bit;
	bool on; /* when it is not mentioned */
};

struct schema_bits {
	const struct schema_bit *bit;
	uint32_t count;
	const char *none; /* one word for all off, or NULL */
	const char *all;  /* one word for all on, or NULL */
};

/* Which objects a key belongs to, and what to say in the others. */
struct schema_fit {
	bool (*holds)(const void *object);
	const char *words; /* "needs ..." */
};

struct schema_section;

struct schema_key {
	const char *name;
	const char *about;
	enum schema_type type;
	uint32_t offset; /* in the object */
	uint32_t size;   /* bytes there; of one object for a list */
	/* list, members: offset of the uint32_t that counts them */
	uint32_t count;
	/* list: the same of another list, which they stand behind; 0 */
	uint32_t behind;
	uint32_t has; /* offset of the bool that says it was given; 0 */
	uint64_t min, max;
	uint64_t multiple;   /* of what a number has to be a multiple; 0 */
	bool power;          /* a power of two */
	bool bare;           /* a file may be a name without slash and .yaml */
	bool required;       /* there is no default */
	const char *instead; /* required: the key that would do, too */

	/* The default, spelled as in a scenario; with derive, words for it. */
	const char *fallback;
	uint64_t (*derive)(const void *object);

	const struct schema_fit *fit; /* NULL: it fits every object */

	const char *const *words;
	const struct schema_bits *bits;
	const struct schema_section *inside;

	/* One without a name: where keys go on that several sections have. */
	const struct schema_key *more;
};

/*
 * Keys up to one without a name, from schema_next() to schema_next(); a key
 * may lean on those before it.
 */
struct schema_section {
	const char *title; /* where the keys stand: links[].ring */
	const struct schema_key *keys;
	const char *also; /* title of those whose keys it has, too; NULL */
};

/* The key behind @k; one without a name: that was the last. */
static inline const struct schema_key *schema_next(const struct schema_key *k)
{
	k++;
	return k->more ? k->more : k;
}

extern const struct schema_section schema_top; /* of struct scenario */
extern const struct schema_section schema_vm;
extern const struct schema_section schema_link;
extern const struct schema_section schema_network; /* of a link, too */
extern const struct schema_section schema_traffic;
extern const struct schema_section schema_fault;
extern const struct schema_section schema_explore; /* of struct scenario */
extern const struct schema_section schema_expect;  /* of struct scenario */

/* What drivers can accept. */
extern const struct schema_bits schema_features;

/* The key called @name, or NULL. */
const struct schema_key *schema_find(const struct schema_section *s,
				     const char *name);

/* The bit called @name, or NULL. */
const struct schema_bit *schema_find_bit(const struct schema_bits *bits,
					 const char *name);

/* The bits that are on where none is mentioned. */
uint64_t schema_bits_default(const struct schema_bits *bits);

/* Whether @key has a place in @object, as far as that has been filled. */
bool schema_fits(const struct schema_key *key, const void *object);

/* Which of @words, up to a NULL, is @text; their number if none is. */
uint32_t schema_word(const char *const *words, const char *text);

/* An unsigned value of key->size bytes in @object. */
uint64_t schema_get(const struct schema_key *key, const void *object);
void schema_put(const struct schema_key *key, void *object, uint64_t value);

/* @text as a value of @key, of a type up to SCHEMA_SIMPLE; ranges apart. */
enum value_answer schema_read(const struct schema_key *key, const char *text,
			      uint64_t *value);

/* @value as a scenario would spell it. */
const char *schema_write(const struct schema_key *key, uint64_t value,
			 char *out, size_t size);

/* Names of the data paths that a link may choose, up to a NULL. */
const char *const *schema_paths(void);

/* Writes the reference of all keys (docs/SCENARIO.md's table). */
void schema_print(FILE *out);

#endif
