// What the parts of the live page share: elements, and tables.
export const $ = id => document.getElementById(id);

export function make(name, text, className) {
  const element = document.createElement(name);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

// Only what has changed is told to who listens to the page.
export function tell(id, text, isBad) {
  if ($(id).textContent !== text) $(id).textContent = text;
  $(id).className = isBad ? 'bad' : '';
}

export function shown(value) {
  return typeof value === 'number' ? value.toLocaleString('en') : String(value ?? '');
}

// A table of `rows`, each an array; the first cell of each is its head.
export function fill(id, heads, rows) {
  const table = $(id), top = document.createElement('tr');
  for (const head of heads) {
    const cell = make('th', head);
    cell.scope = 'col';
    top.append(cell);
  }
  table.tHead.replaceChildren(top);
  fillBody(id, rows);
  table.hidden = rows.length === 0;
}

export function fillBody(id, rows) {
  $(id).tBodies[0].replaceChildren(...rows.map(values => {
    const row = document.createElement('tr');
    values.forEach((value, i) => {
      const cell = document.createElement(i === 0 ? 'th' : 'td');
      if (i === 0) cell.scope = 'row';
      cell.append(value instanceof Node ? value : shown(value));
      row.append(cell);
    });
    return row;
  }));
}

// `<div><dt>NAME</dt><dd>VALUE</dd></div>` of each.
export function figures(id, pairs) {
  $(id).replaceChildren(...pairs.map(([name, value]) => {
    const box = document.createElement('div');
    box.append(make('dt', name), make('dd', shown(value)));
    return box;
  }));
}
