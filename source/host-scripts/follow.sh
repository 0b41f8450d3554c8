# shellcheck shell=bash
# Read by `bash -s` after the assignments that README.md lists: says whether the scripts have been started, then follows their output.
# They are started, once and detached, by what comes on standard input after "@answered fresh".

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
		# Its first act is to take its own text from the disk: jobs have root here. Bash keeps the file open that it reads.
		timeout --kill-after=10 "$left" bash "$state/$script" >&4 2>&1 4>&- </dev/null
		code=$?
		rm -f "$state/$script"
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
	local line part='' count=0 step=setup idle=0 is_dead=no turn
	# Another session may just be starting them.
	for ((turn = 0; turn < 50; turn++)); do
		[ -e "$state/output" ] && break
		sleep 0.2
	done
	if [ ! -e "$state/output" ]; then
		echo "@ended setup 143 $(date +%s)"
		return 143
	fi
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

# The state of another server came along in an image made of it: it says nothing of this one. Of an engine that named no server a running launcher is ours.
hrt_own_state() {
	[ -e "$1" ] || return 0
	[ "$(cat "$1/server" 2>/dev/null)" = "$HRT_SERVER" ] && return 0
	[ ! -e "$1/server" ] && hrt_is_alive "$1/launcher" && return 0
	rm -rf "$1.of-another"
	mv "$1" "$1.of-another"
}

# In the place of the host key that the engine gave to cloud-init, which every job can read from the metadata service: one that never left this machine.
hrt_replace_host_key() {
	local folder=${HRT_SSH_FOLDER:-/etc/ssh} unit above pid=$PPID listener=''
	[ -e "$1/host_key" ] || return 0
	rm -f "$folder"/ssh_host_*_key "$folder"/ssh_host_*_key.pub
	mv "$1/host_key.pub" "$folder/ssh_host_ed25519_key.pub" && chmod 644 "$folder/ssh_host_ed25519_key.pub"
	mv "$1/host_key" "$folder/ssh_host_ed25519_key"
	if command -v restorecon >/dev/null; then
		restorecon "$folder/ssh_host_ed25519_key" "$folder/ssh_host_ed25519_key.pub"
	fi
	for unit in ssh sshd; do
		if systemctl is-active --quiet "$unit.service" 2>/dev/null && systemctl reload "$unit.service"; then
			return 0
		fi
	done
	# Without systemd: the topmost sshd above this session is the one that listens; the session's own process is not.
	while [ "$pid" -gt 1 ] && read -r above <"/proc/$pid/comm"; do
		case $above in
		sshd*) if [ -z "$listener" ]; then listener=none; else listener=$pid; fi ;;
		*) [ -z "$listener" ] || break ;;
		esac
		pid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status")
	done
	case $listener in '' | none) ;; *) kill -HUP "$listener" ;; esac
}

# First contact: no secret has come yet. Comes back when the scripts are to be started; else follows them and ends the session.
hrt_hello() {
	local key=''
	umask 077
	hrt_own_state "$state"
	if [ -e "$state/started" ]; then
		echo "@answered resumed $(date +%s)"
		hrt_follow
		exit
	fi
	# Whole or not at all, as another session may look at it at the same moment.
	if [ ! -e "$state" ]; then
		mkdir -p "$state.new.$$" && chmod 700 "$state.new.$$" && printf '%s\n' "$HRT_SERVER" >"$state.new.$$/server" || exit 1
		mv -T "$state.new.$$" "$state" 2>/dev/null || rm -rf "$state.new.$$"
	fi
	if [ "${HRT_NEW_HOST_KEY:-no}" = yes ] && command -v ssh-keygen >/dev/null; then
		if [ ! -e "$state/host_key" ]; then
			ssh-keygen -q -t ed25519 -N '' -C '' -f "$state/host_key.$$" >/dev/null
			mv "$state/host_key.$$.pub" "$state/host_key.pub" && mv "$state/host_key.$$" "$state/host_key"
		fi
		key=" $(cut -d ' ' -f 1,2 "$state/host_key.pub")"
	fi
	echo "@answered fresh $(date +%s)$key"
}

hrt_start() {
	local quoted
	# Of two sessions at once one makes the folder, and only that one starts the scripts.
	if mkdir "$state/started" 2>/dev/null; then
		hrt_replace_host_key "$state"
		printf -v quoted %q "$state"
		printf '%s' "rm -f -- $quoted/setup; $HRT_SETUP_SCRIPT" >"$state/setup"
		printf '%s' "rm -f -- $quoted/startup; $HRT_STARTUP_SCRIPT" >"$state/startup"
		: >"$state/output"
		# The scripts' variables go along in the environment, so that the token is never on the disk.
		setsid nohup bash -c "$(declare -f hrt_frame hrt_launch); hrt_launch \"\$@\"" hrt-launcher "$state" "$HRT_MAX_SETUP_SECONDS" >/dev/null 2>&1 &
	fi
	hrt_follow
	exit
}

state=${HRT_STATE:-/var/lib/hetzner-runners-tui}
hrt_hello </dev/null
