# SPDX-License-Identifier: BSD-3-Clause
# twinring pcap info: what captures are, and what is no capture.
. "$(dirname "$0")/lib.sh"

ends 0 "$twinring" pcap info traces/http.pcap traces/http-ns.pcapng.gz
silent err
says out 'file        traces/http.pcap'
says out 'format      pcapng, little-endian, nanoseconds, gzip'
says out 'auto decides by mac'

ends 0 "$twinring" pcap info - <traces/dns.pcap
says out 'file        <stdin>'

head -c 1000 traces/http.pcap >"$work/cut.pcap"
ends 3 "$twinring" pcap info "$work/cut.pcap" traces/dns.pcap
says err "$work/cut.pcap: breaks off: "
says out 'file        traces/dns.pcap'

ends 3 "$twinring" pcap info README.md traces/README.md
silent out
ends 3 "$twinring" pcap info /no/such
says err '/no/such: No such file'

# A capture as traffic, from file and from standard input, runs the same.
scenario "$work/a.yaml" 1
digest() { sed -n 's/.*digest \([0-9a-f]\{16\}\).*/\1/p' "$work/out"; }
ends 0 "$twinring" run "$work/a.yaml" --set 'traffic=[{pcap: traces/dns.pcap}]'
first=$(digest)
ends 0 "$twinring" run "$work/a.yaml" --set 'traffic=[{pcap: "-"}]' \
	<traces/dns.pcap
[ "$(digest)" = "$first" ] || fail "stdin has another digest"
finish
