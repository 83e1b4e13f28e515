// The live page: draws each status that comes, and posts commands.
'use strict';
const $ = id => document.getElementById(id);
const KEPT = 600; // of the last five minutes, two a second
const history = [];
const colours = ['#4a90d9', '#e67e22', '#27ae60', '#8e44ad', '#c0392b', '#16a085'];

function plot(id, stacked) {
  return new Chart($(id), {
    type: 'line',
    data: { labels: [], datasets: [] },
    options: {
      animation: false, maintainAspectRatio: false, responsive: true,
      elements: { point: { radius: 0 } },
      scales: { x: { ticks: { maxTicksLimit: 6 } }, y: { beginAtZero: true, stacked } },
    },
  });
}

const plots = { live: plot('live', true), rates: plot('rates', false) };

function series(chart, names, value) {
  chart.data.labels = history.map(s => Math.round(s.now_us / 1e6) + ' s');
  chart.data.datasets = names.map((name, i) => ({
    label: name, data: history.map(s => value(s, name)),
    borderColor: colours[i % colours.length], backgroundColor: colours[i % colours.length] + '55',
    fill: chart === plots.live, borderWidth: 1.5,
  }));
  chart.update('none');
}

function calls(status, version) {
  const found = status.versions.find(v => v.version === version);
  return found ? found.counts.holders : 0;
}

function rate(status, key) {
  const at = history.indexOf(status), before = history[at - 1];
  if (!before) return 0;
  const seconds = (status.now_us - before.now_us) / 1e6;
  return seconds > 0 ? (status.calls[key] - before.calls[key]) / seconds : 0;
}

function draw(status) {
  history.push(status);
  if (history.length > KEPT) history.shift();
  const versions = [...new Set(history.flatMap(s => s.versions.map(v => v.version)))].sort();
  series(plots.live, versions, calls);
  series(plots.rates, ['seizures', 'ended'], rate);
  $('state').textContent = `${status.state}, gate ${status.gate.state}, database ${status.database.state}`;
  $('figures').replaceChildren(...[
    ['Live', status.calls.live], ['Set-ups', status.calls.seizures], ['Answers', status.calls.answers],
    ['Ended', status.calls.ended], ['Refused by the gate', status.calls.gapped],
    ['Crashes', status.runtime.crashes], ['Restarts', status.runtime.restarts],
  ].map(([name, value]) => {
    const box = document.createElement('div');
    const term = document.createElement('dt'), what = document.createElement('dd');
    term.textContent = name;
    what.textContent = value.toLocaleString('en');
    box.append(term, what);
    return box;
  }));
  $('versions').tBodies[0].replaceChildren(...status.versions.map(v => {
    const row = document.createElement('tr');
    [v.version + (v.is_current ? ' (current)' : ''), v.counts.holders, v.counts.births,
      v.counts.conversions, v.counts.crashes].forEach(value => {
      row.insertCell().textContent = value.toLocaleString('en');
    });
    return row;
  }));
  const upgrade = status.upgrade;
  $('upgrade').textContent = upgrade === null ? '' :
    `${upgrade.kind} ${upgrade.from} to ${upgrade.to}: ${upgrade.stage}` +
    (upgrade.reason === 'none' ? '' : ` (${upgrade.reason})`) +
    `, ${upgrade.converted} converted, ${upgrade.pinned} pinned, ${upgrade.failed} failed, ` +
    `longest pause ${upgrade.pause_us.max} µs. ${upgrade.text}`;
  $('alarms').replaceChildren(...(status.alarms.length ? status.alarms.map(a => `${a.severity}: ${a.name} of ${a.object}: ${a.text}`)
    : ['none stands']).map(text => {
    const item = document.createElement('li');
    item.textContent = text;
    return item;
  }));
}

function tell(text, isBad) {
  $('told').textContent = text;
  $('told').className = isBad ? 'bad' : '';
}

function line(what) {
  const version = $('version').value.trim(), canary = $('canary').value.trim();
  if (what === 'rollback') return 'rollback call';
  return `${what} call ${version}` + (what === 'upgrade' && canary ? ` -canary ${canary}` : '');
}

$('operate').addEventListener('submit', async event => {
  event.preventDefault();
  const what = event.submitter ? event.submitter.value : 'upgrade';
  if (what === 'make-permanent' && !confirm('There is no way back to the release before. Go on?')) return;
  tell(`${what} ...`);
  try {
    const response = await fetch('/api/v1/command', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Authorization': `Bearer ${$('token').value.trim()}` },
      body: JSON.stringify({ line: line(what) }),
    });
    const answer = await response.json();
    tell(answer.ok ? answer.text || answer.value || 'done' : answer.error, !answer.ok);
  } catch (error) {
    tell(`the switch did not answer: ${error.message}`, true);
  }
});

const events = new EventSource('/api/v1/events');
events.onmessage = event => {
  const answer = JSON.parse(event.data);
  if (answer.ok) draw(answer.status);
};
events.onerror = () => { $('state').textContent = 'the switch does not answer; trying again'; };
