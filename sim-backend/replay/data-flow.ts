/** Calls that move data, and between which descriptors. */

/** Which argument is the descriptor that data come from, and which the one they go to. */
export interface DataFlow {
  readonly from?: number;
  readonly to?: number;
}

const reads: DataFlow = { from: 0 };
const writes: DataFlow = { to: 0 };
export const dataFlows: Readonly<Record<string, DataFlow>> = {
  read: reads,
  pread64: reads,
  readv: reads,
  preadv: reads,
  preadv2: reads,
  recvfrom: reads,
  recvmsg: reads,
  write: writes,
  pwrite64: writes,
  writev: writes,
  pwritev: writes,
  pwritev2: writes,
  sendto: writes,
  sendmsg: writes,
  sendfile: { from: 1, to: 0 },
  copy_file_range: { from: 0, to: 2 },
  splice: { from: 0, to: 2 },
};
