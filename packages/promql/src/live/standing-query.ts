/**
 * An expression evaluated as long as somebody watches, over the windows of the series its selectors choose. Time is cut
 * into steps, named by their ends, whole multiples of the step.
 *
 * - The step that now belongs to is open: its point is the value as of now (as of the newest sample where that is
 *   later), put down when a sample arrives, and replaced with every further one.
 * - A step closes when its end has passed by the grace, or a sample of a later step has arrived. Its point is
 *   then the value at its end: what `rangeQuery` gives for it, bit for bit.
 * - A sample that comes later still is no exception: the closed steps it alters are evaluated again, as far back as the
 *   ring reaches.
 *
 * It does no I/O and reads no clock: it is told of samples and asked to evaluate.
 */
import { CodedError, compareLabels, LabelSet, type Matcher, type SeriesData } from '@nowcast/model';
import { extractSelectors } from '../ast/walk.ts';
import type { Grid } from '../eval/grid.ts';
import { evaluateFetched, SUBQUERY_STEP_DEFAULT_MS } from '../eval/query.ts';
import type { QueryValue } from '../eval/query-result.ts';
import { type PlannedSelect, planSelects } from '../eval/selects.ts';
import { formatSelector } from '../print/label-matchers.ts';
import { type ResultPoint, ResultRing } from './result-ring.ts';
import type { SampleWindow } from './sample-window.ts';
import type { StandingExpression } from './standing-expression.ts';

export interface StandingOptions {
  readonly stepMs: number;
  /** How old a sample may be and still count for an instant. */
  readonly lookbackMs: number;
  /** How long a step waits after its end for samples on their way. */
  readonly graceMs: number;
  /** Steps the ring keeps, the open one included; at least 2. */
  readonly stepsMax: number;
  /** Called about once per series during an evaluation; throws to end it. */
  readonly check?: (() => void) | undefined;
}

export class StandingQuery {
  readonly expression: StandingExpression;
  /** What its members are chosen by; each once. */
  readonly selectors: readonly (readonly Matcher[])[];
  readonly results: ResultRing;
  readonly #options: StandingOptions;
  /** By the matchers of a selector in the tree: its place in `selectors`. */
  readonly #places = new Map<readonly Matcher[], number>();
  /** By place: the windows in order of labels, as a store would give them. */
  readonly #members: SampleWindow[][] = [];
  /** How far ahead of a step its selectors look. */
  readonly #aheadMs: number;
  #openMs = NaN;
  #dirty = true;
  #newestMs = -Infinity;
  /** The oldest closed step that a late sample may have altered. */
  #lateFromMs = Infinity;
  /** The newest result is that of this time, and of all up to `#validUntilMs` while no sample arrives. */
  #evaluatedMs = NaN;
  #validUntilMs = NaN;
  #evaluations = 0;
  #failure: CodedError | undefined;

  constructor(expression: StandingExpression, options: StandingOptions) {
    this.expression = expression;
    this.#options = options;
    this.results = new ResultRing(options.stepsMax);
    this.selectors = this.#readSelectors();
    this.#aheadMs = Math.max(0, ...this.#plan(instant(0)).map(({ endMs }) => endMs));
  }

  get stepMs(): number {
    return this.#options.stepMs;
  }

  /** The step that now belongs to, by its end. */
  get openMs(): number {
    return this.#openMs;
  }

  /** When the newest result was right: the time the open step's point was evaluated at. */
  get evaluatedMs(): number {
    return this.#evaluatedMs;
  }

  /** How often the expression has been evaluated. */
  get evaluations(): number {
    return this.#evaluations;
  }

  /** Why the last evaluation gave nothing: data the expression is not defined for. */
  get failure(): CodedError | undefined {
    return this.#failure;
  }

  /** When time alone makes `evaluate` necessary: the open step is to be closed. */
  get closesMs(): number {
    return this.#openMs + this.#options.graceMs;
  }

  get isDirty(): boolean {
    return this.#dirty;
  }

