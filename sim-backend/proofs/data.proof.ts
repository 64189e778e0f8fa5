/** Proofs: reading, writing, copying and mapping. */
import type { Proof } from './proof.ts';

const permission = 'security_file_permission(0:file, 1:int)';
const older = '6.1.192-amd64';

export const dataProofs: readonly Proof[] = [
  {
    shows: 'checks a read once, whatever comes of it, and not at all if it cannot begin',
    hooks: permission,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "out", O_WRONLY) = 4</tmp/w/out>
      read(3</tmp/w/a>, "abc\\n", 4096) = 4
      read(3</tmp/w/a>, "", 4096) = 0
      pread64(3</tmp/w/a>, "bc", 2, 1) = 2
      readv(3</tmp/w/a>, [{iov_base="a", iov_len=1}, {iov_base="bc\\n", iov_len=64}], 2) = 4
      preadv(3</tmp/w/a>, [{iov_base="abc\\n", iov_len=64}], 1, 0) = 4
      preadv2(3</tmp/w/a>, [{iov_base="abc\\n", iov_len=64}], 1, 0, RWF_NOWAIT) = -1 EAGAIN (Resource temporarily unavailable)
      read(3</tmp/w/a>, 0x1000, 16) = -1 EFAULT (Bad address)
      read(3</tmp/w/a>, 0xffffffff81000000, 16) = -1 EFAULT (Bad address)
      pread64(3</tmp/w/a>, 0x7ffd1000, 16, -1) = -1 EINVAL (Invalid argument)
      read(4</tmp/w/out>, 0x7ffd1000, 16) = -1 EBADF (Bad file descriptor)
      read(9, 0x7ffd1000, 16) = -1 EBADF (Bad file descriptor)
      openat(AT_FDCWD</tmp/w>, ".", O_RDONLY|O_DIRECTORY) = 5</tmp/w>
      read(5</tmp/w>, 0x7ffd1000, 16) = -1 EISDIR (Is a directory)
      pipe2([6<pipe:[71]>, 7<pipe:[71]>], O_NONBLOCK) = 0
      read(6<pipe:[71]>, 0x7ffd1000, 16) = -1 EAGAIN (Resource temporarily unavailable)
      pread64(6<pipe:[71]>, 0x7ffd1000, 16, 0) = -1 ESPIPE (Illegal seek)`,
    hits: `
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w drwxr-xr-x, 4)
      security_file_permission(prw-------, 4)`,
  },
  {
    shows: 'checks a write once, whatever comes of it, and not at all if it cannot begin',
    hooks: permission,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "out", O_WRONLY) = 4</tmp/w/out>
      write(4</tmp/w/out>, "abc\\n", 4) = 4
      write(4</tmp/w/out>, "", 0) = 0
      pwrite64(4</tmp/w/out>, "x", 1, 3) = 1
      writev(4</tmp/w/out>, [{iov_base="a", iov_len=1}, {iov_base="b\\n", iov_len=2}], 2) = 3
      pwritev(4</tmp/w/out>, [{iov_base="a", iov_len=1}], 1, 0) = 1
      pwritev2(4</tmp/w/out>, [{iov_base="a", iov_len=1}], 1, 0, RWF_SYNC) = 1
      write(4</tmp/w/out>, "abc\\n", 4) = -1 ENOSPC (No space left on device)
      write(4</tmp/w/out>, 0x1000, 4) = -1 EFAULT (Bad address)
      write(4</tmp/w/out>, 0xffffffff81000000, 4) = -1 EFAULT (Bad address)
      pwrite64(4</tmp/w/out>, "x", 1, -1) = -1 EINVAL (Invalid argument)
      write(3</tmp/w/a>, "x", 1) = -1 EBADF (Bad file descriptor)
      write(9, "x", 1) = -1 EBADF (Bad file descriptor)
      pipe2([6<pipe:[71]>, 7<pipe:[71]>], O_NONBLOCK) = 0
      write(7<pipe:[71]>, "x", 1) = -1 EAGAIN (Resource temporarily unavailable)
      write(7<pipe:[71]>, "x", 1) = -1 EPIPE (Broken pipe)`,
    hits: `
      security_file_permission(/tmp/w/out, 2)
      security_file_permission(/tmp/w/out, 2)
      security_file_permission(/tmp/w/out, 2)
      security_file_permission(/tmp/w/out, 2)
      security_file_permission(/tmp/w/out, 2)
      security_file_permission(/tmp/w/out, 2)
      security_file_permission(/tmp/w/out, 2)
      security_file_permission(/tmp/w/out, 2)
      security_file_permission(prw-------, 2)
      security_file_permission(prw-------, 2)`,
  },
  {
    shows: 'says why it cannot count the checks of written files for what they lose',
    hooks: 'security_inode_need_killpriv(0:dentry)',
    trace: 'write(1</tmp/w/out>, "x", 1) = 1',
    hits: 'not modelled: security_inode_need_killpriv (the kernel asks of a file until it found nothing to lose, which it keeps in mind with the inode (S_NOSEC))',
  },
  {
    shows: 'writes through the functions of the file system or the terminal that the file is on',
    hooks: `
      shmem_file_write_iter(0:kiocb, 1:iov_iter)
      ext4_file_write_iter(0:kiocb, 1:iov_iter)
      tty_write(0:kiocb, 1:iov_iter)`,
    start: {
      mounts: [
        { mountpoint: '/', root: '/', fstype: 'ext4', options: 'rw' },
        { mountpoint: '/tmp', root: '/', fstype: 'tmpfs', options: 'rw' },
        { mountpoint: '/srv', root: '/', fstype: 'xfs', options: 'rw' },
      ],
    },
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_WRONLY) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "/root/a", O_WRONLY) = 4</root/a>
      openat(AT_FDCWD</tmp/w>, "/srv/a", O_WRONLY) = 5</srv/a>
      openat(AT_FDCWD</tmp/w>, "/dev/tty", O_RDWR) = 6</dev/tty<char 5:0>>
      openat(AT_FDCWD</tmp/w>, "/dev/pts/1", O_RDWR) = 7</dev/pts/1<char 136:1>>
      openat(AT_FDCWD</tmp/w>, "/dev/console", O_RDWR) = 8</dev/console<char 5:1>>
      openat(AT_FDCWD</tmp/w>, "/dev/null", O_RDWR) = 9</dev/null<char 1:3>>
      write(3</tmp/w/a>, "one", 3) = 3
      write(4</root/a>, "two", 3) = 2
      write(5</srv/a>, "three", 5) = 5
      write(6</dev/tty<char 5:0>>, "four", 4) = 4
      write(7</dev/pts/1<char 136:1>>, "five", 4) = 4
      write(8</dev/console<char 5:1>>, "six", 3) = 3
      write(9</dev/null<char 1:3>>, "seven", 5) = 5`,
    hits: `
      shmem_file_write_iter(/tmp/w/a, b25l)
      ext4_file_write_iter(/root/a, dHdv)
      tty_write(/dev/tty, Zm91cg==)
      tty_write(/dev/pts/1, Zml2ZQ==)`,
  },
  {
    shows: 'writes vectors through the same functions',
    hooks: `
      shmem_file_write_iter(0:kiocb)
      ext4_file_write_iter(0:kiocb)
      tty_write(0:kiocb)`,
    start: {
      mounts: [
        { mountpoint: '/', root: '/', fstype: 'ext4', options: 'rw' },
        { mountpoint: '/tmp', root: '/', fstype: 'tmpfs', options: 'rw' },
      ],
    },
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_WRONLY) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "/root/a", O_WRONLY) = 4</root/a>
      openat(AT_FDCWD</tmp/w>, "/dev/tty", O_RDWR) = 5</dev/tty<char 5:0>>
      pwrite64(3</tmp/w/a>, "a", 1, 8) = 1
      pwrite64(4</root/a>, "a", 1, 8) = 1
      writev(3</tmp/w/a>, [{iov_base="a", iov_len=1}], 1) = 1
      writev(4</root/a>, [{iov_base="a", iov_len=1}], 1) = 1
      writev(5</dev/tty<char 5:0>>, [{iov_base="a", iov_len=1}], 1) = 1
      pwritev(3</tmp/w/a>, [{iov_base="a", iov_len=1}], 1, 8) = 1
      pwritev2(4</root/a>, [{iov_base="a", iov_len=1}], 1, 8, 0) = 1
      pwritev2(5</dev/tty<char 5:0>>, [{iov_base="a", iov_len=1}], 1, -1, 0) = 1`,
    hits: `
      shmem_file_write_iter(/tmp/w/a)
      ext4_file_write_iter(/root/a)
      shmem_file_write_iter(/tmp/w/a)
      ext4_file_write_iter(/root/a)
      tty_write(/dev/tty)
      shmem_file_write_iter(/tmp/w/a)
      ext4_file_write_iter(/root/a)
      tty_write(/dev/tty)`,
  },
  {
    shows: 'checks only the end of a splice that is no pipe',
    hooks: permission,
    trace: `
      pipe2([3<pipe:[71]>, 4<pipe:[71]>], 0) = 0
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 5</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY) = 6</tmp/w/b>
      splice(5</tmp/w/a>, NULL, 4<pipe:[71]>, NULL, 4096, 0) = 4
      splice(3<pipe:[71]>, NULL, 6</tmp/w/b>, NULL, 4096, 0) = 4
      splice(5</tmp/w/a>, NULL, 4<pipe:[71]>, NULL, 4096, 0) = 0
      splice(5</tmp/w/a>, NULL, 6</tmp/w/b>, NULL, 4096, 0) = -1 EINVAL (Invalid argument)
      splice(3<pipe:[71]>, NULL, 9, NULL, 4096, 0) = -1 EBADF (Bad file descriptor)
      tee(3<pipe:[71]>, 4<pipe:[71]>, 4096, 0) = 4
      vmsplice(4<pipe:[71]>, [{iov_base="x", iov_len=1}], 1, 0) = 1`,
    hits: `
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/a, 4)`,
  },
  {
    shows: 'checks the output of a splice twice on kernels up to 6.7',
    hooks: permission,
    kernel: older,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 5</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY) = 6</tmp/w/b>
      splice(5</tmp/w/a>, NULL, 4<pipe:[71]>, NULL, 4096, 0) = 4
      splice(3<pipe:[71]>, NULL, 6</tmp/w/b>, NULL, 4096, 0) = 4`,
    hits: `
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/b, 2)`,
  },
  {
    shows: 'checks both files of a sendfile, at the end of the input too, but no pipe',
    hooks: permission,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY) = 4</tmp/w/b>
      pipe2([5<pipe:[71]>, 6<pipe:[71]>], 0) = 0
      sendfile(4</tmp/w/b>, 3</tmp/w/a>, NULL, 4096) = 70
      sendfile(4</tmp/w/b>, 3</tmp/w/a>, NULL, 4096) = 0
      sendfile(6<pipe:[71]>, 3</tmp/w/a>, [0] => [70], 4096) = 70
      sendfile(4</tmp/w/b>, 9, NULL, 4096) = -1 EBADF (Bad file descriptor)`,
    hits: `
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/a, 4)`,
  },
  {
    shows: 'sends a file over a socket by the functions of sending',
    hooks: `
      ${permission}
      security_socket_sendmsg(2:int)
      tcp_sendmsg(2:size_t)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      sendfile(4<TCP:[127.0.0.1:80->127.0.0.1:5000]>, 3</tmp/w/a>, NULL, 4096) = 70
      sendfile(5<UNIX-STREAM:[7->8]>, 3</tmp/w/a>, [0] => [70], 70) = 70
      sendfile(4<TCP:[127.0.0.1:80->127.0.0.1:5000]>, 3</tmp/w/a>, [0], 70) = -1 EPIPE (Broken pipe)`,
    hits: `
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(srwxrwxrwx, 2)
      security_socket_sendmsg(70)
      tcp_sendmsg(70)
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(srwxrwxrwx, 2)
      security_socket_sendmsg(70)
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(srwxrwxrwx, 2)`,
  },
  {
    shows: 'checks again for each chunk of a copy on kernels up to 6.7',
    hooks: `
      ${permission}
      security_socket_sendmsg(2:int)`,
    kernel: older,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY) = 4</tmp/w/b>
      pipe2([5<pipe:[71]>, 6<pipe:[71]>], 0) = 0
      sendfile(4</tmp/w/b>, 3</tmp/w/a>, NULL, 70) = 70
      getpid() = 100
      openat(AT_FDCWD</tmp/w>, "c", O_RDONLY) = 7</tmp/w/c>
      sendfile(4</tmp/w/b>, 7</tmp/w/c>, NULL, 4096) = 70
      openat(AT_FDCWD</tmp/w>, "d", O_RDONLY) = 8</tmp/w/d>
      sendfile(6<pipe:[71]>, 8</tmp/w/d>, NULL, 70) = 70
      openat(AT_FDCWD</tmp/w>, "e", O_RDONLY) = 9</tmp/w/e>
      sendfile(10<TCP:[127.0.0.1:80->127.0.0.1:5000]>, 9</tmp/w/e>, NULL, 70) = 70
      openat(AT_FDCWD</tmp/w>, "f", O_RDONLY) = 11</tmp/w/f>
      copy_file_range(11</tmp/w/f>, NULL, 4</tmp/w/b>, NULL, 4096, 0) = 0`,
    hits: `
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/c, 4)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/c, 4)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/c, 4)
      security_file_permission(/tmp/w/d, 4)
      security_file_permission(/tmp/w/d, 4)
      security_file_permission(/tmp/w/e, 4)
      security_file_permission(srwxrwxrwx, 2)
      security_file_permission(srwxrwxrwx, 2)
      security_file_permission(/tmp/w/e, 4)
      security_file_permission(/tmp/w/f, 4)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/f, 4)`,
  },
  {
    shows: 'says on kernels up to 6.7 that it cannot tell the chunks of a long copy',
    hooks: permission,
    kernel: older,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY) = 4</tmp/w/b>
      sendfile(4</tmp/w/b>, 3</tmp/w/a>, NULL, 200000) = 200000`,
    hits: `
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/b, 2)
      not known: proof: security_file_permission: kernels up to 6.7 copy in chunks, whose number is not in the trace (test.strace:4), 2 times`,
  },
  {
    shows: 'checks both files of a copy_file_range that begins, and the file of a fallocate',
    hooks: permission,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY) = 4</tmp/w/b>
      openat(AT_FDCWD</tmp/w>, ".", O_RDONLY|O_DIRECTORY) = 5</tmp/w>
      copy_file_range(3</tmp/w/a>, NULL, 4</tmp/w/b>, NULL, 4096, 0) = 70
      copy_file_range(3</tmp/w/a>, NULL, 4</tmp/w/b>, NULL, 0, 0) = 0
      copy_file_range(3</tmp/w/a>, NULL, 4</tmp/w/b>, NULL, 4096, 8) = -1 EINVAL (Invalid argument)
      copy_file_range(3</tmp/w/a>, NULL, 3</tmp/w/a>, NULL, 4096, 0) = -1 EBADF (Bad file descriptor)
      copy_file_range(5</tmp/w>, NULL, 4</tmp/w/b>, NULL, 4096, 0) = -1 EISDIR (Is a directory)
      copy_file_range(3</tmp/w/a>, NULL, 4</tmp/w/b>, NULL, 4096, 0) = -1 EXDEV (Invalid cross-device link)
      fallocate(4</tmp/w/b>, 0, 0, 4096) = 0
      fallocate(4</tmp/w/b>, 0, 0, 0) = -1 EINVAL (Invalid argument)
      fallocate(3</tmp/w/a>, 0, 0, 4096) = -1 EBADF (Bad file descriptor)`,
    hits: `
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/b, 2)`,
  },
  {
    shows: 'runs no hook where data are only moved about or flushed',
    hooks: permission,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDWR) = 3</tmp/w/a>
      lseek(3</tmp/w/a>, 0, SEEK_END) = 70
      fsync(3</tmp/w/a>) = 0
      fdatasync(3</tmp/w/a>) = 0
      fadvise64(3</tmp/w/a>, 0, 0, POSIX_FADV_SEQUENTIAL) = 0
      readahead(3</tmp/w/a>, 0, 70) = 0
      sync_file_range(3</tmp/w/a>, 0, 0, SYNC_FILE_RANGE_WRITE) = 0`,
    hits: '',
  },
  {
    shows: 'asks for a mapping before it looks at its arguments, but not without a file or at an odd offset',
    hooks: `
      security_mmap_file(0:file, 1:uint32, 2:uint32)
      security_mmap_addr(0:uint64)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      mmap(NULL, 4096, PROT_READ|PROT_EXEC, MAP_PRIVATE, 3</tmp/w/a>, 0) = 0x7f0000001000
      mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000002000
      mmap(NULL, 0, PROT_READ, MAP_PRIVATE, 3</tmp/w/a>, 0) = -1 EINVAL (Invalid argument)
      mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, 3</tmp/w/a>, 0) = -1 EACCES (Permission denied)
      mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</tmp/w/a>, 0x10) = -1 EINVAL (Invalid argument)
      mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 9, 0) = -1 EBADF (Bad file descriptor)
      mprotect(0x7f0000002000, 4096, PROT_READ) = 0`,
    hits: `
      security_mmap_file(/tmp/w/a, 5, 2)
      security_mmap_addr(139637976731648)
      security_mmap_file(---------, 3, 34)
      security_mmap_addr(139637976735744)
      security_mmap_file(/tmp/w/a, 1, 2)
      security_mmap_file(/tmp/w/a, 2, 1)`,
  },
  {
    shows: 'maps shared memory shared',
    hooks: 'security_mmap_file(2:uint32)',
    trace: `
      shmat(5, NULL, 0) = 0x7f0000003000
      shmat(6, NULL, 0) = -1 EINVAL (Invalid argument)`,
    hits: 'security_mmap_file(1)',
  },
  {
    shows: 'says that it has no hooks for areas of memory and for shared memory',
    hooks: `
      security_file_mprotect(1:uint64)
      security_shm_shmat(2:int)`,
    trace: `
      mprotect(0x7f0000002000, 4096, PROT_READ) = 0
      shmat(5, NULL, 0) = 0x7f0000003000`,
    hits: `
      not modelled: security_file_mprotect
      not modelled: security_shm_shmat`,
  },
  {
    shows: 'reads a module from its file in two chunks, asking before and after',
    hooks: `
      security_kernel_read_file(0:file, 1:int, 2:int)
      ${permission}
      security_kernel_post_read_file(0:file, 3:int)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "m.ko", O_RDONLY|O_CLOEXEC) = 3</tmp/w/m.ko>
      finit_module(3</tmp/w/m.ko>, "", 0) = 0
      finit_module(3</tmp/w/m.ko>, "", 0) = -1 EEXIST (File exists)
      finit_module(3</tmp/w/m.ko>, "", 0) = -1 EPERM (Operation not permitted)
      finit_module(3</tmp/w/m.ko>, "", 0x100) = -1 EINVAL (Invalid argument)
      finit_module(9, "", 0) = -1 EBADF (Bad file descriptor)`,
    hits: `
      security_kernel_read_file(/tmp/w/m.ko, 2, 1)
      security_file_permission(/tmp/w/m.ko, 4)
      security_file_permission(/tmp/w/m.ko, 4)
      security_kernel_post_read_file(/tmp/w/m.ko, 2)
      security_kernel_read_file(/tmp/w/m.ko, 2, 1)
      security_file_permission(/tmp/w/m.ko, 4)
      security_file_permission(/tmp/w/m.ko, 4)
      security_kernel_post_read_file(/tmp/w/m.ko, 2)`,
  },
  {
    shows: 'counts the functions that it cannot tell of a copy that may share blocks',
    hooks: 'security_file_permission(0:file, 1:int)',
    kernel: '6.1.192-amd64',
    start: { mounts: [{ mountpoint: '/', root: '/', fstype: 'btrfs', options: 'rw' }] },
    trace: 'copy_file_range(3</tmp/w/a>, NULL, 4</tmp/w/b>, NULL, 70, 0) = 70',
    hits: `
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/b, 2)
      not known: proof: security_file_permission: whether the file system shared the blocks is not in the trace (test.strace:2), 3 times`,
  },
];
