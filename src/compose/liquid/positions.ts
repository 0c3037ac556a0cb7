import { Token } from 'liquidjs';

let lastInput = '';
let lineStarts: number[] = [0];

/**
 * liquidjs counts a place from the text's first character on, once for every variable: a quadratic cost that makes the
 * preview wait. The same answer from a table of line starts, made once a text.
 */
function getPosition(this: { input: string; begin: number }): [number, number] {
  if (this.input !== lastInput) {
    lastInput = this.input;
    lineStarts = [0];
    for (let at = lastInput.indexOf('\n'); at !== -1; at = lastInput.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  }
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= this.begin) low = middle;
    else high = middle - 1;
  }
  return [low + 1, this.begin - (lineStarts[low] ?? 0) + 1];
}

Object.defineProperty(Token.prototype, 'getPosition', { value: getPosition, configurable: true });
