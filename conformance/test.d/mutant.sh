# SPDX-License-Identifier: BSD-3-Clause
# Usage: mutant.sh TWINRING-MUTANTS TABLE MUTANT
#    or: mutant.sh TWINRING-MUTANTS TABLE all
# A plain exploration finds MUTANT, an error that is planted, as its row of TABLE
# says: where every store is seen at once, with the shortest way to it, which a
# run with that error repeats. With "all", each error has a row, and each world
# is clean where no error is planted.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
table=$2
with=(--memory sc --set expect.violations=none --no-progress)

# explore MUTANT WORLD OPTION...
explore() {
	local mutant=$1 world=conformance/scenarios/$2.yaml
	shift 2
	"$twinring" "$mutant" explore "$world" "${with[@]}" "$@" >"$work/out"
}

# tried MUTANT WORLD OPTION...: trials of a world at random.
tried() {
	local mutant=$1 world=conformance/scenarios/${2#swarm:}.yaml
	shift 2
	"$twinring" "$mutant" swarm "$world" "$@" >"$work/out" 2>&1
}

# Each error has one row, but for those of vbus, which a unit test finds.
all() {
	local world options
	diff <("$twinring" list | grep -v '^shm-' | sort) \
		<(grep -v '^#' "$table" | cut -d' ' -f1 | sort) ||
		fail "$table has other errors than model/mutants.def"
	while read -r world options; do
		# shellcheck disable=SC2086 # words of a table
		if [[ $world = swarm:* ]]; then
			tried none "$world" $options || fail "$world is not clean"
			continue
		fi
		# shellcheck disable=SC2086
		explore none "$world" $options --max-states 3000000 \
			--allow-incomplete || fail "$world $options is not clean"
	done < <(grep -v '^#' "$table" | cut -d' ' -f3- | sort -u)
}

one() {
	local clause world options
	read -r clause world options < <(sed -n "s/^$1 //p" "$table")
	if [[ $world = swarm:* ]]; then
		# shellcheck disable=SC2086
		tried "$1" "$world" $options && fail "$1 is not found"
		grep -q "$clause" "$work/out" || fail "$1 breaks something else"
		return
	fi
	# shellcheck disable=SC2086
	explore "$1" "$world" $options --first --save "$work/story.yaml" &&
		fail "$1 is not found"
	grep -q "^$clause: " "$work/out" || fail "$1 breaks something else"
	"$twinring" "$1" run "$work/story.yaml" >"$work/out" ||
		fail "the story does not repeat"
	"$twinring" none run "$work/story.yaml" >/dev/null 2>&1 &&
		fail "so it does where no error is planted"
}

if [ "$3" = all ]; then
	all
else
	one "$3"
fi
finish
