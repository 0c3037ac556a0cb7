import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Output, type Template, toValueSync } from 'liquidjs';
import { type Dialect, liquidEngine, parseLiquid } from '../../src/compose/liquid/engine.ts';
import { RenderScope } from '../../src/compose/liquid/scope.ts';
import { compileSlots } from '../../src/compose/liquid/slots.ts';
import { DateCell, NumberCell } from '../../src/compose/values/cells.ts';

const dialects: readonly Dialect[] = ['html', 'text', 'url'];

function byLiquid(templates: readonly Template[], dialect: Dialect, values: object): string {
  const { context } = new RenderScope(dialect, values);
  return String(toValueSync(liquidEngine(dialect).renderer.renderTemplates(templates as Template[], context)));
}

const filter = fc.constantFrom(
  'default: "friend"',
  "default: ''",
  'upcase',
  'downcase',
  'capitalize',
  'strip',
  'escape',
  'h',
  'raw',
  'newline_to_br',
  'truncate: 5',
  'truncate: 7, "…"',
  'append: "<b>"',
  'prepend: "& "',
  'replace: "a", "<"',
  'remove: "a"',
  'date',
  'date: "%d.%m.%Y"',
  'number',
  'number: 2',
  'currency: "EUR"',
  'plus: 2',
  'times: 1.5',
  'size',
  'split: ","',
  'first',
  'url_encode',
  'strip_html',
  'slice: 1, 2',
  'default: other',
);

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', 'A', '<', '&', '"', "'", ' ', '\n', '.', 'é', '1', ',', '{', '%') }),
  fc.constantFrom('', ' ', '12,50', '1.234', '2026-03-04', '04/03/2026', 'now', '<script>', '0', 'false'),
);

const value = fc.oneof(
  { weight: 6, arbitrary: text },
  fc.constantFrom(undefined, null, true, false, 3, [1, 'b'], { a: 1, first: 2 }, new Date(0)),
  fc.constant(new NumberCell('12,50', 12.5)),
  fc.constant(new DateCell('04/03/2026', 'dmy')),
);

const name = fc.constantFrom(
  'name',
  'other',
  'First Name',
  'missing',
  'size',
  'first',
  'constructor',
  'toLiquid',
  '__proto__',
);
const output = fc.tuple(name, fc.array(filter, { maxLength: 3 })).map(([field, filters]) => {
  const source = /^[a-z_]+$/.test(field) ? field : `["${field}"]`;
  return `{{ ${[source, ...filters].join(' | ')} }}`;
});

/** The compiler's own tags, which stand around values in addresses, style sheets and the like. */
const block = fc
  .tuple(
    fc.constantFrom('envoi_url', 'envoi_query', 'envoi_css', 'envoi_json', 'envoi_cid'),
    fc.array(fc.oneof(output, fc.constantFrom('https://a.example/?b=', 'java', 'script:', ' ', '&amp;')), {
      maxLength: 3,
    }),
  )
  .map(([tag, inside]) => `{% ${tag} %}${inside.join('')}{% end${tag} %}`);

describe('a slot', () => {
  it('renders as liquidjs does, whatever the values, or leaves it to liquidjs', () => {
    let own = 0;
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 2, arbitrary: output }, block), { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...dialects),
        fc.dictionary(name, value, { noNullPrototype: false }),
        (outputs, dialect, made) => {
          const values = Object.assign(
            Object.create(null),
            { envoi_lang: 'fr', envoi_now: '2026-11-01T00:00:00Z' },
            made,
          );
          const templates = parseLiquid(outputs.join(''), dialect);
          const mine = compileSlots(templates)?.(new RenderScope(dialect, values));
          if (mine === undefined) return;
          own++;
          assert.equal(mine, byLiquid(templates, dialect, values), outputs.join(''));
        },
      ),
      { numRuns: 3000 },
    );
    assert.ok(own > 500, `only ${own} were rendered without liquidjs`);
  });

  it('leaves assigned values, non-fields and errors to liquidjs', () => {
    const [assign, ...rest] = parseLiquid('{% assign name = "B" %}{{ name }}', 'html');
    assert.ok(assign && rest[0] instanceof Output);
    const scope = new RenderScope('html', { name: 'A' });
    toValueSync(liquidEngine('html').renderer.renderTemplates([assign], scope.context));
    assert.equal(compileSlots(rest)?.(scope), undefined);
    assert.equal(compileSlots(rest)?.(new RenderScope('html', { name: 'A&' })), 'A&amp;');
    for (const source of ['{{ a.b }}', '{{ "x" }}', '{{ a | append: b }}', '{% if a %}x{% endif %}', '{{ list[0] }}'])
      assert.equal(compileSlots(parseLiquid(source, 'html')), undefined, source);
  });
});
