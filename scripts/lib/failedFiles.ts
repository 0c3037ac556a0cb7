interface TestEvent {
  readonly type: string;
  readonly data: { readonly file?: string };
}

/** A reporter of `node --test`: the file of every test that failed, one a line. */
export default async function* failedFiles(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) if (type === 'test:fail') yield `${data.file ?? '?'}\n`;
}
