#!/bin/bash
# Stands in for the real runner's run.sh: listens, runs one job's steps as shell in a work folder, reports, ends.
set -uo pipefail
cd "$(dirname "$0")"

# As the real one, which takes the configuration out of its environment before it does anything else.
jit=${ACTIONS_RUNNER_INPUT_JITCONFIG:-}
unset ACTIONS_RUNNER_INPUT_JITCONFIG
if [ -n "$jit" ]; then
	url=$(cat bin/url) work=_work
	answer=$(printf '%s' "$jit" | curl --silent --show-error --max-time 30 --write-out '\n%{http_code}' --data-urlencode jitconfig@- --data-urlencode "version=$(cat bin/version)" "$url/lab/start-jit")
	if [ "${answer##*$'\n'}" != 200 ]; then
		printf '%s\n' "${answer%$'\n'*}"
		exit 1
	fi
	{ read -r secret; read -r name; } <<<"$answer"
else
	{ read -r url; read -r secret; read -r work; read -r name; } <.runner || { echo 'Not configured. Run config.sh to configure the runner.'; exit 1; }
fi
lab=$(printf '%s' "$url" | sed -E 's,^(https?://[^/]+).*,\1,')/lab

echo
echo '√ Connected to GitHub'
echo
echo "Current runner version: '$(cat bin/version)'"
echo "$(date -u '+%F %TZ'): Listening for Jobs"
mkdir -p "$work" _diag
while :; do
	code=$(curl --silent --max-time 40 --output "$work/next" --write-out '%{http_code}' --header "lab-secret: $secret" "$lab/next-job")
	case $code in
	200) break ;;
	204) ;;
	410) echo "Runner version v$(cat bin/version) is deprecated and cannot receive messages."; exit 0 ;;
	401) echo 'The session for this runner is gone.'; exit 1 ;;
	*) sleep 1 ;;
	esac
done

{ read -r job; } <"$work/next"
sed 1d "$work/next" >"$work/steps.sh"
echo "$(date -u '+%F %TZ'): Running job: $job"
mkdir -p "$work/$job"
(cd "$work/$job" && RUNNER_NAME=$name GITHUB_WORKSPACE=$PWD bash --noprofile --norc -eo pipefail ../steps.sh) >"_diag/$job.log" 2>&1
result=$?
conclusion=success
[ "$result" -eq 0 ] || conclusion=failure
echo "$(date -u '+%F %TZ'): Job $job completed with result: $conclusion"
for _ in 1 2 3 4 5; do
	curl --silent --fail --max-time 20 --header "lab-secret: $secret" --data-urlencode "conclusion=$conclusion" --data-urlencode "log@_diag/$job.log" "$lab/job-done" >/dev/null && break
	sleep 1
done
rm -f .runner
