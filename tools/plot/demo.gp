# One capture over three paths: bytes copied, modelled latency and throughput.
# The data block $rows (path host guest p50 p99 mpps ns) and `title_text` are
# put in front of this script.
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.8 border -1
set boxwidth 0.9
set grid ytics lc rgb '#dddddd'
# Beside what is drawn, never on it.
set key below horizontal
set yrange [0:*]
set multiplot layout 2, 2 title title_text
set title 'bytes copied a packet'
plot $rows using 2:xtic(1) title 'by the host', '' using 3 title 'by guests'
set title 'modelled latency, microseconds'
plot $rows using 4:xtic(1) title 'p50', '' using 5 title 'p99'
set title 'memory of the other VM within reach, KiB'
plot $rows using 6:xtic(1) title 'RAM', '' using 7 title 'shared slots'
set title 'measured: simulator''s own time a packet, ns'
plot $rows using 8:xtic(1) notitle
unset multiplot
