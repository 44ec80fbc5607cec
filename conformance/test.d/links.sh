# SPDX-License-Identifier: BSD-3-Clause
# Usage: links.sh TWINRING
# Several links between one pair: however many packets there are, of whatever
# designs the links, all arrive, and nobody is blamed for what went another way.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"

cat >"$work/two.yaml" <<'END'
name: two links between one pair
vms: [{name: a}, {name: b}]
links: [{ends: [a, b]}, {ends: [a, b]}]
traffic: [{generate: fixed, from: a, to: b, packets: 1}]
expect: {violations: none, lost: 0}
END
for packets in 1 2 64 $(seq 225 6 470) 1000; do
	run 0 "$work/two.yaml" --set "traffic.packets=$packets"
done
for paths in 'copy copy' 'copy shared-buffers' 'shared-buffers vhost-pci' \
	'vhost-pci copy' 'vhost-pci vhost-pci' 'e1000 copy' 'e1000 e1000'; do
	read -r first second <<<"$paths"
	for packets in $(seq 225 24 470); do
		run 0 "$work/two.yaml" --set "traffic.packets=$packets" \
			--set "links[0].path=$first" \
			--set "links[1].path=$second"
	done
done
for packets in $(seq 20 7 400); do
	run 0 conformance/scenarios/two-links.yaml \
		--set "traffic[0].packets=$packets"
done
finish
