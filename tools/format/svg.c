/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/format/svg.h"

#include "tools/format/xml.h"

void svg_begin(FILE *out, int width, int height, const char *title,
	       const char *style)
{
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
		"height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n<title>",
		width, height, width, height);
	xml_text(out, title);
	fprintf(out, "</title>\n<style>\n%s</style>\n", style);
	fputs("<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"8\" "
	      "refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" "
	      "orient=\"auto\"><path d=\"M0 0L8 4L0 8Z\"/></marker></defs>\n",
	      out);
}

void svg_end(FILE *out)
{
	fputs("</svg>\n", out);
}

void svg_rect(FILE *out, const char *class, int x, int y, int width, int height)
{
	fprintf(out,
		"<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
		"height=\"%d\"/>\n",
		class, x, y, width, height);
}

static void put_line(FILE *out, const char *class, int x1, int y1, int x2,
		     int y2, const char *more)
{
	fprintf(out,
		"<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" "
		"y2=\"%d\"%s/>\n",
		class, x1, y1, x2, y2, more);
}

void svg_line(FILE *out, const char *class, int x1, int y1, int x2, int y2)
{
	put_line(out, class, x1, y1, x2, y2, "");
}

void svg_arrow(FILE *out, const char *class, int x1, int y1, int x2, int y2)
{
	put_line(out, class, x1, y1, x2, y2, " marker-end=\"url(#head)\"");
}

void svg_text(FILE *out, const char *class, enum svg_anchor anchor, int x,
	      int y, const char *text)
{
	static const char *const anchors[] = {"start", "middle", "end"};

	fprintf(out, "<text class=\"%s\" text-anchor=\"%s\" x=\"%d\" y=\"%d\">",
		class, anchors[anchor], x, y);
	xml_text(out, text);
	fputs("</text>\n", out);
}
