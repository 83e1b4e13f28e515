// The plots of the live page, by Chart.js, in the colours of the style sheet.
import { $ } from './page.js';

const KEPT = 600; // of the last five minutes, two a second
const history = [];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function plot(id, type, stacked) {
  return new Chart($(id), {
    type,
    data: { labels: [], datasets: [] },
    options: {
      animation: false, maintainAspectRatio: false, responsive: true,
      elements: { point: { radius: 0 } },
      scales: {
        x: { ticks: { maxTicksLimit: 6, maxRotation: 0 } },
        y: { beginAtZero: true, stacked, ticks: { precision: 0 } },
      },
    },
  });
}

const plots = {
  live: plot('live', 'line', true),
  rates: plot('rates', 'line', false),
  pauses: plot('pauses', 'bar', false),
  setup: plot('setup', 'bar', false),
  event: plot('event', 'bar', false),
};

function paint() {
  for (const one of Object.values(plots)) {
    for (const axis of Object.values(one.options.scales)) {
      axis.ticks.color = colour('--text');
      axis.grid = { color: colour('--line') };
    }
    one.options.plugins.legend.labels.color = colour('--text');
    for (const [i, set] of one.data.datasets.entries()) dye(set, i);
    one.update('none');
  }
}

function dye(set, i) {
  set.borderColor = colour(`--series-${i % 6 + 1}`);
  set.backgroundColor = set.borderColor + '66';
}

function series(chart, names, value) {
  chart.data.labels = history.map(s => `${Math.round(s.now_us / 1e6)} s`);
  chart.data.datasets = names.map((name, i) => {
    const set = { label: name, data: history.map(s => value(s, name)), borderWidth: 1.5 };
    if (chart === plots.live) set.fill = i === 0 ? 'origin' : '-1'; // each on the one below
    dye(set, i);
    return set;
  });
  chart.update('none');
}

function calls(status, version) {
  const found = status.versions.find(v => v.version === version);
  return found ? found.counts.holders : 0;
}

const keys = { 'set-ups': 'seizures', releases: 'ended' };

function rate(status, name) {
  const before = history[history.indexOf(status) - 1];
  if (!before) return 0;
  const seconds = (status.now_us - before.now_us) / 1e6;
  return seconds > 0 ? (status.calls[keys[name]] - before.calls[keys[name]]) / seconds : 0;
}

const units = [[1e6, 's'], [1e3, 'ms'], [1, 'µs'], [0, 'ns']];

function span(us) {
  const [least, unit] = units.find(([one]) => us >= one);
  return `${(us / (least || 1e-3)).toLocaleString('en', { maximumSignificantDigits: 3 })} ${unit}`;
}

// How many of what took how long.
function drawBars(chart, label, rows) {
  chart.options.plugins.legend.display = false;
  chart.data.labels = rows.map(row => `≤ ${span(row.up_to_us)}`);
  chart.data.datasets = [{ label, data: rows.map(row => row.count) }];
  dye(chart.data.datasets[0], 0);
  chart.update('none');
}

// Of each bucket alone, without the empty ones at both ends.
function apart(latency) {
  const rows = latency.buckets.map(({ up_to_us, count }, i) =>
    ({ up_to_us, count: count - (i === 0 ? 0 : latency.buckets[i - 1].count) }));
  const over = latency.count - latency.buckets.at(-1).count;
  if (over > 0) rows.push({ up_to_us: latency.max_us, count: over });
  const isFull = row => row.count > 0;
  return rows.slice(rows.findIndex(isFull), rows.findLastIndex(isFull) + 1);
}

export function drawPlots(status) {
  history.push(status);
  if (history.length > KEPT) history.shift();
  if (document.hidden) return;
  const versions = [...new Set(history.flatMap(s => s.versions.map(v => v.version)))].sort();
  series(plots.live, versions, calls);
  series(plots.rates, Object.keys(keys), rate);
  drawBars(plots.pauses, 'calls', status.pauses.map(({ up_to_us, calls }) => ({ up_to_us, count: calls })));
  drawBars(plots.setup, 'calls', apart(status.latency.setup));
  drawBars(plots.event, 'events', apart(status.latency.event));
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
paint();
