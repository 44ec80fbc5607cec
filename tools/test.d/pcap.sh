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

# Packed in any way, and through a pipe, it is the same; other ways are named.
for packer in gzip bzip2 xz zstd; do
	command -v "$packer" >/dev/null || continue
	"$packer" -c traces/dns.pcap >"$work/dns.$packer"
	ends 0 "$twinring" pcap info "$work/dns.$packer"
	says out "microseconds, $packer"
	ends 0 "$twinring" run "$work/a.yaml" \
		--set "traffic=[{pcap: $work/dns.$packer}]"
	[ "$(digest)" = "$first" ] || fail "$packer has another digest"
done
printf '\004\042\115\030 and so on' >"$work/dns.lz4"
ends 3 "$twinring" pcap info "$work/dns.lz4"
says err "packed by lz4, which is not read here"

# What is too large for memory is spooled, and where that fails it is said.
pieces() { for _ in $(seq 300); do cat traces/http.pcap; done; }
pieces | ends 3 env TMPDIR=/no/such "$twinring" pcap info -
says err "temporary file (TMPDIR, else /var/tmp): No such file"
finish
