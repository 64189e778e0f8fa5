/** Names of the actions of policies, and which of them enforce. */

export const actionNames = [
  'Post',
  'Sigkill',
  'Override',
  'GetUrl',
  'DnsLookup',
  'NoPost',
  'Signal',
  'TrackSock',
  'UntrackSock',
  'NotifyEnforcer',
  'CleanupEnforcerNotification',
  'Set',
] as const;

export type ActionName = (typeof actionNames)[number];

/** Whether an action changes what a program does: monitor mode suppresses these. */
const enforcing: Readonly<Record<ActionName, boolean>> = {
  Post: false,
  Sigkill: true,
  Override: true,
  GetUrl: false,
  DnsLookup: false,
  NoPost: false,
  Signal: true,
  TrackSock: false,
  UntrackSock: false,
  NotifyEnforcer: true,
  CleanupEnforcerNotification: false,
  Set: true,
};

export const isEnforcing = (action: ActionName): boolean => enforcing[action];
