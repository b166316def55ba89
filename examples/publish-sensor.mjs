// A sensor that publishes through the SDK: npx tsx examples/publish-sensor.mjs [ws://localhost:8080/monitor]
// See it on the page, or with: bin/nowcast tail '{job="greenhouse"}'
import { connect } from '@nowcast/client';
import { WebSocket } from 'ws';

const client = connect({ url: process.argv[2] ?? 'ws://localhost:8080/monitor', WebSocket });
const publisher = client.publisher({
  source: 'greenhouse-1',
  onProblem: (problem) => console.error(problem),
});

const labels = { job: 'greenhouse', instance: 'greenhouse-1' };
const newSeries = [
  {
    ref: 0,
    labels: { __name__: 'sensor_temperature_celsius', ...labels },
    type: 'gauge',
    unit: 'celsius',
  },
  {
    ref: 1,
    labels: { __name__: 'sensor_humidity_ratio', ...labels },
    type: 'gauge',
    unit: 'ratio',
  },
];

// What cannot be sent now is kept and sent when the hub is back.
function measure() {
  const hours = Date.now() / 3_600_000;
  const temperature = 21 + 4 * Math.sin(hours * 2 * Math.PI) + Math.random() * 0.2;
  const humidity = 0.55 - 0.1 * Math.sin(hours * 2 * Math.PI) + Math.random() * 0.01;
  publisher.publish({ newSeries, refs: [0, 1], values: [temperature, humidity] });
}

client.status.observe(({ state, url }) => console.log(state, url));
measure();
const timer = setInterval(measure, 1_000);

await new Promise((stop) => process.once('SIGINT', stop).once('SIGTERM', stop));
clearInterval(timer);
await Promise.race([publisher.flushed(), new Promise((late) => setTimeout(late, 1_000))]);
console.log(`${publisher.stats.acknowledgedBatches} batches are safe with the hub`);
client.close();
