/** The agent as a process of its own, with a sink that counts: what is measured is sampling alone. */
import { systemClock } from '@nowcast/std';
import { collectorsFor, defaultLabels, Sampler } from '@nowcast/agent';

let seriesMax = 0;
const sampler = new Sampler({
  clock: systemClock,
  collectors: collectorsFor(process.platform),
  externalLabels: defaultLabels(),
  sink: {
    publish({ refs }) {
      if (refs.length <= seriesMax) return;
      seriesMax = refs.length;
      process.send?.({ series: seriesMax });
    },
  },
});
sampler.start();
