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

function drawPauses(status) {
  const rows = status.pauses;
  plots.pauses.options.plugins.legend.display = false;
  plots.pauses.data.labels = rows.map(row => `≤ ${row.up_to_us.toLocaleString('en', { maximumSignificantDigits: 3 })} µs`);
  plots.pauses.data.datasets = [{ label: 'calls', data: rows.map(row => row.calls) }];
  dye(plots.pauses.data.datasets[0], 0);
  plots.pauses.update('none');
}

export function drawPlots(status) {
  history.push(status);
  if (history.length > KEPT) history.shift();
  if (document.hidden) return;
  const versions = [...new Set(history.flatMap(s => s.versions.map(v => v.version)))].sort();
  series(plots.live, versions, calls);
  series(plots.rates, Object.keys(keys), rate);
  drawPauses(status);
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
paint();