  /** Samples from here on may be needed: of the oldest step of the ring when `nowMs` is now. */
  horizonMs(nowMs: number): number {
    const oldest = instant(this.#oldestMs(this.#stepAfter(nowMs - this.#options.graceMs)));
    return Math.min(...this.#plan(oldest).map(({ startMs }) => startMs), oldest.startMs);
  }

  /** Adds a series to those of the selector at `place`; its samples are news from `arrived` on. */
  join(place: number, window: SampleWindow): void {
    const members = this.#members[place] as SampleWindow[];
    let at = members.length;
    while (at > 0 && compareLabels((members[at - 1] as SampleWindow).labels, window.labels) > 0)
      at--;
    members.splice(at, 0, window);
    if (window.newestMs > this.#newestMs) this.#newestMs = window.newestMs;
  }

  /** Gives up series that have no samples any more. */
  prune(): void {
    for (const [place, members] of this.#members.entries())
      if (members.some(({ size }) => size === 0))
        this.#members[place] = members.filter(({ size }) => size > 0);
  }

  /** Fills the ring with the steps before now; the windows hold what the store has. */
  start(nowMs: number): void {
    this.#openMs = this.#stepAfter(nowMs - this.#options.graceMs);
    this.#lateFromMs = this.#oldestMs(this.#openMs);
    this.evaluate(nowMs);
  }

  /** A sample of a member is in its window. */
  arrived(timeMs: number): void {
    this.#dirty = true;
    if (timeMs > this.#newestMs) this.#newestMs = timeMs;
    // What looks back to a fixed time or ahead may have been read long before its sample came.
    const firstMs = this.#stepFor(timeMs - this.#aheadMs);
    if (firstMs < this.#lateFromMs && firstMs < this.#openMs) this.#lateFromMs = firstMs;
  }

  /** Brings the results to what they are now; returns whether anything changed. */
  evaluate(nowMs: number): boolean {
    const { version } = this.results;
    const openMs = this.#openAt(nowMs);
    this.#close(openMs);
    this.#openMs = openMs;
    if (this.#dirty) this.#evaluateOpen(nowMs);
    return this.results.version !== version;
  }

  #openAt(nowMs: number): number {
    const nowStepMs = this.#stepFor(nowMs);
    const byTimeMs = this.#stepAfter(nowMs - this.#options.graceMs);
    // A clock that runs ahead somewhere must not close the steps of all others.
    const bySampleMs = this.#newestMs <= nowStepMs ? this.#stepFor(this.#newestMs) : -Infinity;
    return Math.max(this.#openMs, byTimeMs, bySampleMs);
  }

  /** Evaluates what is closed once `openMs` is open, as far as it may differ from what stands there. */
  #close(openMs: number): void {
    const { stepMs } = this;
    let fromMs = Math.max(Math.min(this.#openMs, this.#lateFromMs), this.#oldestMs(openMs));
    this.#lateFromMs = Infinity;
    while (fromMs < openMs && this.#isValid(fromMs)) {
      if ((this.results.newest?.timeMs ?? -Infinity) < fromMs) this.results.repeat(fromMs);
      fromMs += stepMs;
    }
    if (fromMs >= openMs) return;
    const count = Math.round((openMs - fromMs) / stepMs);
    this.#evaluateSteps({ startMs: fromMs, stepMs, count });
    this.#remember(openMs - stepMs);
  }

  #evaluateOpen(nowMs: number): void {
    this.#dirty = false;
    const isPointed = this.results.newest?.timeMs === this.#openMs;
    if (!isPointed && this.#newestMs <= this.#openMs - this.stepMs) return;
    const atMs = Math.min(this.#openMs, Math.max(nowMs, this.#newestMs));
    this.results.write(this.#openMs, this.#pointsAt(atMs));
    this.#remember(atMs);
  }

  /** True when the newest result holds for `timeMs` too. */
  #isValid(timeMs: number): boolean {
    if (this.#dirty || Number.isNaN(this.#evaluatedMs)) return false;
    if (timeMs === this.#evaluatedMs) return true;
    return timeMs > this.#evaluatedMs && timeMs < this.#validUntilMs;
  }

  #remember(timeMs: number): void {
    this.#evaluatedMs = timeMs;
    this.#validUntilMs = timeMs;
    if (!this.expression.isStill) return;
    let untilMs = Infinity;
    for (const members of this.#members)
      for (const window of members)
        untilMs = Math.min(untilMs, window.nextChangeMs(timeMs, this.#options.lookbackMs));
    this.#validUntilMs = untilMs;
  }

  #evaluateSteps(grid: Grid): void {
    if (grid.count === 1) {
      this.results.write(grid.startMs, this.#pointsAt(grid.startMs));
      return;
    }
    let value: QueryValue;
    try {
      value = this.#compute(grid);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      // One step without a value must not take the others with it.
      for (let at = 0; at < grid.count; at++)
        this.#evaluateSteps(instant(grid.startMs + at * grid.stepMs));
      return;
    }
    this.#failure = undefined;
    const rows = Array.from({ length: grid.count }, (): ResultPoint[] => []);
    if (value.type === 'matrix')
      for (const { labels, timesMs, values } of value.series)
        for (const [at, timeMs] of timesMs.entries())
          rows[Math.round((timeMs - grid.startMs) / grid.stepMs)]?.push({
            labels,
            value: values[at] as number,
          });
    for (const [at, points] of rows.entries())
      this.results.write(grid.startMs + at * grid.stepMs, points);
  }

  #pointsAt(timeMs: number): readonly ResultPoint[] {
    try {
      const value = this.#compute(instant(timeMs));
      this.#failure = undefined;
      if (value.type === 'vector') return value.samples;
      return value.type === 'scalar' ? [{ labels: LabelSet.EMPTY, value: value.value }] : [];
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      this.#failure = error;
      return [];
    }
  }

  #compute(steps: Grid): QueryValue {
    this.#evaluations++;
    const { expr } = this.expression;
    const { lookbackMs, check = () => undefined } = this.#options;
    const fetched = {
      steps,
      isInstant: steps.count === 1,
      text: '',
      lookbackMs,
      defaultStepMs: SUBQUERY_STEP_DEFAULT_MS,
      selections: this.#plan(steps).map((plan) => this.#select(plan)),
      warnings: [],
    };
    return evaluateFetched(expr, fetched, check).value;
  }

  /** What a store would answer to the read. */
  #select({ selector, startMs, endMs }: PlannedSelect): readonly SeriesData[] {
    const place = this.#places.get(selector.matchers) as number;
    const series: SeriesData[] = [];
    for (const window of this.#members[place] as SampleWindow[]) {
      const cut = window.cut(startMs, endMs);
      if (cut !== undefined) series.push(cut);
    }
    return series;
  }

  #plan(grid: Grid): readonly PlannedSelect[] {
    const { lookbackMs } = this.#options;
    const defaultStepMs = SUBQUERY_STEP_DEFAULT_MS;
    return planSelects(this.expression.expr, { query: grid, grid, lookbackMs, defaultStepMs });
  }

  #readSelectors(): readonly (readonly Matcher[])[] {
    const selectors: (readonly Matcher[])[] = [];
    const byText = new Map<string, number>();
    for (const matchers of extractSelectors(this.expression.expr)) {
      const text = formatSelector(matchers);
      const place = byText.get(text) ?? selectors.length;
      this.#places.set(matchers, place);
      if (place < selectors.length) continue;
      byText.set(text, place);
      selectors.push(matchers);
      this.#members.push([]);
    }
    return selectors;
  }

  #oldestMs(openMs: number): number {
    return openMs - (this.#options.stepsMax - 1) * this.stepMs;
  }

  /** The step a time belongs to. */
  #stepFor(timeMs: number): number {
    return Math.ceil(timeMs / this.stepMs) * this.stepMs;
  }

  /** The first step that ends after a time. */
  #stepAfter(timeMs: number): number {
    return (Math.floor(timeMs / this.stepMs) + 1) * this.stepMs;
  }
}

function instant(timeMs: number): Grid {
  return { startMs: timeMs, stepMs: 1, count: 1 };
}
