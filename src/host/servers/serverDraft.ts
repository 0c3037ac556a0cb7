import type { Security } from '../../shared/settings.ts';
import type { ServerAnswers } from './serverEntry.ts';
import type { OfferedService } from './services.ts';

export interface AskedServer {
  answers: ServerAnswers;
  /** "" when none is needed. */
  password: string;
}

export type StepName = 'service' | 'host' | 'security' | 'signIn' | 'user' | 'secret' | 'name';

/** The answers so far; each step reads and updates them, so that nothing is lost on the way back. */
export interface ServerDraft {
  /** `undefined` before it was asked, `null` for a server of the person's own. */
  service: OfferedService | null | undefined;
  host: string;
  port: number;
  security: Security;
  /** Whether the security was chosen for this host and port. */
  securedFor: string;
  user: string;
  auth: ServerAnswers['auth'];
  password: string;
  name: string;
}

export function draftOf(before: AskedServer | undefined): ServerDraft {
  if (!before)
    return {
      service: undefined,
      host: '',
      port: 587,
      security: 'starttls',
      securedFor: '',
      user: '',
      auth: 'password',
      password: '',
      name: '',
    };
  const { host, port } = before.answers;
  return { ...before.answers, password: before.password, securedFor: `${host}:${port}` };
}

export function askedServerOf(draft: ServerDraft): AskedServer {
  const { name, host, port, security, user, auth, service, password } = draft;
  return {
    answers: { name, host, port, security, user, auth, service: service ?? null },
    password: auth === 'password' ? password : '',
  };
}
