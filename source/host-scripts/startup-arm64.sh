#!/bin/bash
# Installs GitHub's runner and starts it for one job, with a just-in-time configuration (GITHUB_RUNNER_JIT_CONFIG) or registered with a token
# (GITHUB_RUNNER_TOKEN); when it ends, whatever the reason, the machine powers off.
set -euo pipefail

user=runner
home=${RUNNER_HOME:-/home/runner}
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
if [ -n "${RUNNER_PATH:-}" ]; then
	path=$RUNNER_PATH
fi
log=${RUNNER_LOG:-/var/log/actions-runner.log}

machine=$(uname -m)
if [ "$machine" != aarch64 ]; then
	echo "This script is for aarch64, this machine is $machine"
	exit 1
fi

case $RUNNER_DOWNLOAD_FILENAME in
'' | */* | -*)
	echo "Not a file name: $RUNNER_DOWNLOAD_FILENAME"
	exit 1
	;;
esac

cd "$home"
echo "Download $RUNNER_DOWNLOAD_FILENAME"
download=(--fail --silent --show-error --location --retry 5 --retry-delay 2 --connect-timeout 15)
# Curl before 7.71 (CentOS 8, Debian 10, Ubuntu 20.04) tries again after fewer errors.
if curl --retry-all-errors --version >/dev/null 2>&1; then
	download+=(--retry-all-errors)
else
	download+=(--retry-connrefused)
fi
# No redirect leads from https to anything else.
case $RUNNER_DOWNLOAD_URL in
https://*) download+=(--proto '=https') ;;
esac
curl "${download[@]}" --output "$RUNNER_DOWNLOAD_FILENAME" "$RUNNER_DOWNLOAD_URL"
echo "Check it"
printf '%s  %s\n' "$RUNNER_DOWNLOAD_SHA256" "$RUNNER_DOWNLOAD_FILENAME" | sha256sum -c -
# What an image made of a used server brought along: config.sh would refuse to configure it again.
rm -f .runner .credentials .credentials_rsaparams .service
tar xzf "./$RUNNER_DOWNLOAD_FILENAME"
rm -f "./$RUNNER_DOWNLOAD_FILENAME"
chown -R "$user:$user" "$home"

# The runner needs ICU and says so only when it starts.
if [ -e ./bin/installdependencies.sh ] && { ! libraries=$(ldconfig -p) || [ "${libraries#*libicu}" = "$libraries" ]; }; then
	echo "Install what the runner needs"
	DEBIAN_FRONTEND=noninteractive ./bin/installdependencies.sh || echo "installdependencies.sh failed, going on without"
fi

# A just-in-time configuration needs no config.sh: GitHub has the runner's record, its name and labels.
if [ -z "${GITHUB_RUNNER_JIT_CONFIG:-}" ]; then
	echo "Configure runner $RUNNER_NAME"
	options=(--unattended --replace --url "$GITHUB_URL/$GITHUB_REPOSITORY" --name "$RUNNER_NAME" --labels "$GITHUB_RUNNER_LABELS" --work _work --ephemeral --disableupdate)
	if [ -n "${GITHUB_RUNNER_GROUP:-}" ]; then
		options+=(--runnergroup "$GITHUB_RUNNER_GROUP")
	fi
	(
		# config.sh reads the token from this variable: on a command line every user of the machine could read it.
		token=$GITHUB_RUNNER_TOKEN
		for name in $(compgen -e); do
			unset "$name"
		done
		# shellcheck disable=SC2030
		export HOME=$home USER=$user LOGNAME=$user PATH=$path LANG=C.UTF-8 ACTIONS_RUNNER_INPUT_TOKEN=$token
		exec runuser -u "$user" -- ./config.sh "${options[@]}"
	)
fi

echo "Start runner"
# In a session of its own and with none of our variables: jobs see the runner's environment. It takes the configuration out of that before it begins; in a
# command line, which env would have, every user of the machine could read it.
(
	jit=${GITHUB_RUNNER_JIT_CONFIG:-}
	for name in $(compgen -e); do
		unset "$name"
	done
	# shellcheck disable=SC2031
	export HOME=$home USER=$user LOGNAME=$user PATH=$path LANG=C.UTF-8 ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE=1
	if [ -n "$jit" ]; then
		export ACTIONS_RUNNER_INPUT_JITCONFIG=$jit
	fi
	# shellcheck disable=SC2016
	exec setsid bash -c 'runuser -u "$1" -- ./run.sh; echo "run.sh ended with $?"; systemctl poweroff || poweroff -f' runner-then-poweroff "$user"
) </dev/null >>"$log" 2>&1 &
echo "Started"
