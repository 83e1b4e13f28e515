// The live page: draws each status that comes, and posts commands.
import { $, figures, fill, fillBody, make, tell } from './page.js';
import { drawPlots } from './plots.js';
import { listenToForms, showPinned } from './records.js';

let last = null; // status that came

/* What is seen */

function drawStates(status) {
  const versions = [...new Set(status.states.map(row => row.version))].sort();
  const states = [...new Set(status.states.map(row => row.state))];
  const calls = (state, version) =>
    status.states.find(row => row.state === state && row.version === version)?.calls ?? 0;
  fill('states', ['State', ...versions], states.map(state =>
    [state || 'other', ...versions.map(version => calls(state, version))]));
}

function drawUpgrade(upgrade) {
  if (upgrade === null) return;
  tell('upgrade', `${upgrade.kind} ${upgrade.from} to ${upgrade.to}: ${upgrade.stage}` +
    (upgrade.reason === 'none' ? '' : ` (${upgrade.reason})`) + (upgrade.text ? `. ${upgrade.text}` : ''));
  figures('progress', [
    ['Rehearsed', upgrade.rehearsed], ['Canaries', upgrade.canaries], ['Watch prolonged', upgrade.prolonged],
    ['Converted', upgrade.converted], ['Pinned', upgrade.pinned], ['Failed', upgrade.failed], ['Lost', upgrade.lost],
    [`Crashes on ${upgrade.from}`, upgrade.crashes_from], [`Crashes on ${upgrade.to}`, upgrade.crashes_to],
    ['Pause p99 µs', upgrade.pause_us.p99], ['Longest µs', upgrade.pause_us.max],
  ]);
}

function branch(node) {
  const item = document.createElement('li'), isWell = node.state === 'running';
  const counted = node.active === undefined ? ''
    : ` ${node.active.toLocaleString('en')} running, ${node.restarts.toLocaleString('en')} restarts`;
  item.append(make('strong', node.name), make('span', isWell ? counted : ` ${node.state}!${counted}`, isWell ? '' : 'bad'));
  if (node.children?.length) {
    const list = document.createElement('ul');
    list.append(...node.children.map(branch));
    item.append(list);
  }
  return item;
}

function drawVersions(versions) {
  fillBody('versions', versions.map(v => [v.version + (v.is_current ? ' (current)' : ''),
    v.counts.holders, v.counts.births, v.counts.conversions, v.counts.crashes]));
}

function hasMoved(status) {
  const [now, before] = [status, last].map(one => one?.upgrade && JSON.stringify(
    [one.upgrade.kind, one.upgrade.to, one.upgrade.stage, one.upgrade.pinned, one.upgrade.failed]));
  return now !== before;
}

function draw(status) {
  drawPlots(status);
  tell('state', `${status.state}, gate ${status.gate.state}, database ${status.database.state}`,
    status.gate.state !== 'open' || status.database.state !== 'ok');
  figures('figures', [
    ['Live', status.calls.live], ['Set-ups', status.calls.seizures], ['Answers', status.calls.answers],
    ['Ended', status.calls.ended], ['Refused by the gate', status.calls.gapped],
    ['Crashes', status.runtime.crashes], ['Restarts', status.runtime.restarts],
  ]);
  drawStates(status);
  drawVersions(status.versions);
  drawUpgrade(status.upgrade);
  $('tree').replaceChildren(branch(status.tree));
  const alarms = status.alarms.map(a => `${a.severity}: ${a.name} of ${a.object}: ${a.text}`);
  $('alarms').replaceChildren(...(alarms.length ? alarms : ['none stands']).map(text => make('li', text)));
  if (hasMoved(status)) showPinned(status).catch(error => tell('told', error.message, true));
  last = status;
}

/* What is said */

function line(what) {
  const module = last.module, version = $('version').value.trim();
  const option = id => $(id).value.trim() && ` -${id} ${$(id).value.trim()}`;
  if (what === 'rollback') return `rollback ${module}`;
  if (what === 'plan') return `plan ${module} ${last.versions.find(v => v.is_current).version} ${version}`;
  return `${what} ${module} ${version}` + (what === 'upgrade' ? option('canary') + option('watch') : '');
}

async function post(what) {
  const response = await fetch('/api/v1/command', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Authorization': `Bearer ${$('token').value.trim()}` },
    body: JSON.stringify({ line: line(what) }),
  });
  const answer = await response.json();
  const isPlan = answer.ok && what === 'plan';
  $('plan').hidden = !isPlan;
  if (isPlan) $('plan').textContent = answer.text;
  if (!answer.ok) tell('told', answer.error, true);
  else tell('told', isPlan ? 'the plan is below' : answer.text || answer.value || 'done');
}

$('operate').addEventListener('submit', async event => {
  event.preventDefault();
  const what = event.submitter ? event.submitter.value : 'plan';
  if (last === null) return tell('told', 'the switch has not answered yet', true);
  if (what === 'make-permanent' && !confirm('There is no way back to the release before. Go on?')) return;
  tell('told', `${what} ...`);
  try {
    await post(what);
  } catch (error) {
    tell('told', `the switch did not answer: ${error.message}`, true);
  }
});

listenToForms(() => last === null ? 0 : last.now_us / 1e6, () => last === null ? 0 : last.calls.live);
const events = new EventSource('/api/v1/events');
events.onmessage = event => {
  const answer = JSON.parse(event.data);
  if (answer.ok) draw(answer.status);
};
events.onerror = () => tell('state', 'the switch does not answer; trying again', true);
