import { block, content, MINUTE, published, type ReplyRule, slow } from '../../../providers/replyRule.ts';
import { BLOCKED, OUR_HOST } from '../vocabulary/senders.ts';
import { near, phrases } from '../vocabulary/words.ts';

/** Our network, and our rate. */
export const pathReplies: readonly ReplyRule[] = [
  ...published('uribl.com, surbl.org, spamhaus.org (DBL)', '2026-11', [
    {
      stages: ['data', 'body', 'dot'],
      match:
        /linklist|uribl|surbl|(?:url|uri|link|website)s?\b.{0,40}?(?:listed|black ?list|block ?list|blocked|spam|malicious|phish)|(?:listed|blocked|blacklisted) (?:url|uri|link)/,
      cause: 'content',
      scope: 'message',
      act: content,
    },
  ]),
  ...published('Block lists’ own pages; postmaster pages of SFR, La Poste, Orange, Comcast, iCloud, QQ', '2026-11', [
    {
      match: phrases(
        'blocklist',
        'blocked (?:using|by|via|due to)(?! (?:the )?(?:recipient|user|addressee|mailbox))',
        '(?<!not )(?<!not be )listed (?:at|by|on|in)\\b(?! (?:domino|the (?:directory|public)|directory|public|our (?:directory|user)|address))',
        '\\b(?:spamhaus|sorbs|barracuda|spamcop|cloudmark|cloudfilter|invaluement|uceprotect|sender ?score|mailspike|abuseat|abusix|trend ?micro|symantec|talos|brightmail|vade|\\bcsi\\b|\\bcbl\\b|\\bxbl\\b|\\bsbl\\b|\\bpbl\\b|\\bdnsbl\\b|\\brbls?\\b|dns ?blacklist)',
        'black ?list|block ?list|deny ?list|liste noire|lista negra|schwarze liste|sperrliste',
        '(?:bad|poor|low|negative|mauvaise|schlechte|mala) (?:\\w+ ){0,2}?reputation',
        'reputation|reputacion',
        'unwelcome',
        '(?:connections?|mail|e ?mail|messages?) from [^.;@]{0,30}?(?:network|host|server|country|region|spammer)s?\\b[^.;]{0,30}?(?:refused|denied|rejected|blocked|not accepted)',
        '\\b(?:sfr_in|lpn\\d|ofr\\d|sc|ou|dy|rp) ?\\d{3}\\b',
        'service refuse',
        'spamming (?:issue|incident)|incident de spam',
        '(?:not|n.t) accepting (?:connections|mail|e ?mail|messages) from (?!outside|external|this sender|you)',
        'not accepting connections',
        'access denied[^.;]{0,20}?(?:\\bip\\b|ipaddress)',
        'client host (?:rejected|blocked|denied)',
        '(?:connections?|mail|traffic) from (?:your|this) (?:host|server|network|country|ip)',
        'use (?:the|your) (?:smtp )?(?:relay|smarthost|mail server) (?:of|at) your (?:isp|provider|service provider)',
        'mail from your (?:ip|server|network|host)',
      ),
      unless:
        /blocklisted? (?:by|from) (?:the )?(?:recipient|user|addressee)|reverse|\bptr\b|\brdns\b|hostname|dynamic/,
      cause: 'blocklisted',
      scope: 'path',
      act: block,
    },
    {
      match: phrases(near(OUR_HOST, BLOCKED, 60)),
      // Our own address quoted next to "user unknown" explains nothing.
      unless: phrases(
        'reverse|\\bptr\\b|\\brdns\\b|hostname|dynamic',
        'user unknown|unknown (?:user|recipient|address)|no such (?:user|mail ?box|recipient)|undeliverable address',
        "(?:user|mail ?box|recipient|account|address) (?:is |was )?(?:unknown|not found|does not exist|doesn't exist|not known)",
      ),
      cause: 'blocklisted',
      scope: 'path',
      act: block,
    },
    {
      via: 'direct',
      code: /^5/,
      match:
        /rate ?limit|throttl|too (?:many|fast|much|quickly|often|frequent)\b(?! hops)|(?:sent|sending) too|(?:exceed|reach)\w* .{0,40}?(?:messages|mails|recipients|rate|hour|daily)/,
      unless: /size|mail ?box|storage|stored|\bfull\b/,
      cause: 'rateLimited',
      scope: 'path',
      act: { do: 'next', otherwise: 'later', rest: { forMs: 30 * MINUTE, connections: 1 } },
    },
    {
      match:
        /reverse (?:dns|hostname|lookup|mapping|resolution|name)|\bptr\b|\brdns\b|\bfcrdns\b|(?:cannot|can't|could not|unable to) (?:find|resolve|verify) your (?:reverse )?(?:host ?name|ip|address)|client host rejected: cannot find|dynamic (?:ip|address|host|pool|range)|(?:dynamic|residential|dial ?up|generic)[^.;]{0,30}?(?:\bip\b|address|range|rdns|ptr|host|client|user|not allowed|rejected)|(?:helo|ehlo)\b[^.;]{0,40}?(?:rejected|invalid|denied|required|refused|not resolve|does not|bad|fully qualified)|invalid (?:helo|ehlo)|does not resolve|no dns (?:entry|record) for (?:your|the) (?:ip|host|client)/,
      cause: 'noReverseDns',
      scope: 'path',
      act: block,
    },
    {
      match:
        /(?:must|have to) (?:issue|use|send) (?:a )?starttls|starttls (?:is |command )?(?:required|first|needed)|\btls\b[^.;]{0,20}?(?:required|mandatory|needed)|(?:require|requires|use|needs?) (?:\w+ )?(?:\btls\b|encryption|encrypted|ssl)|encryption (?:is )?(?:required|needed)|(?:insecure|unencrypted|plaintext) (?:connection|session)|chiffrement (?:requis|obligatoire)|verschlusselung (?:erforderlich|notwendig)|cifrado (?:requerido|obligatorio)/,
      cause: 'tlsRequired',
      scope: 'path',
      act: block,
    },
    { code: /^\d{3} 5\.7\.10\b/, cause: 'tlsRequired', scope: 'path', act: block },
  ]),
];

/** Trouble that passes by itself. */
export const remoteReplies: readonly ReplyRule[] = [
  ...published('Greylisting: postgrey, milter-greylist, policyd, rspamd', '2026-11', [
    {
      code: /^4/,
      match:
        /gr[ae]y ?list|(?:please |pls )?(?:try|come|retry|versuchen)[^.;]{0,20}?(?:again|back|later|erneut|spater)[^.;]{0,30}?\d+ ?(?:s|m|h)|first (?:time|attempt|contact)|unknown (?:triplet|sender)[^.;]{0,20}?(?:later|again)|not (?:yet )?(?:seen|known)[^.;]{0,20}?(?:later|again)|liste grise|graue liste|lista gris/,
      unless: /too (?:many|much|fast|quickly)|rate|limit|throttl|quota|reputation/,
      cause: 'greylisted',
      scope: 'remote',
      act: { do: 'later', nextAfter: 3 },
    },
    {
      code: /^45\d 4\.7\.1/,
      match: /try again later|temporarily deferred|delayed|later/,
      unless: /too (?:many|much|fast|quickly)|rate|limit|throttl|quota|reputation/,
      cause: 'greylisted',
      scope: 'remote',
      act: { do: 'later', nextAfter: 3 },
    },
  ]),
  ...published('Rate limits as servers word them', '2026-11', [
    {
      code: /^4/,
      match:
        /\brate\b|rate ?limit|throttl|too (?:many|fast|much|quickly|often|frequent)|temporarily (?:rate|blocked|rejected due)|slow(?:ing)? down|limit (?:exceeded|reached)|(?:exceed|reach)\w* .{0,40}?(?:limit|quota|rate)|weren'?t sent|server (?:is )?(?:too )?busy|reputation|resources temporarily|trop (?:de|vite|rapide|nombreu)|zu (?:viele?|schnell)|demasiad[oa]s?|limite (?:depasse|atteint|superad|excedid)|limit (?:uberschritten|erreicht)|suspicious|unusual/,
      cause: 'rateLimited',
      scope: 'path',
      act: slow(30 * MINUTE, 2),
    },
  ]),
];
