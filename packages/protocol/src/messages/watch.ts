import * as v from 'valibot';

/** Client → hub: send the alerts of this hub, now and as they change. Answered by `alerts`. */
export interface Watch {
  readonly type: 'watch';
  readonly lane: 'alerts';
}

/** Client → hub: stop sending what `watch` asked for. */
export interface Unwatch {
  readonly type: 'unwatch';
  readonly lane: 'alerts';
}

export const watchSchema: v.GenericSchema<unknown, Watch> = v.object({
  type: v.literal('watch'),
  lane: v.literal('alerts'),
});

export const unwatchSchema: v.GenericSchema<unknown, Unwatch> = v.object({
  type: v.literal('unwatch'),
  lane: v.literal('alerts'),
});
