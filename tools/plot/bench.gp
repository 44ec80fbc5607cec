# Nanoseconds a packet by frame size, one panel a pool. The data block $rows is
# put in front of this script; `paths`, `referees`, `batch` and `title_text` too.
set datafile separator whitespace
set logscale x 2
set logscale y 10
set grid ytics lc rgb '#dddddd'
set key top left
set style data linespoints
set xlabel 'frame, bytes'
set ylabel 'ns a packet, median, min to max'
set xtics (64, 256, 1024, 4096, 16384, 65536)
set multiplot layout 2, 2 title title_text
do for [pool in 'L1 L2 L3 DRAM'] {
	set title pool
	plot for [path in paths] for [payload in 'untouched read'] \
		$rows using 3:((strcol(1) eq path && strcol(2) eq pool && \
		strcol(5) eq payload && strcol(6) eq referees && \
		int(column(4)) == batch) ? column(8) : NaN):7:9 \
		with yerrorlines \
		lc (path eq 'shared-buffers' ? 1 : path eq 'copy' ? 2 : 3) \
		dt (payload eq 'read' ? 2 : 1) pt 7 ps 0.4 \
		title path . ', ' . payload
}
unset multiplot
