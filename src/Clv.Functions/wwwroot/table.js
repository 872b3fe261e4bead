import { node } from './format.js';
import { text } from './words.js';

/**
 * A table, its first column the names of the rows. Columns are [head, cell of a row, class]; a column without a head holds charts.
 * Of many rows the first are shown, and the others on request.
 */
export function table(caption, columns, rows, atFirst = 12) {
  // A single row is not worth a button.
  const hidden = rows.length > atFirst + 1 ? rows.length - atFirst : 0;
  const body = rows.map((row, place) =>
    node('tr', hidden > 0 && place >= atFirst ? 'rest' : '', columns.map(([head, cell, className], column) => {
      const made = node(column === 0 ? 'th' : 'td', className ?? '', cell(row));
      if (column === 0) {
        made.scope = 'row';
      } else if (head) {
        // Where a row is too wide for the screen, each figure stands beside its own head.
        made.dataset.head = head;
      }

      return made;
    })));
  const made = node('table', `${columns.length > 4 ? 'wide' : ''} ${hidden > 0 ? 'short' : ''}`.trim(),
    node('caption', 'spoken', caption),
    node('thead', '', node('tr', '', columns.map(([head, , className]) => {
      const cell = node(head ? 'th' : 'td', className ?? '', head);
      if (head) {
        cell.scope = 'col';
      }

      return cell;
    }))),
    node('tbody', '', body));
  return hidden > 0 ? [made, more(made, body[atFirst], hidden)] : [made];
}

function more(shortened, next, hidden) {
  const button = node('button', 'more', text.more(hidden));
  button.type = 'button';
  button.addEventListener('click', () => {
    shortened.classList.remove('short');
    button.remove();
    // The keyboard goes on where the button was.
    next.tabIndex = -1;
    next.focus();
  });
  return button;
}
