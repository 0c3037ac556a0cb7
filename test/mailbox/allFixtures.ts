import { type Expected, readExpected } from '../../bench/bounceGrades.ts';
import { otherFixtures } from './otherFixtures.ts';
import { providerFixtures } from './providerFixtures.ts';
import { reportFixtures } from './reportFixtures.ts';
import { textFixtures } from './textFixtures.ts';

const fixtures = [...reportFixtures, ...textFixtures, ...providerFixtures, ...otherFixtures];

/** The project's own messages as the grader reads a folder of them. */
export const expectedTable = fixtures
  .map(({ name, kind, recipient = '', class: how = '' }) => [name, kind, recipient, how].join('\t'))
  .join('\n');
export const allExpected = (): Expected[] => readExpected(expectedTable);
export const readFixture = (file: string): Uint8Array =>
  Buffer.from(fixtures.find(({ name }) => name === file)?.raw ?? '');
