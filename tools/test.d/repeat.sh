# SPDX-License-Identifier: BSD-3-Clause
# The commands that are printed to see something again: in any folder, with
# whatever names, they end as what printed them did.
. "$(dirname "$0")/lib.sh"
odd="$work/it's a folder"
mkdir "$odd"
scenario "$odd/my file.yaml" 300
cp conformance/scenarios/races/fast-bounce.yaml "$odd/race \$1.yaml"

# prints LINE CODE ARGUMENT...: what follows the line that has LINE in it is a
# command, which ends with CODE from elsewhere as it does in the folder.
prints() {
	local line=$1 code=$2 command got=0
	shift 2
	(cd "$odd" && "$twinring" "$@" </dev/null >"$work/out" 2>&1) || got=$?
	[ $got = "$code" ] || fail "exit status $got, not $code: $*"
	command=$(grep -F -A1 -- "$line" "$work/out" | sed -n 2p)
	[ -n "$command" ] || fail "no command is printed: $*"
	got=0
	(cd / && PATH=$(dirname "$twinring"):$PATH bash -c "$command") \
		>"$work/again" 2>&1 || got=$?
	[ $got = "$code" ] || fail "exit status $got, not $code: $command"
}
broken=(--set rules.post-before-send=off --set 'name=a "name"')

prints 'to see it again' 1 run 'my file.yaml' "${broken[@]}"
prints 'to see how' 1 compare 'my file.yaml' --rounds 1 "${broken[@]}"
prints 'to see it again' 1 swarm --seeds 1..50 --jobs 1 "${broken[0]}" "${broken[1]}"
prints 'to find' 1 explore "race \$1.yaml" --first --no-reduction \
	--set expect.violations=none

# Standard input is said to be wanted, and read once for all paths.
ends 1 "$twinring" run - "${broken[@]}" <"$odd/my file.yaml"
says out ' # with the same standard input'
ends 0 "$twinring" compare - --rounds 2 <"$odd/my file.yaml"
says out 'vhost-pci'
sed 's/generate: fixed/pcap: \"-\"/; /from:/d; /to:/d; /packets:/d; /both:/d' \
	"$odd/my file.yaml" >"$work/captured.yaml"
ends 2 "$twinring" compare "$work/captured.yaml" </dev/null
says err 'once'
finish
