# Completion of hotswitch: tasks, their options, formats, files, and the commands
# of the language with theirs.  The variables above are of the program's tables.

# Files, or folders, with an ending; folders always.
_hotswitch_files() {
	local IFS=$'\n'
	compopt -o filenames 2>/dev/null
	COMPREPLY=($(compgen -d -- "$2"))
	[ -z "$1" ] || COMPREPLY+=($(compgen -f -X "!*.$1" -- "$2"))
}

# The value of an option, by its name; fails for one that has none.
_hotswitch_value() {
	case $1 in
	--format) COMPREPLY=($(compgen -W "${_hotswitch_formats[$task]-}" -- "$2")) ;;
	--log-format) COMPREPLY=($(compgen -W 'logfmt json' -- "$2")) ;;
	--log-level) COMPREPLY=($(compgen -W 'emergency alert critical error warning \
		notice info debug' -- "$2")) ;;
	--orders) COMPREPLY=($(compgen -W all -- "$2")) ;;
	--run) COMPREPLY=($(compgen -W last -- "$2")) ;;
	--modules) _hotswitch_files '' "$2" ;;
	--db) _hotswitch_files db "$2" ;;
	--config) _hotswitch_files tcl "$2" ;;
	--socket | --log | --ladder | --output | -o) _hotswitch_files '*' "$2" ;;
	--call | --http | --jobs | -j | --limit | --only | --schedulers | --seed | \
		--timeout | --where | -D) COMPREPLY=() ;;
	*) return 1 ;;
	esac
}

_hotswitch() {
	local current=${COMP_WORDS[COMP_CWORD]} first=${COMP_WORDS[1]}
	local before=${COMP_WORDS[COMP_CWORD - 1]} task command=
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W "${!_hotswitch_tasks[*]} help $_hotswitch_operations \
			--help --version $_hotswitch_commands" -- "$current"))
		return
	fi
	if [ "$first" = help ]; then
		COMPREPLY=($(compgen -W "language $_hotswitch_commands" -- "$current"))
		return
	fi
	# A command may stand without `ctl`, and behind it.
	task=$first
	if [ -z "${_hotswitch_tasks[$first]-}" ]; then
		task=ctl command=$first
	elif [ "$first" = ctl ] && [ "$COMP_CWORD" -gt 2 ]; then
		command=${COMP_WORDS[2]}
	fi
	! _hotswitch_value "$before" "$current" || return 0
	case $current in
	--*)
		local options=${_hotswitch_tasks[$task]-}
		COMPREPLY=($(compgen -P -- -W "$options" -- "${current#--}"))
		return
		;;
	esac
	case $task in
	run | check) _hotswitch_files tcl "$current" ;;
	ctl)
		if [ -z "$command" ]; then
			COMPREPLY=($(compgen -W "$_hotswitch_operations $_hotswitch_commands" \
				-- "$current"))
		else
			COMPREPLY=($(compgen -W "${_hotswitch_words[$command]-}" \
				-- "$current"))
		fi
		;;
	esac
}
complete -F _hotswitch hotswitch
