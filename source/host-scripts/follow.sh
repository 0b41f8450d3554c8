# shellcheck shell=bash
# Read by `bash -s` after the assignments that README.md lists: starts the scripts once, detached, and follows their output.

# Whether the launcher that wrote these words still runs: its process id could be another's by now, its birth and boot not.
hrt_is_alive() {
	local pid birth boot
	read -r pid birth boot <"$1" 2>/dev/null || return 1
	[ "$(cat /proc/sys/kernel/random/boot_id)" = "$boot" ] && [ "$(cut -d ' ' -f 22 "/proc/$pid/stat" 2>/dev/null)" = "$birth" ]
}

# It travels to a shell of its own, as hrt_launch does.
# shellcheck disable=SC2317
# Puts "| " in front of each line. Pieces of 4000 bytes at the most; of a line that was drawn over by \r its last state;
# 4 MB a script, then the rest is swallowed, so that the script is never blocked by its own words.
hrt_frame() {
	local LC_ALL=C line bytes=0
	while IFS= read -r -n 4000 line || [ -n "$line" ]; do
		line=${line%$'\r'}
		line=${line##*$'\r'}
		bytes=$((bytes + ${#line} + 3))
		if [ "$bytes" -gt 4000000 ]; then
			echo '| … the rest of the output is dropped, the script goes on'
			cat >/dev/null
			return
		fi
		printf '| %s\n' "$line"
	done
}

# shellcheck disable=SC2317
# Runs both scripts, one after the other, and writes what they say and how they end. Its arguments: the state's folder, seconds.
hrt_launch() {
	local state=$1 end script code framer turn left
	end=$(($(date +%s) + $2))
	code=0
	echo "$$ $(cut -d ' ' -f 22 "/proc/$$/stat") $(cat /proc/sys/kernel/random/boot_id)" >"$state/launcher.new"
	mv "$state/launcher.new" "$state/launcher"
	exec >>"$state/output"
	for script in setup startup; do
		echo "@step $script"
		left=$((end - $(date +%s)))
		if [ "$left" -le 0 ]; then
			code=124
			break
		fi
		exec 4> >(exec 4>&-; hrt_frame)
		framer=$!
		timeout --kill-after=10 "$left" bash "$state/$script" >&4 2>&1 4>&- </dev/null
		code=$?
		exec 4>&-
		# What the script left running may hold its output open: its own last words get two seconds.
		for turn in 1 1 2 2 3 3 4 4; do
			kill -0 "$framer" 2>/dev/null || break
			sleep "0.$turn"
		done
		if [ "$code" -eq 137 ] && [ "$(date +%s)" -ge "$end" ]; then
			code=124
		fi
		[ "$code" -eq 0 ] || break
	done
	if [ "$code" -eq 255 ]; then
		code=254 # 255 is ssh's own.
	fi
	echo "@ended $script $code $(date +%s)"
}

# Sends the lines after the first HRT_FOLLOW_FROM, until the last; comes back with the scripts' exit code.
hrt_follow() {
	local state=$1 line part='' count=0 step=setup idle=0 is_dead=no
	exec 3<"$state/output"
	while :; do
		if IFS= read -r part <&3; then
			line+=$part
			part=''
			count=$((count + 1))
			idle=0
			if [ "$count" -gt "$HRT_FOLLOW_FROM" ] || [ "${line#@ended }" != "$line" ]; then
				printf '%s\n' "$line" || return 1
			fi
			case $line in
			'@step '*) step=${line#@step } ;;
			'@ended '*)
				line=${line#@ended * }
				return "${line%% *}"
				;;
			esac
			line=''
			continue
		fi
		line+=$part # Half a line: the rest is being written.
		if [ "$is_dead" = yes ]; then
			# All that it wrote has been read, and its end is not there: it was killed, or the machine went down.
			[ -z "$line" ] || printf '%s\n' "$line"
			echo "@ended $step 143 $(date +%s)"
			return 143
		fi
		idle=$((idle + 1))
		sleep 0.2
		# A launcher just started gets ten seconds to write its name.
		if [ $((idle % 5)) -eq 0 ] && ! hrt_is_alive "$state/launcher" && { [ -e "$state/launcher" ] || [ "$idle" -ge 50 ]; }; then
			is_dead=yes
		fi
	done
}

hrt_main() {
	local state=${HRT_STATE:-/var/lib/hetzner-runners-tui} turn
	umask 077
	mkdir -p "$state" && chmod 700 "$state" || return 1
	# Of two sessions at once one makes the folder, and only that one starts the scripts.
	if mkdir "$state/started" 2>/dev/null; then
		printf '%s' "$HRT_SETUP_SCRIPT" >"$state/setup"
		printf '%s' "$HRT_STARTUP_SCRIPT" >"$state/startup"
		: >"$state/output"
		# The scripts' variables go along in the environment, so that the token is never on the disk.
		setsid nohup bash -c "$(declare -f hrt_frame hrt_launch); hrt_launch \"\$@\"" hrt-launcher "$state" "$HRT_MAX_SETUP_SECONDS" >/dev/null 2>&1 &
		echo "@answered fresh $(date +%s)"
	else
		echo "@answered resumed $(date +%s)"
		for ((turn = 0; turn < 50; turn++)); do
			[ -e "$state/output" ] && break
			sleep 0.2
		done
		if [ ! -e "$state/output" ]; then
			echo "@ended setup 143 $(date +%s)"
			return 143
		fi
	fi
	hrt_follow "$state"
}

hrt_main </dev/null
exit
