/** Where a report goes. */
export interface ReportTarget {
  readonly write: (text: string) => void;
  readonly color: boolean;
}
