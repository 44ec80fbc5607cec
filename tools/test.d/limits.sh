# SPDX-License-Identifier: BSD-3-Clause
# limits: what the reference of keys allows at most runs, and one more is
# refused where it stands. The greatest values are read from that reference.
. "$(dirname "$0")/lib.sh"

# Builds that guard slots keep them in a file, of which there are only so many.
if grep -qa 'no file for slots' "$twinring"; then
	echo "slots are guarded: not all limits can be reached"
	exit 77
fi

"$twinring" list schema >"$work/schema"

# most SECTION KEY: the greatest value of a number, or entries of a list.
most() {
	awk -F '|' -v section="## \`$1\`" -v key=" \`$2\` " '
		/^##/ { there = $0 == section }
		there && $2 == key {
			sub(/.* (to|at most) /, "", $3)
			sub(/[ ,].*/, "", $3)
			print $3
		}' "$work/schema"
}

declare -A plain=([burst]=32 [start]=0 [rx-chain]=1 [size]=16 [slots]=64
	[slot-size]=256 [stride]=256 [low]=1 [batch]=1 [private-rx]=8
	[private-size]=256 [max-frame]=9000 [park]=1ms [bytes]=64 [path]=copy
	[links]=1 [traffic]=1 [faults]=1 [script]=1 [vms]=2 [link]=0
	[packets]=2)

# list KEY N TEXT: as many entries, if any; @ is the number of each.
list() {
	local i
	[ "$2" -eq 0 ] || echo "$1:"
	for ((i = 0; i < $2; i++)); do
		printf '  - %s\n' "${3//@/$i}"
	done
}

# world [KEY=VALUE]...: a scenario with these values for plain ones.
world() {
	local -A v
	local key
	for key in "${!plain[@]}"; do
		v[$key]=${plain[$key]}
	done
	for key in "$@"; do
		v[${key%%=*}]=${key#*=}
	done
	echo "name: at a limit"
	echo "burst: ${v[burst]}"
	echo 'vms:'
	echo '  - name: vm0'
	echo "    start: ${v[start]}"
	echo "    rx-chain: ${v[rx-chain]}"
	echo '  - {name: vm1}'
	for ((key = 2; key < v[vms]; key++)); do
		echo "  - {name: more$key}"
	done
	list links "${v[links]}" "{ends: [vm0, vm1], path: ${v[path]},
    ring: {size: ${v[size]}},
    bar: {slots: ${v[slots]},
          slot-size: ${v[slot-size]},
          stride: ${v[stride]}},
    gifts: {low: ${v[low]},
            batch: ${v[batch]}},
    private-rx: ${v[private-rx]},
    private-size: ${v[private-size]},
    max-frame: ${v[max-frame]},
    park: ${v[park]}}"
	list traffic "${v[traffic]}" "{generate: fixed, from: vm0, to: vm1,
    packets: ${v[packets]},
    bytes: ${v[bytes]}}"
	list faults "${v[faults]}" "{kind: spurious-kick, at: 1us,
    link: ${v[link]}}"
	list script "${v[script]}" 'run'
}

# runs [KEY=VALUE]...: such a world ends as it should.
runs() {
	world "$@" >"$work/world.yaml"
	ends 0 "$twinring" run "$work/world.yaml"
}

# refused KEY VALUE [KEY=VALUE]...: there, and with what is allowed.
refused() {
	local key=$1 value=$2 line
	world "$key=$value" "${@:3}" >"$work/world.yaml"
	ends 2 "$twinring" check "$work/world.yaml"
	line=$(grep -n -m 1 "$key: $value" "$work/world.yaml")
	grep -qE ":${line%%:*}:[0-9]+: error: '$key' is $value, " \
		"$work/err" || fail "$key: $value is not refused in its line"
}

# too_many LIST ENTRIES: refused where the list begins.
too_many() {
	local line
	world "$1=$2" >"$work/world.yaml"
	ends 2 "$twinring" check "$work/world.yaml"
	line=$(grep -n -m 1 "^$1:" "$work/world.yaml")
	grep -qE ":$((${line%%:*} + 1)):[0-9]+: error: '$1' has $2 entries, " \
		"$work/err" || fail "$2 $1 are not refused in their line"
}

