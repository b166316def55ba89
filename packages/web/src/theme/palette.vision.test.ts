import css from './tokens.css?raw';
import { expect, it } from 'vitest';

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

/** Simulation of full colour blindness on linear RGB: Machado, Oliveira and Fernandes, 2009. */
const VISIONS: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Distance in OKLab, times 100, below which two lines of a chart are hard to tell apart. */
const DISTANCE_MIN = 8;
/** WCAG's contrast for graphics. */
const CONTRAST_MIN = 3;

const series = [...css.matchAll(/--series-\d: light-dark\((#\w{6}), (#\w{6})\)/g)];
const surface = /--surface: light-dark\((#\w{6}), (#\w{6})\)/.exec(css);

const THEMES = [
  ['light', 1],
  ['dark', 2],
] as const;

it.each(THEMES)('lines of the %s theme can be told apart in every colour vision', (_, theme) => {
  expect(series).toHaveLength(8);
  for (const [vision, matrix] of Object.entries(VISIONS)) {
    const colours = series.map((one) => toOklab(apply(matrix, toLinear(one[theme] as string))));
    for (const [at, one] of colours.entries())
      for (const [before, other] of colours.slice(0, at).entries())
        expect(distance(one, other), `${vision}: ${before + 1} and ${at + 1}`).toBeGreaterThan(
          DISTANCE_MIN,
        );
  }
});

it.each(THEMES)('lines of the %s theme stand out from their surface', (_, theme) => {
  const background = luminance(toLinear(surface?.[theme] ?? ''));
  for (const one of series) {
    const colour = luminance(toLinear(one[theme] as string));
    const contrast = (Math.max(colour, background) + 0.05) / (Math.min(colour, background) + 0.05);
    expect(contrast, one[theme]).toBeGreaterThan(CONTRAST_MIN);
  }
});

function toLinear(hex: string): Vector {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function apply(matrix: Matrix, colour: Vector): Vector {
  const row = (at: 0 | 1 | 2): number => Math.min(1, Math.max(0, dot(matrix[at], colour)));
  return [row(0), row(1), row(2)];
}

function toOklab(colour: Vector): Vector {
  const l = Math.cbrt(dot([0.4122214708, 0.5363325363, 0.0514459929], colour));
  const m = Math.cbrt(dot([0.2119034982, 0.6806995451, 0.1073969566], colour));
  const s = Math.cbrt(dot([0.0883024619, 0.2817188376, 0.6299787005], colour));
  return [
    dot([0.2104542553, 0.793617785, -0.0040720468], [l, m, s]),
    dot([1.9779984951, -2.428592205, 0.4505937099], [l, m, s]),
    dot([0.0259040371, 0.7827717662, -0.808675766], [l, m, s]),
  ];
}

function luminance(colour: Vector): number {
  return dot([0.2126, 0.7152, 0.0722], colour);
}

function distance(a: Vector, b: Vector): number {
  return 100 * Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
