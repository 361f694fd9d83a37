# Completion of culprit for bash.

# The words of these sections of `culprit explain`.
_culprit_explained()
{
	culprit explain 2>/dev/null | awk -v sections="$1" '
		/^[A-Z]/ { is_in = index(sections, "|" $0 "|") }
		is_in && /^  [a-z]/ { print $1 }'
}

# The last word of a list with commas.
_culprit_list()
{
	local last=${word##*,}

	mapfile -t COMPREPLY < <(compgen -P "${word%"$last"}" -W "$1" -- "$last")
}

_culprit()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
	local command=${COMP_WORDS[1]}
	local common="--output --quiet --verbose --color --time --help --version"
	local own=""

	COMPREPLY=()
	if [ "$COMP_CWORD" = 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "analyze merge capture timeline \
			compare probe explain --help --version" -- "$word")
		return
	fi
	if [ "$before" = = ]; then
		before=${COMP_WORDS[COMP_CWORD-2]}
	elif [ "$word" = = ]; then
		word=""
	fi
	case $before in
	--color)
		mapfile -t COMPREPLY < <(compgen -W "auto always never" -- \
			"$word")
		return ;;
	--time)
		mapfile -t COMPREPLY < <(compgen -W "rel local utc" -- "$word")
		return ;;
	--by)
		mapfile -t COMPREPLY < <(compgen -W "mechanism server client \
			port hop sni minute" -- "$word")
		return ;;
	-Q)
		mapfile -t COMPREPLY < <(compgen -W "in out inout" -- "$word")
		return ;;
	--only)
		_culprit_list "$(culprit probe --help 2>/dev/null |
			sed '1,/^Experiments:/d; s/^  //; s/ .*//')"
		return ;;
	-i | --interface)
		mapfile -t COMPREPLY < <(compgen -W \
			"any $(ls /sys/class/net 2>/dev/null)" -- "$word")
		return ;;
	-o | --output | -r | -w | --write | --partial | --lake | --html | --xplot)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return ;;
	--plot)
		mapfile -t COMPREPLY < <(compgen -W "sequence rtt ttl ip-id" -- \
			"$word")
		return ;;
	--fail-on)
		own="|Mechanism of an incident|Sender or culprit|"
		if [ "$command" = probe ]; then
			own="|Finding of a probe|Cause of connections that fail|"
		elif [ "$command" = compare ]; then
			own+="Outcome of a comparison|"
		fi
		_culprit_list "any $(_culprit_explained "$own" |
			grep -vxE 'none|arrived|not-judged')"
		return ;;
	esac
	common+=" $(culprit "$command" --help 2>/dev/null |
		sed -n '/^Formats:/,/^$/s/^ *\(--[a-z-]*\).*/\1/p')"
	case $command in
	analyze) own="--at --filter --follow --fail-on --html --all-flows --jobs --memory \
		--max-flows --max-incidents --partial --lake --by --top" ;;
	merge) own="--at --fail-on --all-flows --jobs --memory \
		--max-flows --max-incidents --lake --by --top" ;;
	capture) own="--interface --by --top" ;;
	compare) own="--at --filter --fail-on --html --memory" ;;
	timeline) own="--flow --frame --stream --first --around \
		--filter --html --plot --xplot" ;;
	probe) own="--port --only --write --html --max-ttl --rate --dry-run --idle-max --idle-precision --verify --trigger --send --client-algorithms --startups --login-grace --sni \
		--names --advice --fail-on" ;;
	explain)
		own="$(culprit explain 2>/dev/null |
			sed -n 's/^  \([a-z][a-z-]*\).*/\1/p')" ;;
	esac
	case $command:$word in
	explain:* | *:-*)
		mapfile -t COMPREPLY < <(compgen -W "$own $common" -- "$word") ;;
	analyze:* | merge:* | timeline:* | compare:*)
		mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
	probe:*)
		mapfile -t COMPREPLY < <(compgen -A hostname -- "$word") ;;
	esac
}
complete -o filenames -F _culprit culprit
