#!/bin/bash
# Makes the user that the runner works as, with sudo that asks for no password. Running it again changes nothing.
set -euo pipefail

user=runner
sudoers=${RUNNER_SUDOERS:-/etc/sudoers.d/90-runner}
tools=${RUNNER_TOOLS:-/opt/hostedtoolcache}

if ! command -v sudo >/dev/null; then
	echo "Install sudo"
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq sudo
fi

if id -u "$user" >/dev/null 2>&1; then
	echo "User $user exists"
else
	echo "Create user $user"
	adduser "$user" --disabled-password --gecos ""
fi

if ! getent group wheel >/dev/null; then
	addgroup wheel
fi
usermod -aG wheel "$user"
usermod -aG sudo "$user"

echo "Let the groups wheel and sudo use sudo without a password"
# Checked before it is in force: a broken file here would lock everybody out of sudo.
printf '%s\n' '%wheel ALL=(ALL:ALL) NOPASSWD:ALL' '%sudo ALL=(ALL:ALL) NOPASSWD:ALL' >"$sudoers.tmp"
chmod 0440 "$sudoers.tmp"
visudo -c -q -f "$sudoers.tmp"
mv "$sudoers.tmp" "$sudoers"

# Where the setup-node, setup-python and like actions put what they download.
mkdir -p "$tools"
chown "$user:$user" "$tools"
echo "Set up"
