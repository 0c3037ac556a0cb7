/**
 * What imapflow brings along and a reader of whole messages never calls: its logger, proxies, and tables of charsets that
 * Node has already. Without them its bundle is an eighth as large.
 */
const stand = {
  'iconv-lite': `
    const decode = (octets, charset) => new TextDecoder(charset).decode(octets);
    const encodingExists = (charset) => { try { new TextDecoder(charset); return true; } catch { return false; } };
    module.exports = { decode, encodingExists, getCodec: (name) => name, encode: (text) => Buffer.from(text, 'utf8') };`,
  'encoding-japanese': `module.exports = { convert: (octets) => octets };`,
  pino: `
    const silent = () => {};
    const logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent, fatal: silent };
    module.exports = () => ({ ...logger, child: () => logger });`,
  socks: `module.exports = { SocksClient: {} };`,
};

export const slimMailbox = {
  name: 'slim-mailbox',
  setup(build) {
    const filter = new RegExp(`^(?:${Object.keys(stand).join('|')})$`);
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'slim-mailbox' }));
    build.onLoad({ filter: /.*/, namespace: 'slim-mailbox' }, ({ path }) => ({ contents: stand[path] }));
  },
};