# number SECTION KEY STEP [KEY=VALUE]...: the greatest, and STEP more.
number() {
	local top
	top=$(most "$1" "$2")
	[ -n "$top" ] || fail "no greatest $2 of $1 in the reference"
	runs "$2=$top" "${@:4}"
	refused "$2" $((top + $3)) "${@:4}"
}

number scenario burst 1 size=1024 private-rx=1024 packets=3000
number 'vms[]' rx-chain 1 path=shared-buffers
number 'links[].ring' size 32768 path=shared-buffers private-rx=32768
number 'links[].bar' slots 1 path=shared-buffers slot-size=64 stride=64
number 'links[].bar' slot-size 64 path=shared-buffers stride=65536
number 'links[].bar' stride 64 path=shared-buffers slots=1
number 'links[].gifts' low 1 path=shared-buffers slots=1048576 slot-size=64 \
	stride=64
number 'links[].gifts' batch 1 path=shared-buffers
number 'links[]' private-rx 1 size=32768
number 'links[]' private-size 64
number 'links[]' max-frame 1 private-size=65536
number 'traffic[]' bytes 1 max-frame=65589 size=64 private-rx=64 \
	private-size=2048

# Times, which have a unit.
for key in start park; do
	runs "$key=1000000s"
	refused "$key" 1000001s
done

# Lists; all links between two machines, on each path.
for list in vms links traffic faults; do
	top=$(most scenario "$list")
	runs "$list=$top"
	too_many "$list" $((top + 1))
done
links=$(most scenario links)
[ "$(most scenario networks)" = "$links" ] || fail "more networks than links"
# networks N: so many behind the links of the scenario.
networks() {
	echo "networks:"
	for ((i = 0; i < $1; i++)); do
		echo "  - {path: copy, members: [vm0, vm1]}"
	done
}
{ world links=0; networks "$links"; } >"$work/world.yaml"
ends 0 "$twinring" run "$work/world.yaml"
for first in 0 1 "$links"; do
	{ world "links=$first"; networks $((links + 1 - first)); } \
		>"$work/world.yaml"
	ends 2 "$twinring" check "$work/world.yaml"
	line=$(grep -n "^networks:" "$work/world.yaml")
	grep -qE ":$((${line%%:*} + 1)):3: error: 'networks' has [0-9]+ entries" \
		"$work/err" || fail "65 networks are not refused in their line"
done
for path in shared-buffers vhost-pci e1000; do
	runs "links=$links" "path=$path"
done
runs "links=$links" "link=$((links - 1))"
top=$(most scenario script)
runs "script=$top"
too_many script $((top + 1))

# As many machines as there can be, in a ring: each is linked to two others.
vms=$(most scenario vms)
ring() {
	echo 'name: a ring of all machines'
	echo 'vms:'
	list - "$vms" '{name: n@}' | sed 1d
	echo 'links:'
	for ((i = 0; i < vms; i++)); do
		echo "  - {ends: [n$i, n$(((i + 1) % vms))], path: $1,
    ring: {size: 16}, bar: {slots: 32}, private-rx: 8}"
	done
}

# in_ring PATH PACKETS: each machine sends so many both ways round.
in_ring() {
	ring "$1"
	echo 'traffic:'
	for ((i = 0; i < vms; i++)); do
		echo "  - {generate: fixed, from: n$i, to: n$(((i + 1) % vms)),
    packets: $2, both: on}"
	done
	echo "expect: {violations: none, lost: 0, delivered: $((2 * vms * $2))}"
}
for path in copy shared-buffers vhost-pci e1000; do
	in_ring "$path" 40 >"$work/world.yaml"
	ends 0 "$twinring" run "$work/world.yaml"
	ends 0 "$twinring" run "$work/world.yaml" --schedule random
done
in_ring copy 1 | sed "s/^links:/  - {name: one-more}\n&/" >"$work/world.yaml"
ends 2 "$twinring" check "$work/world.yaml"
says err ":3:3: error: 'vms' has $((vms + 1)) entries, "

# The last of them, and the last of their workers, in a script.
last=n$((vms - 1))
{
	ring copy
	printf '  - %s\n' "$last run" 'n0 run' "$last send 60 on $((vms - 1))" \
		"$last run" "host$((vms - 1)).$last run" 'n0 run' |
		sed '1i script:'
	echo 'expect: {violations: none, delivered: 1}'
} >"$work/world.yaml"
ends 0 "$twinring" run "$work/world.yaml"

