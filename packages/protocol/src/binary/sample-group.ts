/**
 * Samples that share a time: who was sampled, whose value changed, and the new values.
 *
 *     group := time, head, [rest of the set], [changed: set of places], value…
 *     time  := difference · 2 signed                   milliseconds since the group before
 *            | 1, float64                              where that would not give the time back
 *     head  := (first − next) · 8 + shape, signed      `next`: one after the last ref of the group before, at first 0
 *
 *     shape  who was sampled           whose value changed
 *       0    `first`                   all
 *       1    `first`                   none
 *       2    `length − 2` from first   all
 *       3    `length − 2` from first   none
 *       4    `length − 2` from first   the set of places that follows
 *       5    the set that follows      all
 *       6    the set that follows      none
 *       7    the set that follows      the set of places that follows
 *
 * The set of who was sampled counts from `first`; places count from 0 within that set.
 */

export const SHAPES = 8;
export const SHAPE_ONE = 0;
export const SHAPE_RUN = 2;
export const SHAPE_SET = 5;
/** Added to a shape. */
export const CHANGED_ALL = 0;
export const CHANGED_NONE = 1;
export const CHANGED_SOME = 2;

/** Where the group before ended. */
export interface GroupCursor {
  timeMs: number;
  next: number;
  /** Counted so far, unchanged ones included. */
  samples: number;
}

/** Unchanged samples cost next to nothing on the wire; that must not let one message hold up its reader for ever. */
export const SAMPLES_PER_UPDATE_MAX: number = 2 ** 24;
