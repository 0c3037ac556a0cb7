import { Token } from 'liquidjs';
import { TextLines } from '../../shared/textLines.ts';

let lastInput = '';
let lines = new TextLines('');

/**
 * liquidjs counts a position from the text's first character, once for every variable: a quadratic cost that delays the
 * preview. This gives the same result from a table of line starts, built once per text.
 */
function getPosition(this: { input: string; begin: number }): [number, number] {
  if (this.input !== lastInput) {
    lastInput = this.input;
    lines = new TextLines(lastInput);
  }
  const { line, column } = lines.at(this.begin);
  return [line, column];
}

Object.defineProperty(Token.prototype, 'getPosition', { value: getPosition, configurable: true });