# A capture of so many hosts: each sends a frame to the next one, the last one
# to all. Whoever is linked to it gets that one.
bytes() {
	local hex
	hex=$(printf '%02x' "$@")
	printf '%b' "$(sed 's/../\\x&/g' <<<"$hex")"
}
frame() {
	bytes 0 0 0 0 "$1" 0 0 0 60 0 0 0 60 0 0 0 # when, and how long
	bytes "${@:3:6}" 2 0 0 0 0 "$2" 136 181
	head -c 46 /dev/zero
}
{
	bytes 212 195 178 161 2 0 4 0 0 0 0 0 0 0 0 0 0 0 4 0 1 0 0 0
	for ((i = 0; i < vms; i++)); do
		frame "$i" "$i" 2 0 0 0 0 $(((i + 1) % vms))
	done
	frame "$vms" $((vms - 1)) 255 255 255 255 255 255
} >"$work/hosts.pcap"
{
	ring copy
	echo "traffic: [{pcap: hosts.pcap}]"
	echo "expect: {violations: none, lost: 0, delivered: $((vms + 2))}"
} >"$work/world.yaml"
ends 0 "$twinring" run "$work/world.yaml" --pcap-out "$work/got"
for ((i = 0; i < vms; i++)); do
	want=76
	[ $i -ne 0 ] && [ $i -ne $((vms - 2)) ] || want=152
	[ "$(wc -c <"$work/got/n$i.pcap")" = $((24 + want)) ] ||
		fail "n$i did not get what the capture has for it"
done

# All of it at once: most memory that a peer's window can show.
runs "links=$links" path=vhost-pci size=32768 private-rx=32768 \
	private-size=65536

# A name, an order, clauses.
name=$(printf 'n%.0s' {1..32})
world >"$work/plain.yaml"
sed "s/vm1/${name:1}/" "$work/plain.yaml" >"$work/world.yaml"
ends 0 "$twinring" run "$work/world.yaml"
sed "s/vm1/$name/" "$work/plain.yaml" >"$work/world.yaml"
ends 2 "$twinring" check "$work/world.yaml"
says err ":7:12: error: 'name' needs 1 to 31 letters"
sed "s/- run/- run$(printf '%96s' x)/" "$work/plain.yaml" \
	>"$work/world.yaml"
ends 2 "$twinring" check "$work/world.yaml"
says err "'script[0]' is longer than 95 bytes"
mapfile -t clauses < <("$twinring" list clauses --json |
	sed -n 's|.*"id": "\(.*\)".*|\1|p')
top=$(most expect violations)
violations() {
	cat "$work/plain.yaml"
	echo "expect:"
	(IFS=, && echo "  violations: [${clauses[*]:0:$1}]")
}
violations "$top" >"$work/world.yaml"
ends 1 "$twinring" run "$work/world.yaml"
violations $((top + 1)) >"$work/world.yaml"
ends 2 "$twinring" check "$work/world.yaml"
says err ":$(wc -l <"$work/world.yaml"):15: error: 'violations' has $((top + 1))"

# What an exploration may let happen.
explore() {
	world traffic=0 faults=0 script=0 path=shared-buffers size=4 slots=2
	echo "step: action"
	echo "explore:"
	echo "  $1: $2"
}
for key in sends waiting bytes resets queue-resets crashes unpairs; do
	top=$(most explore "$key")
	explore "$key" "$top" >"$work/world.yaml"
	code=0
	"$twinring" explore "$work/world.yaml" --max-states 300 \
		>"$work/out" 2>"$work/err" || code=$?
	[ "$(grep -c error: "$work/err")" = 0 ] && [ $code -lt 128 ] ||
		fail "explore.$key $top: $(head -3 "$work/err")"
	explore "$key" $((top + 1)) >"$work/world.yaml"
	ends 2 "$twinring" check "$work/world.yaml"
	grep -qE ":$(wc -l <"$work/world.yaml"):[0-9]+: error: '$key' is " \
		"$work/err" || fail "explore.$key has no limit"
done
finish
