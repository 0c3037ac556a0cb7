import type { Finding } from '../../shared/errors.ts';
import { plural } from '../../shared/words.ts';
import { type Advice, finding } from './check.ts';
import { outputsOf } from './outputs.ts';

/** `{{ first_name }}` without a default, where some rows have no value: “Dear ,”. */
export const fieldEmpty: Advice = {
  code: 'fieldEmpty',
  check({ document, list }) {
    if (!list) return [];
    const findings: Finding[] = [];
    for (const { name, filters, asked, shown, place } of outputsOf(document)) {
      if (!shown || asked || filters.includes('default')) continue;
      const field = list.fields.find((candidate) => candidate.name === name);
      if (!field || field.blanks === 0 || name in document.variables) continue;
      const lines = field.blankLines.join(', ') + (field.blanks > field.blankLines.length ? ', …' : '');
      const text = plural(
        '“{1}” is empty in the only row (line {2}). Give it a default: {4}',
        '“{1}” is empty in {3} of {0} rows ({2}). Give it a default: {4}',
        list.count,
        name,
        list.count === 1 ? lines : plural('line {1}', 'lines {1}', field.blanks, lines),
        field.blanks,
        `{{ ${name} | default: "…" }}`,
      );
      findings.push(finding('fieldEmpty', 'warning', text, place, { field: name }));
    }
    return findings;
  },
};
