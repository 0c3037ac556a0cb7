import { mkdir, writeFile } from 'node:fs/promises';
import { must } from '../../../scripts/lib/run.ts';

const SERVICES = [
  'cleanup unix n - n - 0 cleanup',
  'qmgr unix n - n 300 1 qmgr',
  'tlsmgr unix - - n 1000? 1 tlsmgr',
  'rewrite unix - - n - - trivial-rewrite',
  'defer unix - - n - 0 bounce',
  'trace unix - - n - 0 bounce',
  'proxymap unix - - n - - proxymap',
  'error unix - - n - - error',
  'retry unix - - n - - error',
  'anvil unix - - n - 1 anvil',
  'postlog unix-dgram n - n - 1 postlogd',
];

/** Nothing is sent back about what it could not deliver. */
export const SILENT = 'bounce unix - - n - 0 discard';
/** Reports go to the sender, by SMTP. */
export const REPORTS = ['bounce unix - - n - 0 bounce', 'smtp unix - - n - - smtp'];

export interface PostfixInstance {
  folder: string;
  /** Its place in the folder, with a queue of its own. */
  name: string;
  /** Of master.cf, besides those that every Postfix has. */
  services: readonly string[];
  main: Record<string, string>;
}

export const postfixHome = ({ folder, name }: Pick<PostfixInstance, 'folder' | 'name'>): string => `${folder}/${name}`;

/** Starts one more Postfix; it has no readers but those of its settings. */
export async function startPostfixInstance(instance: PostfixInstance): Promise<void> {
  const home = postfixHome(instance);
  for (const place of ['etc', 'spool', 'data', 'log']) await mkdir(`${home}/${place}`, { recursive: true });
  const main = {
    compatibility_level: '3.6',
    queue_directory: `${home}/spool`,
    data_directory: `${home}/data`,
    maillog_file: `${home}/log/maillog`,
    maillog_file_prefixes: instance.folder,
    mydestination: '',
    inet_protocols: 'ipv4',
    local_recipient_maps: '',
    alias_maps: '',
    ...instance.main,
  };
  const lines = Object.entries(main).map(([key, value]) => `${key} = ${value}\n`);
  await writeFile(`${home}/etc/main.cf`, lines.join(''));
  await writeFile(`${home}/etc/master.cf`, `${[...SERVICES, ...instance.services].join('\n')}\n`);
  await must('chown', ['-R', 'postfix', `${home}/data`]);
  await must('postfix', ['-c', `${home}/etc`, 'start']);
}
