import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface KeyPair {
  key: string;
  cert: string;
}

export interface Authority extends KeyPair {
  /** A certificate for `names`, valid or run out yesterday. */
  issue(names: readonly string[], options?: { expired?: boolean }): KeyPair;
}

/** A certificate authority made on the spot by the `openssl` command; nothing of it outlives the test. */
export function makeAuthority(name = 'Envoi Test Authority'): Authority {
  const dir = mkdtempSync(join(tmpdir(), 'envoi-ca-'));
  const at = (file: string) => join(dir, file);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  try {
    const key = newKey(openssl, at('ca.key'));
    openssl('req', '-x509', '-new', '-key', 'ca.key', '-subj', `/CN=${name}`, '-days', '2', '-out', 'ca.pem');
    const cert = readFileSync(at('ca.pem'), 'utf8');
    return { key, cert, issue: (names, options) => issue({ key, cert }, names, options?.expired ?? false) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function issue(authority: KeyPair, names: readonly string[], expired: boolean): KeyPair {
  const dir = mkdtempSync(join(tmpdir(), 'envoi-cert-'));
  const at = (file: string) => join(dir, file);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  try {
    writeFileSync(at('ca.key'), authority.key, { mode: 0o600 });
    writeFileSync(at('ca.pem'), authority.cert);
    writeFileSync(at('index.txt'), '');
    writeFileSync(at('ca.conf'), caConfig(names));
    const key = newKey(openssl, at('leaf.key'));
    openssl('req', '-new', '-key', 'leaf.key', '-subj', `/CN=${names[0]}`, '-out', 'leaf.csr');
    const day = 86_400_000;
    const until = stamp(Date.now() + (expired ? -day : day));
    const validity = ['-startdate', stamp(Date.now() - 2 * day), '-enddate', until];
    openssl('ca', '-batch', '-config', 'ca.conf', '-in', 'leaf.csr', '-out', 'leaf.pem', '-notext', ...validity);
    return { key, cert: readFileSync(at('leaf.pem'), 'utf8') + authority.cert };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function newKey(openssl: (...args: string[]) => unknown, path: string): string {
  openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', path);
  return readFileSync(path, 'utf8');
}

function caConfig(names: readonly string[]): string {
  const alternatives = names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(',');
  return `[ca]
default_ca=d
[d]
database=index.txt
rand_serial=yes
new_certs_dir=.
certificate=ca.pem
private_key=ca.key
default_md=sha256
policy=p
x509_extensions=x
unique_subject=no
[p]
commonName=supplied
[x]
subjectAltName=${alternatives}
`;
}

/** YYMMDDHHMMSSZ, as openssl takes it. */
function stamp(at: number): string {
  return `${new Date(at).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`;
}
