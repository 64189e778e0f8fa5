/** The shell script that makes a throw-away view of this machine and runs a command in it. */
import { viewScratch } from './scratch-folder.ts';

/**
 * Runs as root and as the first process of new mount and process namespaces. Arguments: parts of the file system (`tree`
 * FOLDER: writable, what is written is gone afterwards; `file` FILE: a copy), `--`, sockets to hide, `--`, the command. It
 * runs as root of a user namespace that has the ids of outside and no say there.
 *
 * The mounts are made one user namespace further out than the command's, so that the kernel lets it undo none of them.
 * What is written lies in memory, on a tmpfs over /sys that only this mount namespace has: there is nothing to clean up.
 */
export const viewScript = `set -eu
base=/sys
new=$base/root
mount -t tmpfs -o mode=755 tracerig $base
mkdir $new
layer=0
while [ "$1" != -- ]; do
  case $1 in
  tree)
    layer=$((layer + 1))
    mkdir -p $base/$layer/upper $base/$layer/work "$new$2"
    # Blanks, commas, colons and backslashes are not told apart in mount's options.
    lower=$base/$layer/lower
    ln -s -- "$2" $lower
    mount -t overlay -o nodev,lowerdir=$lower,upperdir=$base/$layer/upper,workdir=$base/$layer/work tracerig "$new$2"
    chmod --reference="$2" -- "$new$2"
    chown --reference="$2" -- "$new$2"
    ;;
  file)
    cp -a -- "$2" "$new$2"
    ;;
  esac
  shift 2
done
shift
for at in proc sys dev run; do mkdir -p $new/$at; done
mount -t proc -o nosuid,nodev,noexec proc $new/proc
for at in sys sysrq-trigger irq bus fs; do
  [ -e $new/proc/$at ] || continue
  mount --bind $new/proc/$at $new/proc/$at
  mount -o remount,bind,ro,nosuid,nodev,noexec $new/proc/$at
done
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs $new/sys 2>/dev/null || mount -t tmpfs -o ro,nosuid,nodev,noexec none $new/sys
# Sockets and control files of the machine's services stand there.
mount -t tmpfs -o mode=755,nosuid,nodev none $new/run
mount -t tmpfs -o mode=755,nosuid none $new/dev
for at in null zero full random urandom tty; do
  : > $new/dev/$at
  mount --bind /dev/$at $new/dev/$at
done
for at in kcore kmsg; do
  [ ! -e $new/proc/$at ] || mount --bind /dev/null $new/proc/$at
done
mkdir $new/dev/pts $new/dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts $new/dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev none $new/dev/shm
ln -s pts/ptmx $new/dev/ptmx
ln -s /proc/self/fd $new/dev/fd
for at in 0:stdin 1:stdout 2:stderr; do ln -s /proc/self/fd/\${at%:*} $new/dev/\${at#*:}; done
cd $new
mkdir .tracerig-outside
pivot_root . .tracerig-outside
cd /
umount -l /.tracerig-outside
rmdir /.tracerig-outside
# What is recorded goes there: nobody else's files leave it without room.
mkdir ${viewScratch}
mount -t tmpfs -o mode=755,nosuid,nodev none ${viewScratch}
# mount's own notes.
rm -rf /run/mount
while [ "$1" != -- ]; do rm -f -- "$1"; shift; done
shift
exec 9<&0
# A second exec: only one that is done as root has root's capabilities.
unshare --user --mount --net --ipc --uts -- sh -c '
  until read -r _ </proc/self/gid_map; do sleep 0.01; done 2>/dev/null
  exec sh -c "ip link set lo up 2>/dev/null; exec \\"\\$@\\"" sh "$@"
' sh "$@" <&9 9<&- &
inside=$!
outside=$(readlink /proc/self/ns/user)
while [ "$(readlink /proc/$inside/ns/user)" = "$outside" ]; do sleep 0.01; done
map() { while read -r id _ length; do printf '%s %s %s\\n' "$id" "$id" "$length"; done </proc/self/$1; }
ids=$(map uid_map)
printf '%s\\n' "$ids" > /proc/$inside/uid_map
ids=$(map gid_map)
printf '%s\\n' "$ids" > /proc/$inside/gid_map
exec 9<&-
code=0
wait $! || code=$?
exit $code
`;
