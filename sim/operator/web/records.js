// Records and reports: what the books say, asked for when somebody wants it.
import { $, fill, make, tell } from './page.js';

const MOST = 100; // rows that are asked for

async function report(path, query = {}) {
  const response = await fetch(`/api/v1/reports/${path}?${new URLSearchParams(query)}`);
  const answer = await response.json();
  if (!Array.isArray(answer)) throw new Error(answer.error);
  return answer;
}

// `id` says what went wrong, if anything did.
async function attempt(id, what) {
  try {
    await what();
  } catch (error) {
    tell(id, error.message, true);
  }
}

/* One call */

// Its course down the page, each moment beside the time since the one before.
function drawLadder(rows) {
  const began = rows.length > 0 ? rows[0].at_s : 0;
  $('ladder').replaceChildren(...rows.map(row => {
    const item = document.createElement('li');
    item.append(make('span', `+${(row.at_s - began).toFixed(3)} s`, 'at'),
      make('span', [row.item, row.value, row.definition].filter(Boolean).join(' ')));
    return item;
  }));
}

async function showCall(number) {
  const rows = await report(`call/${number}`);
  $('call-title').textContent = `Call ${number}`;
  drawLadder(rows.filter(row => row.at_s !== null));
  fill('record', ['Item', 'Value', 'Part', 'What it is'], rows.filter(row => row.at_s === null || row.part.startsWith('leg'))
    .map(row => [row.item, row.value, row.part, row.definition]));
  $('call').hidden = false;
  $('call').focus();
}

/* All of them */

function opener(row) {
  const button = make('button', String(row.call));
  button.type = 'button';
  button.setAttribute('aria-label', `Call ${row.call}: its course`);
  button.addEventListener('click', () => attempt('found', () => showCall(row.call)));
  return button;
}

function released(row) {
  return row.version_start === row.version_end ? row.version_end : `${row.version_start} → ${row.version_end}`;
}

const more = rows => rows.length < MOST ? '' : `the first ${MOST}; there are more`;

async function search(now) {
  const asked = {
    number: $('number').value, state: $('disposition').value, cause: $('cause').value, version: $('on-version').value,
    time: $('since').value && `${Math.max(0, now - $('since').value).toFixed(0)}-${Math.ceil(now)}`,
  };
  const query = Object.fromEntries(Object.entries(asked).filter(([, value]) => value.trim() !== ''));
  const rows = await report('calls', { ...query, limit: MOST });
  fill('records', ['Call', 'From', 'To', 'Ended', 'Cause', 'Talked s', 'Charge', 'Version'], rows.map(row => [
    opener(row), row.calling, row.called_dialled, row.disposition, row.cause,
    row.bill_ms / 1e3, row.charge_micro / 1e6, released(row)]));
  tell('found', more(rows) || `${rows.length} found`);
}

export async function showPinned(status) {
  const rows = status.upgrade === null ? [] : await report('failures', { limit: MOST });
  const heads = rows.length > 0 ? Object.keys(rows[0]).filter(key => key !== 'run') : [];
  fill('pinned', heads.map(head => head.replaceAll('_', ' ')), rows.map(row => heads.map(head => row[head])));
}

async function showReport(name) {
  const rows = await report(name, { limit: MOST });
  const heads = rows.length > 0 ? Object.keys(rows[0]) : [];
  fill('rows', heads.map(head => head.replaceAll('_', ' ')), rows.map(row => heads.map(head => row[head])));
  tell('reported', rows.length === 0 ? 'nothing to report' : `${rows.length} rows`);
}

/* One that lives */

let wished = 0; // how many were to be followed; only the last one is

async function follow(name) {
  const mine = ++wished;
  $('course').hidden = true;
  tell('followed', '');
  for (;;) {
    const response = await fetch(`/api/v1/ladders/${encodeURIComponent(name)}`);
    const answer = await response.json();
    if (mine !== wished) return;
    if (!answer.ok) throw new Error(answer.error);
    if ($('course').textContent !== answer.text) $('course').textContent = answer.text;
    $('course').hidden = false;
    tell('followed', `call ${name}, as it goes`);
    do await new Promise(goOn => setTimeout(goOn, 1000)); while (document.hidden);
    if (mine !== wished) return;
  }
}

function follower(row) {
  const button = make('button', String(row.call));
  button.type = 'button';
  button.setAttribute('aria-label', `Call ${row.call}: its ladder`);
  button.addEventListener('click', () => attempt('followed', () => follow(String(row.call))));
  return button;
}

// All calls stand still while they are listed: of very many not.
async function list(live) {
  if (live > 10000) throw new Error(`${live} calls live, too many to be listed: follow one by its number`);
  const rows = await report('hung', { longer: 0, limit: MOST });
  fill('living', ['Call', 'From', 'To', 'State', 'Version', 'For s'], rows.map(row => [
    follower(row), row.calling, row.called, row.state, row.version, row.age_s]));
  tell('followed', rows.length === 0 ? 'no call lives' : more(rows));
}

// `now` says what second of the run it is, `live` how many calls live.
export function listenToForms(now, live) {
  $('list').addEventListener('click', () => attempt('followed', () => list(live())));
  $('search').addEventListener('submit', event => {
    event.preventDefault();
    attempt('found', () => search(now()));
  });
  $('follow').addEventListener('submit', event => {
    event.preventDefault();
    attempt('followed', () => follow($('follow-name').value.trim()));
  });
  $('report').addEventListener('submit', event => {
    event.preventDefault();
    attempt('reported', () => showReport($('report-name').value));
  });
}
