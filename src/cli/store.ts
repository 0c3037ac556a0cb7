import { msg, UserError } from '../shared/errors.ts';
import { plural } from '../shared/words.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { EXIT } from './exit.ts';
import { print, printJson } from './terminal.ts';
import { say } from './words.ts';

const decisions = { 'go-on': 'goOn', 'set-aside': 'setAside' } as const;

/** `envoi store [go-on|set-aside]`: whether the store of campaigns is intact, and a person's decision when it is not. */
export async function store(word: string | undefined, options: CommandOptions): Promise<number> {
  if (word !== undefined && !(word in decisions)) {
    throw new UserError('usage', msg('{0} is not a decision.', word), msg('Usage: envoi store go-on|set-aside.'));
  }
  const decision = word === undefined ? undefined : decisions[word as keyof typeof decisions];
  const connection = await connectEngineFor(options, 'look', decision).catch((error: unknown) => {
    throw error instanceof UserError && ['storeLacking', 'storeBroken'].includes(error.code)
      ? withChoices(error)
      : error;
  });
  try {
    const campaigns = await connection.engine.list();
    if (options.json) printJson({ event: 'store', state: options.state, sound: true, campaigns: campaigns.length });
    else
      print(
        `  ${say(plural('The store in {1} is intact and has {0} campaign.', 'The store in {1} is intact and has {0} campaigns.', campaigns.length, options.state))}`,
      );
    return EXIT.sent;
  } finally {
    await connection.close();
  }
}

function withChoices(error: UserError): UserError {
  const aside = msg(
    '“envoi store set-aside” keeps it under another name and starts with an empty one. Suppressions are carried over where they can be read.',
  );
  const remedy =
    error.code === 'storeBroken'
      ? aside
      : msg(
          '“envoi store go-on” uses it as it is: unfinished campaigns are paused, and when you resume one, readers whose message is missing from its records get it twice. {0}',
          aside,
        );
  return new UserError(error.code, error.what, remedy, error.place);
}
