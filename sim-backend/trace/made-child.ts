/** A call of a log that made a task, told by its line alone. */

const makes = /^(?:<\.\.\. )?(?:clone3?|v?fork)\b.*= (\d+)(?: |$)/;

/** The pid that the call in this body returned; undefined: it is no such call, or it did not return one. */
export function madeChild(body: string): number | undefined {
  const pid = makes.exec(body)?.[1];
  return pid === undefined ? undefined : Number(pid);
}
