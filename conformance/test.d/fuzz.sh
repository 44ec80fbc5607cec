# SPDX-License-Identifier: BSD-3-Clause
# fuzz.sh TARGET PROGRAM: a target of fuzzing tries what there is of its kind,
# and the program itself as some hundred inputs of another kind.
set -eu
target=$1 program=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Pieces of the program are as good as random ones, and always the same.
pieces() {
	for at in $(seq 0 200); do
		dd if=conformance/fuzz/script.c of="$work/$at" bs=64 skip="$at" \
			count=$((1 + at % 8)) status=none
	done
	ls "$work"/*
}

case $target in
scenario) find conformance/scenarios -name '*.yaml' ;;
capture) find traces -name '*.pcap*' ;;
script) pieces ;;
esac | sort | xargs "$program"
