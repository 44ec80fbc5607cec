/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Text for XML: whatever it holds, what comes out is well-formed. Knows
 * characters; no document.
 */
#ifndef TWINRING_TOOLS_FORMAT_XML_H
#define TWINRING_TOOLS_FORMAT_XML_H

#include <stdio.h>

/* @text, escaped; what is not UTF-8, or no character of XML, becomes U+FFFD. */
void xml_text(FILE *out, const char *text);

/* The same as an attribute: a space, the name, the value in quotes. */
void xml_attribute(FILE *out, const char *name, const char *value);

#endif
