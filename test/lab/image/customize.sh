#!/bin/sh
# Turns a fresh Debian root file system ($1) into the disk that every machine of the lab starts from.
set -eu
root=$1

echo '/dev/vda / ext4 defaults 0 1' >"$root/etc/fstab"
echo lab >"$root/etc/hostname"
rm -f "$root"/etc/ssh/ssh_host_*

# The machine's only network is that of its emulator.
cat >"$root/etc/network/interfaces" <<'END'
auto lo
iface lo inet loopback
auto eth0
iface eth0 inet static
	address 10.0.2.15/24
	gateway 10.0.2.2
END

# What a cloud's first boot does: the name, the keys that may log in, the host key of its user data or one of its own. Told on the kernel's command line.
cat >"$root/usr/local/sbin/lab-boot" <<'END'
#!/bin/sh
set -eu
value() { sed -n "s/.*lab\.$1=\([^ ]*\).*/\1/p" /proc/cmdline; }
name=$(value name)
if [ -n "$name" ]; then
	echo "$name" >/etc/hostname
	hostname "$name"
	echo "127.0.1.1 $name" >>/etc/hosts
fi
if [ ! -e /root/.ssh/authorized_keys ]; then
	mkdir -p -m 0700 /root/.ssh
	value keys | base64 -d >/root/.ssh/authorized_keys
	if [ -n "$(value hostkey)" ]; then
		(umask 077 && value hostkey | base64 -d >/etc/ssh/ssh_host_ed25519_key)
		ssh-keygen -y -f /etc/ssh/ssh_host_ed25519_key >/etc/ssh/ssh_host_ed25519_key.pub
	else
		ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
	fi
fi
if [ "$(value sshd)" = never ]; then
	systemctl mask --now --no-block ssh.service
fi
END
chmod 0755 "$root/usr/local/sbin/lab-boot"
cat >"$root/etc/systemd/system/lab-boot.service" <<'END'
[Unit]
DefaultDependencies=no
After=local-fs.target
Before=ssh.service network-pre.target
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/lab-boot
[Install]
WantedBy=multi-user.target
END

# What the emulator lets through: NAME ADDRESS IN-THE-EMULATOR.
mkdir -p "$root/etc/systemd/system/multi-user.target.wants" "$root/etc/systemd/system/sockets.target.wants"
way() {
	printf '[Socket]\nListenStream=%s\n' "$2" >"$root/etc/systemd/system/lab-$1.socket"
	printf '[Service]\nExecStart=/lib/systemd/systemd-socket-proxyd %s\n' "$3" >"$root/etc/systemd/system/lab-$1.service"
	ln -sf "/etc/systemd/system/lab-$1.socket" "$root/etc/systemd/system/sockets.target.wants/"
}
# The simulated GitHub, on the port that it has outside too, and Hetzner.
way github 127.0.0.1:18080 10.0.2.100:8080
way hetzner 127.0.0.1:18081 10.0.2.100:8081
# Simulated servers, for a machine on which the program itself runs.
for number in 2 3 4 5 6 7 8 9; do
	way "server-$number" "127.77.0.$number:2222" "10.0.2.10$number:22"
done
ln -sf /etc/systemd/system/lab-boot.service "$root/etc/systemd/system/multi-user.target.wants/"
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer dpkg-db-backup.timer; do
	ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
