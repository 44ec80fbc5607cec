# SPDX-License-Identifier: BSD-3-Clause
# Help, versions, and what is said about command lines that make no sense.
. "$(dirname "$0")/lib.sh"

ends 0 "$twinring" --help
says out 'Usage: twinring'
says out 'Exit status'
silent err
cp "$work/out" "$work/help"
ends 0 "$twinring" -h
cmp -s "$work/out" "$work/help" || fail "-h is not --help"
ends 0 "$twinring" help
cmp -s "$work/out" "$work/help" || fail "help is not --help"

ends 2 "$twinring"
silent out
says err 'Usage: twinring'

ends 0 "$twinring" --version
silent err
for library in twinring libpcap libyaml zlib bzip2 liblzma zstd xxHash; do
	says out "$library "
done

for verb in $(verbs); do
	ends 0 "$twinring" "$verb" --help
	silent err
	says out "Usage: twinring $verb"
	says out 'Examples:'
	cp "$work/out" "$work/verb"
	ends 0 "$twinring" help "$verb"
	cmp -s "$work/out" "$work/verb" || fail "help $verb is another help"
	if grep -qE "^Usage: .*OPTION]\.\.\. [A-Zi]" "$work/verb"; then
		ends 2 "$twinring" "$verb" # it needs a word
		silent out
		says err "Try 'twinring $verb --help'"
	fi
	ends 2 "$twinring" "$verb" --no-such-option
	silent out
	says err "unknown option '--no-such-option'"
done

# refuses WORDS MESSAGE: exit status 2 and the message, on stderr only.
refuses() {
	local words
	read -ra words <<<"$1"
	ends 2 "$twinring" "${words[@]}"
	silent out
	says err "$2"
}

refuses 'rnu' "unknown verb 'rnu'; did you mean 'run'?"
refuses 'lsit rules' "did you mean 'list'?"
refuses 'xyzzy' "unknown verb 'xyzzy'"
refuses '--vresion' "unknown option '--vresion'"
refuses 'help rnu' "did you mean 'run'?"
refuses 'help run now' "'now' is one word too many"
refuses 'run x --jsno y' "unknown option '--jsno'; did you mean '--json'?"
refuses 'run x --pr' "option '--pr' could be several"
refuses 'run x -z' "unknown option '-z'"
refuses 'run x --seed' "option '--seed' needs N"
refuses 'run x --quiet=3' "option '--quiet' takes no value"
refuses 'run x y' "'y' is one word too many"
refuses 'run x --json - --junit -' 'only one FILE can be -'
refuses 'list ruels' "unknown topic 'ruels'; did you mean 'rules'?"
refuses 'list rules --json --markdown' 'JSON or Markdown, not both'
refuses 'list schema --json' "'schema' is Markdown only"
refuses 'pcap inof x' "unknown word 'inof'"
finish
