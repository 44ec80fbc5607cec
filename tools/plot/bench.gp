# Nanoseconds a packet by frame size, one panel a pool. In front of this script
# stand the data block $rows and paths, pools, payloads, referees, batch and
# title_text.
set datafile separator whitespace
set datafile missing NaN
set logscale x 2
set logscale y 10
set grid ytics lc rgb '#dddddd'
# Beside what is drawn, never on it.
set key below horizontal font ',9'
set xlabel 'frame, bytes'
set ylabel 'ns a packet: median, min to max'
set xtics (64, 256, 1024, 4096, 16384, 65536)
set xrange [10:100000]
set yrange [*:*]

colour(path) = path eq 'shared-buffers' ? 0x9400d3 : path eq 'copy' ? 0x009e73 : 0xe69f00
dash(payload) = payload eq 'read' ? 2 : 1
wanted(path, pool, payload) = strcol(1) eq path && strcol(2) eq pool && \
	strcol(5) eq payload && strcol(6) eq referees && int(column(4)) == batch
median(path, pool, payload) = wanted(path, pool, payload) ? column(8) : NaN

set multiplot layout (words(pools) + 1) / 2, words(pools) > 1 ? 2 : 1 \
	title title_text
do for [pool in pools] {
	set title pool
	plot for [path in paths] for [payload in payloads] \
		$rows using 3:(median(path, pool, payload)):7:9 \
		with yerrorlines lc rgb colour(path) dt dash(payload) \
		pt 7 ps 0.5 title path.', '.payload
}
unset multiplot
