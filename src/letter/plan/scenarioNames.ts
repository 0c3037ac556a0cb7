/** Built-in scenarios to rehearse in. */
export const scenarioNames = [
  'published',
  'greylisting',
  'dead',
  'silent',
  'port25',
  'slow',
  'drops',
  'strict',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];
