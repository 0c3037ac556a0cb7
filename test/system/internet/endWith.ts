/** Ends the first process of the namespaces, and with it all that runs there: well, or with what went wrong. */
export function endWith(work: Promise<void>): void {
  work.then(
    () => process.exit(0),
    (error: Error) => {
      console.error(error.stack);
      process.exit(1);
    },
  );
}
