/** Codes of scenario files and what is given in them. */
import type { CodeStage } from './code.ts';

export const scenarios = {
  'TR-no-such-path': {
    meaning: 'A file or folder that was named does not exist.',
    exit: 'usage',
    cause: 'The path is misspelled, or the command runs in another folder than you think.',
    cure: 'Check the path.',
  },
  'TR-no-scenarios': {
    meaning: 'There is no scenario in the folders that were named.',
    exit: 'usage',
    cause: 'In folders only files named *.scenario.yaml are looked at.',
    cure: 'Name the file itself, or give it such a name.',
  },
  'TR-nothing-selected': {
    meaning: 'None of the steps is selected.',
    exit: 'usage',
    cause: 'No name matches --test-name-pattern, or no step has one of the tags.',
    cure: 'Look at the names and tags with `tracerig test --list`.',
  },
  'TR-scenario-only': {
    meaning: 'A step says `only` on CI.',
    exit: 'usage',
    cause: '`only` is for a moment at the desk: the other steps of the scenario are not judged.',
    cure: 'Remove `only`, or give --allow-only.',
  },
  'TR-scenario-file': {
    meaning: 'A scenario file cannot be read.',
    exit: 'usage',
    cause:
      'The file does not exist, is a folder, a pipe or a device, is larger than 16 MiB, or may not be read by this user.',
    cure: 'Check the path and its permissions.',
  },
  'TR-outside': {
    meaning: 'A scenario leads to a file outside of its project, which is not read.',
    exit: 'usage',
    cause:
      'Scenarios may come from strangers, and findings show lines of what they name. The project is the nearest folder above the scenario with a package.json or a .git, else the scenario’s own folder; links are followed.',
    cure: 'Put the file into the project, or give --allow-outside if you trust the scenario.',
  },
  'TR-scenario-yaml': {
    meaning: 'The text is no YAML, or not of one document.',
    exit: 'usage',
    cause:
      'Indentation, a colon, a quote or a bracket is wrong, a key stands twice, aliases go too far, the text is too large or too deep, or a second document begins.',
    cure: 'Look at the line shown and at the one before it; put each scenario into a file of its own.',
  },
  'TR-scenario-empty': {
    meaning: 'The file holds no scenario.',
    exit: 'usage',
    cause: 'The file is empty, or all of it is comments.',
    cure: 'Write name, policies and steps; docs/scenarios.md has examples.',
  },
  'TR-scenario-unknown-key': {
    meaning: 'The key is not part of a scenario or an event at this place.',
    exit: 'usage',
    cause: 'It is misspelled, or indented so that it belongs to another map.',
    cure: 'Correct the spelling or the indentation.',
  },
  'TR-scenario-missing-key': {
    meaning: 'A required key is missing.',
    exit: 'usage',
    cause: 'A scenario needs name, policies and steps; some of its maps need a key, too.',
    cure: 'Add the key.',
  },
  'TR-scenario-type': {
    meaning: 'The value has another type than is asked for.',
    exit: 'usage',
    cause: 'Often a number stands where a text is wanted, such as a file mode without quotes.',
    cure: 'Quote texts that look like something else.',
  },
  'TR-scenario-value': {
    meaning: 'The value is none of those allowed.',
    exit: 'usage',
    cause: 'It is misspelled, out of range, empty, or not of the form that its key takes.',
    cure: 'Write it as the message says.',
  },
  'TR-scenario-no-command': {
    meaning: 'A step has neither a command nor a trace.',
    exit: 'usage',
    cause: 'A step runs a command, replays a trace, or both.',
    cure: 'Add run or trace.',
  },
  'TR-scenario-step-name': {
    meaning: 'Two steps share a name.',
    exit: 'usage',
    cause: 'Recordings are stored by the name of their step, in which "/" counts as "_".',
    cure: 'Rename one of the two.',
  },
  'TR-scenario-contradiction': {
    meaning: 'Two things that the scenario says exclude each other.',
    exit: 'usage',
    cause:
      'A process either exits or is killed by a signal, a step has one mark, a path is one thing, and a file has its bytes from one place.',
    cure: 'Keep one of the two.',
  },
  'TR-scenario-regex': {
    meaning: 'A text between slashes is no regular expression.',
    exit: 'usage',
    cause:
      'A text that begins and ends with "/" is a pattern, in JavaScript’s form. It is matched in linear time, so it cannot refer back to a group (\\1), look ahead or behind, or repeat more than 1000 times.',
    cure: 'Correct the pattern, or escape what is meant literally.',
  },
  'TR-scenario-plain-text': {
    meaning: 'A text looks like a regular expression and is compared as it stands.',
    exit: 'ok',
    cause: 'Only a text between slashes is an expression; as plain text this one fits no event.',
    cure: 'Put it between slashes.',
  },
  'TR-scenario-no-expectation': {
    meaning: 'A step expects nothing.',
    exit: 'ok',
    cause: 'Whatever happens in it, it passes.',
    cure: 'Say under `expect` how it ends and which events come.',
  },
  'TR-scenario-count': {
    meaning: 'A count has no bounds, or bounds that exclude each other.',
    exit: 'usage',
    cause: 'A count needs times, or min, max or both, and min must not be above max.',
    cure: 'Give it bounds that can hold.',
  },
  'TR-scenario-event': {
    meaning: 'A pattern names no kind of event, or several.',
    exit: 'usage',
    cause: 'A pattern has one key, the event’s kind such as process_kprobe, and all else below it.',
    cure: 'Write one pattern for each event.',
  },
  'TR-scenario-never': {
    meaning: 'An event that is not to come is one that no hook of the policies can send.',
    exit: 'usage',
    cause:
      'A name is misspelled, or belongs to another policy: `absent`, and a count that allows none, hold then whatever happens.',
    cure: 'Name the hook as the policy does, or take the pattern away.',
  },
  'TR-scenario-vacuous': {
    meaning: 'An expectation holds whatever happens.',
    exit: 'usage',
    cause: 'A list or map of things to expect is empty, or a count has no bound that could be missed.',
    cure: 'Take it away, or write what is meant: `exactly: []` for no events at all.',
  },
  'TR-given-source': {
    meaning: 'A file that `given.files` names as a source cannot be read.',
    exit: 'usage',
    cause:
      'The path is relative to the scenario file. It does not exist, is no regular file, or has more than 64 MiB.',
    cure: 'Correct the path; build what is to be tested before the test.',
  },
  'TR-given-exists': {
    meaning: 'A given file exists on the machine already.',
    exit: 'usage',
    cause: 'given.files makes what is not there and never overwrites, so that no file of the host is harmed.',
    cure: 'Choose another path, such as one below /tmp.',
  },
  'TR-given-failed': {
    meaning: 'What is given could not be put in place.',
    exit: 'usage',
    cause:
      'A command of given.run failed or did not end, or changed a file of given.files; or a file, a folder or a link could not be made.',
    cure: 'Read the output that is shown, and correct given.',
  },
  'TR-no-user': {
    meaning: 'The machine has no such user.',
    exit: 'usage',
    cause: 'given.user, and an owner, are looked up in /etc/passwd of the machine that runs the steps.',
    cure: 'Name a user that is there, or a uid.',
  },
  'TR-no-command': {
    meaning: 'There is no command to run, or it cannot be started.',
    exit: 'usage',
    cause:
      'The program is not on the machine that runs the step, or the step has only a trace and the backend needs a command.',
    cure: 'Check the program’s name and its permissions, or add run to the step.',
  },
  'TR-no-such-call': {
    meaning: 'expect.errno names no system call.',
    exit: 'usage',
    cause: 'The name is misspelled, or of another architecture.',
    cure: 'Write it as strace does, such as openat.',
  },
} as const satisfies CodeStage;
