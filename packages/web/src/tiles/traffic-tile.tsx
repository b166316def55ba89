import type { VNode } from 'preact';
import { Legend } from '../charts/legend.tsx';
import { LiveChart } from '../charts/live-chart.tsx';
import type { ChartStyle } from '../charts/chart-style.ts';
import type { Feed } from '../charts/feed.ts';
import type { Drawable } from '../charts/frame-loop.ts';
import type { ChartModel } from '../derive/chart-model.ts';
import { lastOfLine } from '../derive/present.ts';
import type { TopicName } from '../state/topics.ts';
import { Readout } from './readout.tsx';
import { Tile } from './tile.tsx';

export interface TrafficTileProps {
  readonly topic: TopicName;
  readonly title: string;
  /** All devices together: `up` and `down`. */
  readonly feed: Feed<ChartModel>;
  readonly devices: Drawable;
  readonly style: ChartStyle;
  /** Names of the columns, the device's first. */
  readonly columns: readonly string[];
  readonly rows: readonly TrafficRow[];
}

export interface TrafficRow {
  readonly device: string;
  readonly cells: readonly TrafficCell[];
}

export interface TrafficCell {
  readonly text: string;
  readonly tone?: 'quiet' | 'alarming' | undefined;
}

const DEVICES_MAX = 6;

/** Two-way traffic: the machine as a chart, each device as a row. */
export function TrafficTile(props: TrafficTileProps): VNode {
  const { topic, title, feed, style } = props;
  return (
    <Tile
      topic={topic}
      title={title}
      stream={feed.stream}
      feeds={[feed, props.devices]}
      size="half"
      lead={<TwoWays model={feed.value.value} style={style} />}
    >
      <div class="tile-body beside">
        <LiveChart title={title} feed={feed} style={style} />
        <Legend feed={feed} style={style} />
      </div>
      <table class="data-table">
        <thead>
          <tr>
            {props.columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.slice(0, DEVICES_MAX).map(({ device, cells }) => (
            <tr key={device}>
              <th scope="row" class="name">
                {device}
              </th>
              {cells.map(({ text, tone }, column) => (
                <td key={column} class={tone}>
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Tile>
  );
}

interface TwoWaysProps {
  readonly model: ChartModel | undefined;
  readonly style: ChartStyle;
}

/** The present rate of both ways, named as in the chart. */
function TwoWays({ model, style }: TwoWaysProps): VNode {
  return (
    <>
      {['up', 'down'].map((id) => (
        <span class="way" key={id}>
          <Readout value={Math.abs(lastOfLine(model, id))} unit={style.unit} />
          <span class="readout-note">{style.name(id)}</span>
        </span>
      ))}
    </>
  );
}
