# SPDX-License-Identifier: BSD-3-Clause
# Draws boxes and arrows as SVG, from lines of
#
#	size WIDTH HEIGHT
#	title WORDS
#	group X Y WIDTH HEIGHT WORDS      a frame behind boxes
#	box NAME X Y WIDTH HEIGHT TITLE | LINE | LINE
#	arrow FROM TO [WORDS]             between the nearest sides of two boxes
#	note X Y WORDS
#
# Lengths are pixels. Colours follow the reader's light or dark scheme.

function escape(s)
{
	gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s)
	return s
}

function rest(from,    i, s)
{
	s = $from
	for (i = from + 1; i <= NF; i++)
		s = s " " $i
	return s
}

function text(class, x, y, anchor, words)
{
	body = body sprintf("<text class=\"%s\" x=\"%d\" y=\"%d\"" \
			    " text-anchor=\"%s\">%s</text>\n",
			    class, x, y, anchor, escape(words))
}

function fail(words)
{
	printf "%s:%d: %s\n", FILENAME, FNR, words > "/dev/stderr"
	bad = 1
	exit 2
}

function abs(n)
{
	return n < 0 ? -n : n
}

# The ends of an arrow lie where the boxes face each other most.
function arrow(a, b, words,    ax, ay, bx, by, dx, dy)
{
	ax = X[a] + W[a] / 2; ay = Y[a] + H[a] / 2
	bx = X[b] + W[b] / 2; by = Y[b] + H[b] / 2
	dx = bx - ax; dy = by - ay
	if (abs(dx) - (W[a] + W[b]) / 2 > abs(dy) - (H[a] + H[b]) / 2) {
		ax += dx > 0 ? W[a] / 2 : -W[a] / 2
		bx += dx > 0 ? -W[b] / 2 - 3 : W[b] / 2 + 3
	} else {
		ay += dy > 0 ? H[a] / 2 : -H[a] / 2
		by += dy > 0 ? -H[b] / 2 - 3 : H[b] / 2 + 3
	}
	body = body sprintf("<path class=\"arrow\" d=\"M%d %d L%d %d\"" \
			    " marker-end=\"url(#head)\"/>\n", ax, ay, bx, by)
	if (words != "")
		text("label", (ax + bx) / 2 + (abs(bx - ax) < 8 ? 6 : 0),
		     (ay + by) / 2 - 4,
		     abs(bx - ax) < 8 ? "start" : "middle", words)
}

/^#/ || NF == 0 { next }

$1 == "size" { width = $2; height = $3; next }

$1 == "title" { title = rest(2); next }

$1 == "group" {
	body = body sprintf("<rect class=\"group\" x=\"%d\" y=\"%d\"" \
			    " width=\"%d\" height=\"%d\" rx=\"8\"/>\n",
			    $2, $3, $4, $5)
	text("group", $2 + 10, $3 + 18, "start", rest(6))
	next
}

$1 == "box" {
	X[$2] = $3; Y[$2] = $4; W[$2] = $5; H[$2] = $6
	body = body sprintf("<rect class=\"box\" x=\"%d\" y=\"%d\"" \
			    " width=\"%d\" height=\"%d\" rx=\"5\"/>\n",
			    $3, $4, $5, $6)
	count = split(rest(7), line, / *\| */)
	y = $4 + $6 / 2 - (count - 1) * 8 + 4
	for (i = 1; i <= count; i++)
		text(i == 1 ? "name" : "line", $3 + $5 / 2,
		     y + (i - 1) * 16, "middle", line[i])
	next
}

$1 == "arrow" {
	if (!($2 in X) || !($3 in X))
		fail("an arrow between boxes that are not there")
	arrow($2, $3, NF > 3 ? rest(4) : "")
	next
}

$1 == "note" { text("line", $2, $3, "start", rest(4)); next }

{ fail("not understood: " $1) }

END {
	if (bad)
		exit 2
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\"" \
	       " height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n",
	       width, height, width, height
	printf "<title>%s</title>\n", escape(title)
	print "<style>"
	print "text { font: 13px sans-serif; fill: #1b1f24 }"
	print ".name { font-weight: bold } .line, .label { font-size: 12px }"
	print ".label { fill: #57606a; paint-order: stroke; stroke: #fff;" \
	      " stroke-width: 4px } .group { font-style: italic }"
	print "rect.box { fill: #eaf2fb; stroke: #3a6ea5 }"
	print "rect.group { fill: none; stroke: #9aa4ae; stroke-dasharray: 5 4 }"
	print ".arrow { stroke: #57606a; stroke-width: 1.4; fill: none }"
	print "#head path { fill: #57606a }"
	print "@media (prefers-color-scheme: dark) {"
	print "text { fill: #e6edf3 } .label { fill: #9da7b1; stroke: #0d1117 }"
	print "rect.box { fill: #18283b; stroke: #79b0e8 }"
	print ".arrow { stroke: #9da7b1 } #head path { fill: #9da7b1 } }"
	print "</style>"
	print "<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"6\"" \
	      " refY=\"4\" markerWidth=\"7\" markerHeight=\"7\"" \
	      " orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\"/></marker></defs>"
	printf "%s</svg>\n", body
}
