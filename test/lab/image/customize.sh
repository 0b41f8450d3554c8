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

# What a cloud's first boot does: the name, the keys that may log in, host keys of its own. Told on the kernel's command line.
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
	ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
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

# The simulated GitHub, on the port that it has outside too.
cat >"$root/etc/systemd/system/lab-github.socket" <<'END'
[Socket]
ListenStream=127.0.0.1:18080
[Install]
WantedBy=sockets.target
END
cat >"$root/etc/systemd/system/lab-github.service" <<'END'
[Service]
ExecStart=/lib/systemd/systemd-socket-proxyd 10.0.2.100:8080
END
for unit in multi-user.target.wants/lab-boot.service sockets.target.wants/lab-github.socket; do
	mkdir -p "$root/etc/systemd/system/${unit%/*}"
	ln -sf "/etc/systemd/system/${unit##*/}" "$root/etc/systemd/system/$unit"
done
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer dpkg-db-backup.timer; do
	ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
