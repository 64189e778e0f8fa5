/*
 * PID 1 of the guest: loads the modules it needs, makes the ext4 disk the root, mounts what a machine has mounted, starts
 * the agent on its port and reaps whatever is orphaned. When the agent ends, the machine does: its host sees it at once.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PORT_NAME "tracerig.0"
#define AGENT "/sbin/tracerig-agent"
/* Devices appear some milliseconds after their module; on a starved host that can be long. */
#define TRIES 3000
#define PAUSE_NS 10000000

static void say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("tracerig-init: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
}

static void end_machine(void)
{
	sync();
	reboot(RB_AUTOBOOT);
	_exit(1);
}

static void die(const char *what)
{
	say("%s: %s", what, strerror(errno));
	end_machine();
}

static void pause_a_little(void)
{
	struct timespec time = { .tv_nsec = PAUSE_NS };

	nanosleep(&time, NULL);
}

static void mount_on(const char *type, const char *source, const char *target, const char *data, int needed)
{
	mkdir(target, 0755);
	if (mount(source, target, type, MS_RELATIME, data) != 0 && needed)
		die(target);
}

static void load_modules(void)
{
	char name[256];
	FILE *order = fopen("/modules/order", "re");

	if (order == NULL)
		return;
	while (fgets(name, sizeof(name), order) != NULL) {
		char path[300];
		int file;

		name[strcspn(name, "\n")] = '\0';
		snprintf(path, sizeof(path), "/modules/%s", name);
		file = open(path, O_RDONLY | O_CLOEXEC);
		if (file < 0 || (syscall(SYS_finit_module, file, "", 0) != 0 && errno != EEXIST))
			say("%s: %s", path, strerror(errno));
		if (file >= 0)
			close(file);
	}
	fclose(order);
}

static void mount_root(void)
{
	struct stat info;
	int tries;

	for (tries = 0; stat("/dev/vda", &info) != 0; tries++) {
		if (tries == TRIES)
			die("/dev/vda");
		pause_a_little();
	}
	mkdir("/newroot", 0755);
	if (mount("/dev/vda", "/newroot", "ext4", MS_RELATIME, "") != 0)
		die("mount /dev/vda");
}

/* The port with our name; its number depends on what else the machine has. */
static void find_port(char *path, size_t size)
{
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		DIR *ports = opendir("/sys/class/virtio-ports");
		struct dirent *port;

		while (ports != NULL && (port = readdir(ports)) != NULL) {
			char name_path[300], name[64] = "";
			FILE *file;

			snprintf(name_path, sizeof(name_path), "/sys/class/virtio-ports/%s/name", port->d_name);
			file = fopen(name_path, "re");
			if (file == NULL)
				continue;
			if (fgets(name, sizeof(name), file) == NULL)
				name[0] = '\0';
			fclose(file);
			name[strcspn(name, "\n")] = '\0';
			if (strcmp(name, PORT_NAME) == 0) {
				snprintf(path, size, "/dev/%s", port->d_name);
				closedir(ports);
				if (access(path, F_OK) == 0)
					return;
				ports = NULL;
				break;
			}
		}
		if (ports != NULL)
			closedir(ports);
		pause_a_little();
	}
	errno = ENODEV;
	die("virtio port " PORT_NAME);
}

static void loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (control < 0 || ioctl(control, SIOCGIFFLAGS, &request) != 0)
		die("lo");
	request.ifr_flags |= IFF_UP;
	if (ioctl(control, SIOCSIFFLAGS, &request) != 0)
		die("lo");
	close(control);
}

static void mount_all(void)
{
	mount_on("proc", "proc", "/proc", "", 1);
	mount_on("sysfs", "sys", "/sys", "", 1);
	mount_on("devtmpfs", "dev", "/dev", "mode=755", 1);
	mount_on("devpts", "devpts", "/dev/pts", "mode=600,ptmxmode=000", 0);
	mount_on("tmpfs", "shm", "/dev/shm", "", 0);
	mount_on("tmpfs", "run", "/run", "", 1);
	/* What steps print goes there: nobody else's files leave it without room. */
	mount_on("tmpfs", "tracerig", "/run/tracerig", "mode=755", 1);
	mount_on("tmpfs", "tmp", "/tmp", "", 1);
	mount_on("bpf", "bpf", "/sys/fs/bpf", "", 0);
	mount_on("tracefs", "tracefs", "/sys/kernel/tracing", "", 0);
	mount_on("debugfs", "debugfs", "/sys/kernel/debug", "", 0);
	mount_on("securityfs", "securityfs", "/sys/kernel/security", "", 0);
	mount_on("cgroup2", "cgroup2", "/sys/fs/cgroup", "", 1);
}

static void enter_root(void)
{
	if (chdir("/newroot") != 0 || mount(".", "/", NULL, MS_MOVE, NULL) != 0 || chroot(".") != 0 || chdir("/") != 0)
		die("entering the root file system");
}

static pid_t start_agent(int program)
{
	char port[300];
	char *arguments[] = { AGENT, "--port", port, NULL };
	char *environment[] = { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
				"LANG=C.UTF-8", NULL };
	pid_t agent;

	find_port(port, sizeof(port));
	agent = fork();
	if (agent < 0)
		die("fork");
	if (agent > 0)
		return agent;
	setsid();
	fexecve(program, arguments, environment);
	say("%s: %s", AGENT, strerror(errno));
	_exit(127);
}

int main(void)
{
	int console, program, status;
	pid_t agent, ended;

	mount_on("devtmpfs", "dev", "/dev", "mode=755", 0);
	console = open("/dev/console", O_RDWR | O_CLOEXEC);
	for (int number = 0; console >= 0 && number < 3; number++)
		dup2(console, number);
	umask(022);
	mount_on("proc", "proc", "/proc", "", 1);
	mount_on("sysfs", "sys", "/sys", "", 1);
	load_modules();
	mount_root();
	/* The agent is no part of the disk image: opened here, it needs no path there. */
	program = open(AGENT, O_RDONLY | O_CLOEXEC);
	if (program < 0)
		die(AGENT);
	umount2("/sys", MNT_DETACH);
	umount2("/proc", MNT_DETACH);
	umount2("/dev", MNT_DETACH);
	enter_root();
	mount_all();
	sethostname("vm", 2);
	loopback_up();
	agent = start_agent(program);
	close(program);
	while ((ended = waitpid(-1, &status, 0)) != agent)
		if (ended < 0 && errno != EINTR)
			pause_a_little();
	if (WIFSIGNALED(status))
		say("the agent was killed by signal %d", WTERMSIG(status));
	else
		say("the agent ended with status %d", WEXITSTATUS(status));
	end_machine();
}
