/** Codes of policies that load and do not do what one may think. */
import type { CodeStage } from './code.ts';

export const lints = {
  'TR-never-matches': {
    meaning: 'No value can pass the filter, so its selector never matches.',
    exit: 'ok',
    cause:
      'The values contradict each other or what the argument can be, such as a path that is not absolute.',
    cure: 'Correct the values; a selector that never matches protects from nothing.',
  },
  'TR-always-matches': {
    meaning: 'Every value passes the filter.',
    exit: 'ok',
    cause: 'The values leave nothing out, or nothing is left to compare.',
    cure: 'Correct the values, or remove the filter.',
  },
  'TR-unreachable-selector': {
    meaning: 'An earlier selector matches whenever this one would.',
    exit: 'ok',
    cause: 'The first selector that matches decides. Often a "- " too many splits one selector into two.',
    cure: 'Put this selector before the other, or join the two.',
  },
  'TR-unfiltered-enforcement': {
    meaning: 'An enforcing selector has no filter.',
    exit: 'ok',
    cause: 'It kills, signals or overrides for every process that reaches the hook. Often a "- " too many.',
    cure: 'Add a filter, or join the selector with the one above it.',
  },
  'TR-pod-enforcement': {
    meaning: 'A policy that speaks of pods enforces on the host, too.',
    exit: 'ok',
    cause: 'Without podSelector and containerSelector a TracingPolicy is for every process of the machine.',
    cure: 'Add a podSelector; `{}` selects all pods.',
  },
  'TR-number-value': {
    meaning: 'A number does not mean what it looks like.',
    exit: 'ok',
    cause: 'Ports end at 65535, errors are returned as negative numbers, and flags seldom come alone.',
    cure: 'Write the number as the message says.',
  },
  'TR-address-family': {
    meaning: 'A filter names IPv4 addresses only, and sockets of IPv6 reach the hook, too.',
    exit: 'ok',
    cause:
      'Addresses of the two families are compared apart. IPv4 over a socket of IPv6 has the address ::ffff:a.b.c.d.',
    cure: 'Name the addresses in both forms, or choose the family by the operator Family.',
  },
  'TR-unresolved-path': {
    meaning: 'No resolved path has this value.',
    exit: 'ok',
    cause: 'Paths of files are compared as the kernel has them: without links, wildcards and "~".',
    cure: 'Write the path as `realpath` prints it.',
  },
  'TR-exec-caller': {
    meaning: 'At the begin of an exec the binary is the caller’s.',
    exit: 'ok',
    cause: 'The process becomes the new program only later in the exec.',
    cure: 'Filter on an argument of the hook that names the program.',
  },
  'TR-filled-buffer': {
    meaning: 'The buffer is read before the call fills it.',
    exit: 'ok',
    cause: 'Arguments are read at the entry unless returnCopy says otherwise.',
    cure: 'Add returnCopy to the argument.',
  },
  'TR-volume': {
    meaning: 'A hook that runs all the time has no selector.',
    exit: 'ok',
    cause: 'Every call of every process becomes an event.',
    cure: 'Add a selector, or a rateLimit.',
  },
  'TR-rate-scope': {
    meaning: 'A rate limit counts for each thread.',
    exit: 'ok',
    cause: 'That is its scope where none is given: each thread may post one event in the time.',
    cure: 'Give the scope that is meant: `rateLimitScope: thread`, `process` or `global`.',
  },
  'TR-prefix-slash': {
    meaning: 'A prefix without "/" at its end, or an ending without one before it, fits other names, too.',
    exit: 'ok',
    cause: 'Beginnings and endings are compared byte by byte: /etc fits /etcetera, and sh fits ssh.',
    cure: 'End the prefix with "/", and add an Equal for the folder itself if it is meant; begin the ending with "/".',
  },
  'TR-negated-pathless': {
    meaning: 'A negated operator does not match what has no path.',
    exit: 'ok',
    cause: 'A pipe, a socket or memory has no path, and then the filter fails whatever the operator is.',
    cure: 'Do not rely on a negated operator to catch everything else.',
  },
  'TR-toctou': {
    meaning: 'Enforcement rests on memory that the caller can change after the check.',
    exit: 'ok',
    cause:
      'At the entry of a system call a text is still in the caller’s memory; the kernel reads it again later, when another thread may have changed it.',
    cure: 'Hook a security_ function on the way, which sees what the kernel really uses.',
  },
  'TR-kill-effect': {
    meaning: 'The operation takes effect although the process is killed.',
    exit: 'ok',
    cause: 'The signal is acted on when the call returns, so most calls run to their end.',
    cure: 'Put Override before Sigkill at a system call or a security_ function.',
  },
  'TR-syscall-flag': {
    meaning: '`syscall` does not fit the hooked function.',
    exit: 'ok',
    cause:
      'With `syscall: false` the name is taken as it stands, and arguments are read from other registers.',
    cure: 'Write `syscall: true` for system calls, or remove the line.',
  },
  'TR-never-called': {
    meaning: 'No program of this architecture makes the hooked system call.',
    exit: 'ok',
    cause: 'The kernel has the function for other architectures, or for programs of another time.',
    cure: 'Hook the call that programs make instead.',
  },
  'TR-syscall-variants': {
    meaning: 'Other system calls do the same as the hooked one.',
    exit: 'ok',
    cause: 'A program may use openat2 instead of openat, and the policy does not see it.',
    cure: 'Hook all of them by a list, or a security_ function that all of them run.',
  },
  'TR-binary-path': {
    meaning: 'No binary has a path like this.',
    exit: 'ok',
    cause: 'Paths of binaries are absolute and resolved, without "//", "." and "..".',
    cure: 'Write the path as `realpath` prints it, or use Postfix.',
  },
  'TR-binary-symlink': {
    meaning: 'The value is a symbolic link; resolved paths are compared.',
    exit: 'ok',
    cause:
      '/bin and many names such as /usr/bin/python3 are links on current distributions, and the link’s own path is never compared.',
    cure: 'Write the path as `realpath` prints it.',
  },
  'TR-binary-script': {
    meaning: 'The value is a script; the interpreter’s path is compared.',
    exit: 'ok',
    cause: 'The kernel runs the interpreter that the script’s first line names.',
    cure: 'Name the interpreter, or filter on the arguments of execve.',
  },
  'TR-ignored-values': {
    meaning: 'Some of the values do not count.',
    exit: 'ok',
    cause: 'matchPIDs compares its first four values only.',
    cure: 'Use further selectors for the others.',
  },
  'TR-pid-zero': {
    meaning: 'The value 0 is found at every process.',
    exit: 'ok',
    cause:
      'With isNamespacePID and followForks, processes of a child namespace have 0 among the numbers compared.',
    cure: 'Remove the 0.',
  },
  'TR-lsm-no-selector': {
    meaning: 'An LSM hook without selector gives no events.',
    exit: 'ok',
    cause: 'Other hooks post each call then; LSM hooks post nothing.',
    cure: 'Add a selector; one without filters will do.',
  },
  'TR-override-no-effect': {
    meaning: 'Override changes nothing at this kind of hook.',
    exit: 'ok',
    cause:
      'At tracepoints and USDTs, and after the function has returned, the action is shown in events and not carried out.',
    cure: 'Put it into the matchActions of a kprobe on the system call or a security_ function.',
  },
  'TR-override-error': {
    meaning: 'Override returns another value than one would think.',
    exit: 'ok',
    cause:
      'The value is returned as it is: a positive number looks like success, and LSM hooks return EPERM for what is no error.',
    cure: 'Use a negative error number, such as -1 for EPERM.',
  },
  'TR-signal-zero': {
    meaning: 'Signal 0 does nothing.',
    exit: 'ok',
    cause: 'Without argSig the action Signal sends signal 0, which only asks whether the process is there.',
    cure: 'Add argSig.',
  },
  'TR-tracepoint-common': {
    meaning: 'With a common_ field as an argument a tracepoint gives no events.',
    exit: 'ok',
    cause: 'Fields are counted with the common ones, which come first and cannot be read.',
    cure: 'Count as in the format file of the tracepoint; its own fields begin at 4 or 5.',
  },
  'TR-tracepoint-type': {
    meaning: 'The declared type is not read at a tracepoint: the argument is 0.',
    exit: 'ok',
    cause:
      'At tracepoints that are not raw Tetragon reads numbers, texts, buffers, sockets, addresses and packets; of other types it takes 0 for the value, such as descriptor 0 for an fd.',
    cure: 'Read the number or the text itself, or hook a function by a kprobe.',
  },
  'TR-uprobe-symbols': {
    meaning: 'Events of several symbols name the last one.',
    exit: 'ok',
    cause: 'Tetragon keeps one name for all symbols of a uprobe.',
    cure: 'Write a uprobe for each symbol to tell them apart.',
  },
  'TR-filter-offset': {
    meaning: 'The filter fails when the arguments before it are long.',
    exit: 'ok',
    cause: 'Filters reach the first 2 KiB of what was read, in the order of args.',
    cure: 'Put the argument before the buffer in the list of args.',
  },
  'TR-shared-maps': {
    meaning: 'With kprobe_multi the hooks of a policy share filters.',
    exit: 'ok',
    cause:
      'All hooks are one program then, with one set of maps: of binaries for selectors of the same number, of numbers and addresses by order of appearance in each hook, where the last hook’s count.',
    cure: 'Set the option disable-kprobe-multi, or split the policy.',
  },
  'TR-track-sock': {
    meaning: 'Sockets are tracked but never untracked.',
    exit: 'ok',
    cause: 'The kernel uses the memory of a socket again, and events then name the process of the old one.',
    cure: 'Add UntrackSock where sockets are freed, such as __sk_free.',
  },
  'TR-mode-shown': {
    meaning: 'The mode shown for the policy is not what it does.',
    exit: 'ok',
    cause:
      'Tetragon looks for enforcing actions in matchActions only, and this policy has them in matchReturnActions.',
    cure: 'Mind it when you read `tetra tracingpolicy list`.',
  },
  'TR-needs-kubernetes': {
    meaning: 'The policy loads in Kubernetes only.',
    exit: 'ok',
    cause: 'Selectors of pods and containers need an agent that watches Kubernetes.',
    cure: 'Remove them for other hosts.',
  },
  'TR-needs-parents-map': {
    meaning: 'The policy loads only with the map of parents enabled.',
    exit: 'ok',
    cause: 'matchParentBinaries reads a map that the agent keeps only if it is told to.',
    cure: 'Run Tetragon with --parents-map-enabled.',
  },
} as const satisfies CodeStage;
