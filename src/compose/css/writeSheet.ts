import type { Declaration, SheetNode } from './parseSheet.ts';

export type RuleNode = Extract<SheetNode, { kind: 'rule' }>;

/** What is left of a rule: selectors with all of its declarations, and all selectors with some of them. */
export interface Kept {
  selectors: readonly string[];
  residual: ReadonlySet<Declaration>;
}

/** The style sheet of what was not written into elements; "" when nothing is left. */
export function writeSheet(
  nodes: readonly SheetNode[],
  keptOf: (rule: RuleNode) => Kept,
  raised: ReadonlySet<Declaration>,
): string {
  let css = '';
  for (const node of nodes) {
    switch (node.kind) {
      case 'text':
        css += `${node.text}\n`;
        break;
      case 'group':
        css += `${node.prelude} {\n${writeSheet(node.nodes, wholeRule, raised)}}\n`;
        break;
      case 'rule':
        css += writeRule(node, keptOf(node), raised);
        break;
      default:
        node satisfies never;
    }
  }
  return css;
}

const nothing: ReadonlySet<Declaration> = new Set();
const wholeRule = (rule: RuleNode): Kept => ({ selectors: rule.selectors, residual: nothing });

function writeRule(rule: RuleNode, { selectors, residual }: Kept, raised: ReadonlySet<Declaration>): string {
  const block = (
    names: readonly string[],
    declarations: readonly Declaration[],
    raisedHere: ReadonlySet<Declaration>,
  ) => {
    const written = declarations.map((declaration) => {
      const important = declaration.important || raisedHere.has(declaration);
      return `${declaration.property}: ${declaration.value}${important ? ' !important' : ''};`;
    });
    return names.length === 0 ? '' : `${names.join(', ')} { ${written.join(' ')} }\n`;
  };
  const others = rule.selectors.filter((selector) => !selectors.includes(selector));
  const left = rule.declarations.filter((declaration) => residual.has(declaration));
  return (left.length > 0 ? block(others, left, nothing) : '') + block(selectors, rule.declarations, raised);
}
