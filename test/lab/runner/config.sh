#!/bin/bash
# Stands in for the real runner's config.sh: the same flags, the same words, the same ways to fail. Speaks to the lab's GitHub.
set -euo pipefail
cd "$(dirname "$0")"

if [ "$(id -u)" -eq 0 ] && [ -z "${RUNNER_ALLOW_RUNASROOT:-}" ]; then
	echo 'Must not run with sudo'
	exit 1
fi

url='' token=${ACTIONS_RUNNER_INPUT_TOKEN:-} name=$(hostname) group=Default labels='' work=_work ephemeral=no unattended=no replace=no jit=''
while [ $# -gt 0 ]; do
	case $1 in
	--url) url=$2; shift 2 ;;
	--token) token=$2; shift 2 ;;
	--name) name=$2; shift 2 ;;
	--runnergroup) group=$2; shift 2 ;;
	--labels) labels=$2; shift 2 ;;
	--work) work=$2; shift 2 ;;
	--jitconfig) jit=$2; shift 2 ;;
	--ephemeral) ephemeral=yes; shift ;;
	--unattended) unattended=yes; shift ;;
	--replace) replace=yes; shift ;;
	--disableupdate) shift ;;
	*)
		echo "Unrecognized command-line input arguments: '${1#--}'. For usage refer to: .\\config.cmd --help or ./config.sh --help"
		exit 1
		;;
	esac
done
if [ -e .runner ]; then
	echo 'Cannot configure the runner because it is already configured. To reconfigure the runner, run '"'config.cmd remove' or './config.sh remove'"' first.'
	exit 1
fi
if [ "$unattended" = no ] && [ -z "$jit" ]; then
	echo 'The lab answers no questions: --unattended is missing'
	exit 1
fi

echo
echo '# Authentication'
answer=$(curl --silent --show-error --max-time 30 --write-out '\n%{http_code}' \
	--data-urlencode "url=$url" --data-urlencode "token=$token" --data-urlencode "name=$name" --data-urlencode "group=$group" --data-urlencode "labels=$labels" \
	--data-urlencode "ephemeral=$ephemeral" --data-urlencode "replace=$replace" --data-urlencode "jitconfig=$jit" --data-urlencode "version=$(cat bin/version)" \
	"$(printf '%s' "$url" | sed -E 's,^(https?://[^/]+).*,\1,')/lab/register")
code=${answer##*$'\n'} body=${answer%$'\n'*}
if [ "$code" != 200 ]; then
	printf '%s\n' "$body"
	exit 1
fi
echo
echo '√ Connected to GitHub'
echo
echo '# Runner Registration'
echo
echo '√ Runner successfully added'
printf '%s\n' "$url" "$body" "$work" "$name" >.runner
echo
echo '# Runner settings'
echo
echo '√ Settings Saved.'
