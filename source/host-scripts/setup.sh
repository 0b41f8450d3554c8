#!/bin/bash
# Makes the user that the runner works as, with sudo that asks for no password. Running it again changes nothing.
# For the images that Hetzner offers: Debian, Ubuntu, Fedora, CentOS Stream, Rocky, Alma, openSUSE.
set -euo pipefail

user=runner
sudoers=${RUNNER_SUDOERS:-/etc/sudoers.d/90-runner}
tools=${RUNNER_TOOLS:-/opt/hostedtoolcache}

# On a first boot it still installs and configures; how it ends is its own affair.
if command -v cloud-init >/dev/null; then
	echo "Wait for cloud-init"
	timeout 300 cloud-init status --wait >/dev/null 2>&1 || true
fi

# The package lists have a lock of their own, for which apt-get does not wait.
update_lists() {
	local turn said code
	for turn in {1..60}; do
		code=0
		said=$(LC_ALL=C apt-get update -qq 2>&1) || code=$?
		case $said in
		*'Could not get lock'* | *'Unable to lock'*) [ "$turn" -eq 1 ] && echo "Wait for another apt-get" ;;
		*) break ;;
		esac
		sleep 5
	done
	[ -z "$said" ] || printf '%s\n' "$said"
	return "$code"
}

if ! command -v sudo >/dev/null; then
	echo "Install sudo"
	if command -v apt-get >/dev/null; then
		update_lists
		DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq sudo
	elif command -v dnf >/dev/null; then
		dnf install -y -q sudo
	elif command -v zypper >/dev/null; then
		ZYPP_LOCK_TIMEOUT=300 zypper --non-interactive --quiet install sudo
	else
		echo "This system has neither apt-get nor dnf nor zypper: sudo cannot be installed"
		exit 1
	fi
fi

if id -u "$user" >/dev/null 2>&1; then
	echo "User $user exists"
else
	echo "Create user $user"
	useradd --create-home --user-group --shell /bin/bash "$user"
fi

# What the distributions call the group for administrators; that of docker is there when the image has it.
groupadd -f wheel
groupadd -f sudo
groups=wheel,sudo
if getent group docker >/dev/null; then
	groups+=,docker
fi
usermod -aG "$groups" "$user"

echo "Let the groups wheel and sudo use sudo without a password"
# Checked before it is in force: a broken file here would lock everybody out of sudo.
printf '%s\n' '%wheel ALL=(ALL:ALL) NOPASSWD:ALL' '%sudo ALL=(ALL:ALL) NOPASSWD:ALL' >"$sudoers.tmp"
chmod 0440 "$sudoers.tmp"
visudo -c -q -f "$sudoers.tmp"
mv "$sudoers.tmp" "$sudoers"

# Where the setup-node, setup-python and like actions put what they download.
mkdir -p "$tools"
chown "$user:$user" "$tools"

# Hetzner's metadata service tells whoever asks what the server was made with. cloud-init has read it: nothing else needs it.
ip route replace blackhole 169.254.169.254/32 || echo "The metadata service stays open to jobs"
echo "Set up"
