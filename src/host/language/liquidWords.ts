// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the editor fills in its snippets, not we.
import { l10n } from 'vscode';

export interface LiquidWord {
  name: string;
  /** What is inserted, as a snippet. */
  snippet: string;
  about: string;
  example: string;
}

export function liquidFilters(): LiquidWord[] {
  return [
    {
      name: 'default',
      snippet: 'default: "$1"',
      about: l10n.t('What to write when the field is blank.'),
      example: '{{ first_name | default: "reader" }}',
    },
    {
      name: 'capitalize',
      snippet: 'capitalize',
      about: l10n.t('First letter upper case, the rest lower case.'),
      example: '{{ city | capitalize }}',
    },
    { name: 'upcase', snippet: 'upcase', about: l10n.t('All in upper case.'), example: '{{ code | upcase }}' },
    { name: 'downcase', snippet: 'downcase', about: l10n.t('All in lower case.'), example: '{{ code | downcase }}' },
    {
      name: 'date',
      snippet: 'date: "${1:%d %B %Y}"',
      about: l10n.t('A date in the format you give; "now" is the day the campaign starts.'),
      example: '{{ "now" | date: "%B %Y" }}',
    },
    {
      name: 'newline_to_br',
      snippet: 'newline_to_br',
      about: l10n.t('Turns line ends into line breaks.'),
      example: '{{ address_lines | newline_to_br }}',
    },
    { name: 'strip', snippet: 'strip', about: l10n.t('Removes spaces at both ends.'), example: '{{ city | strip }}' },
    {
      name: 'truncate',
      snippet: 'truncate: ${1:40}',
      about: l10n.t('Limits the text to this many characters, with … at the end.'),
      example: '{{ company | truncate: 40 }}',
    },
    {
      name: 'replace',
      snippet: 'replace: "$1", "$2"',
      about: l10n.t('Replaces one text with another.'),
      example: '{{ phone | replace: "+33", "0" }}',
    },
    {
      name: 'remove',
      snippet: 'remove: "$1"',
      about: l10n.t('Removes text.'),
      example: '{{ code | remove: "-" }}',
    },
    {
      name: 'append',
      snippet: 'append: "$1"',
      about: l10n.t('Adds text after the value.'),
      example: '{{ points | append: " points" }}',
    },
    {
      name: 'prepend',
      snippet: 'prepend: "$1"',
      about: l10n.t('Adds text before the value.'),
      example: '{{ code | prepend: "No. " }}',
    },
    {
      name: 'split',
      snippet: 'split: "${1:,}"',
      about: l10n.t('Splits text into a list, for use with “for”.'),
      example: '{% assign items = topics | split: "," %}',
    },
    {
      name: 'join',
      snippet: 'join: "${1:, }"',
      about: l10n.t('Joins a list into text.'),
      example: '{{ items | join: ", " }}',
    },
    {
      name: 'size',
      snippet: 'size',
      about: l10n.t('Number of characters, or of items in a list.'),
      example: '{{ items | size }}',
    },
    { name: 'first', snippet: 'first', about: l10n.t('The first item in a list.'), example: '{{ items | first }}' },
    { name: 'plus', snippet: 'plus: ${1:1}', about: l10n.t('Adds a number.'), example: '{{ points | plus: 10 }}' },
    {
      name: 'minus',
      snippet: 'minus: ${1:1}',
      about: l10n.t('Subtracts a number.'),
      example: '{{ points | minus: 10 }}',
    },
    {
      name: 'round',
      snippet: 'round: ${1:2}',
      about: l10n.t('Rounds a number to this many decimal places.'),
      example: '{{ amount | round: 2 }}',
    },
    {
      name: 'url_encode',
      snippet: 'url_encode',
      about: l10n.t('Encodes a value for a URL. In links, Envoi does this automatically.'),
      example: 'https://example.org/?c={{ city | url_encode }}',
    },
  ];
}

export function liquidTags(): LiquidWord[] {
  return [
    {
      name: 'if',
      snippet: 'if ${1:field} %}\n$0\n{% endif',
      about: l10n.t('Only if the field has a value or the comparison is true.'),
      example: '{% if city == "Lille" %}…{% endif %}',
    },
    {
      name: 'unless',
      snippet: 'unless ${1:field} %}\n$0\n{% endunless',
      about: l10n.t('Only if the field is blank or the comparison is false.'),
      example: '{% unless member %}…{% endunless %}',
    },
    {
      name: 'elsif',
      snippet: 'elsif ${1:field}',
      about: l10n.t('Otherwise, if this is true.'),
      example: '{% elsif city == "Paris" %}',
    },
    { name: 'else', snippet: 'else', about: l10n.t('Otherwise.'), example: '{% else %}' },
    { name: 'endif', snippet: 'endif', about: l10n.t('Ends “if”.'), example: '{% endif %}' },
    {
      name: 'case',
      snippet: 'case ${1:field} %}\n{% when "$2" %}\n$0\n{% endcase',
      about: l10n.t('Chooses by the value of a field.'),
      example: '{% case language %}{% when "fr" %}…{% endcase %}',
    },
    {
      name: 'for',
      snippet: 'for ${1:item} in ${2:items} %}\n$0\n{% endfor',
      about: l10n.t('Repeats for each item in a list.'),
      example: '{% for item in items %}…{% endfor %}',
    },
    { name: 'endfor', snippet: 'endfor', about: l10n.t('Ends “for”.'), example: '{% endfor %}' },
    {
      name: 'assign',
      snippet: 'assign ${1:name} = ${2:value}',
      about: l10n.t('Names a value.'),
      example: '{% assign items = topics | split: "," %}',
    },
    {
      name: 'capture',
      snippet: 'capture ${1:name} %}$0{% endcapture',
      about: l10n.t('Names a part of the letter.'),
      example: '{% capture greeting %}Dear {{ name }}{% endcapture %}',
    },
    {
      name: 'comment',
      snippet: 'comment %}$0{% endcomment',
      about: l10n.t('A comment that is not sent.'),
      example: '{% comment %}…{% endcomment %}',
    },
  ];
}

/** What each key of the front matter means, and which values it can have. */
export function frontMatterWords(): Record<string, { about: string; values: readonly string[]; snippet: string }> {
  return {
    subject: {
      about: l10n.t('The subject. Fields work here: `{{ first_name }}`.'),
      values: [],
      snippet: 'subject: $0',
    },
    preheader: { about: l10n.t('The line an inbox shows after the subject.'), values: [], snippet: 'preheader: $0' },
    from: {
      about: l10n.t('The sender, `Name <name@example.org>`. Defaults to `envoi.from`.'),
      values: [],
      snippet: 'from: ${1:Name} <${2:name@example.org}>',
    },
    replyTo: { about: l10n.t('Where replies go, if not to the sender.'), values: [], snippet: 'replyTo: $0' },
    toName: {
      about: l10n.t('The recipient’s name in the To line, such as `{{ first_name }} {{ last_name }}`.'),
      values: [],
      snippet: 'toName: "{{ ${1:first_name} }}"',
    },
    recipients: {
      about: l10n.t(
        'The CSV list: one row per recipient; the first row names the fields. Several lists: `[a.csv, b.csv]`.',
      ),
      values: [],
      snippet: 'recipients: $0',
    },
    where: {
      about: l10n.t('Which rows of the list get the letter, as in an `if`: `city == "Lyon" and plan != "free"`.'),
      values: [],
      snippet: 'where: ${1:city} == "${2:Lyon}"',
    },
    except: {
      about: l10n.t('Lists whose addresses do not get the letter.'),
      values: [],
      snippet: 'except: $0',
    },
    id: {
      about: l10n.t('Marks this as the same letter as another document with this id: nobody gets both.'),
      values: [],
      snippet: 'id: $0',
    },
    address: {
      about: l10n.t('The column of the list that contains the addresses, if Envoi would choose another.'),
      values: [],
      snippet: 'address: $0',
    },
    sheet: {
      about: l10n.t('Which sheet of an Excel workbook contains the readers.'),
      values: [],
      snippet: 'sheet: ${1:Members}',
    },
    encoding: {
      about: l10n.t('The list’s encoding, if it is not detected.'),
      values: ['utf-8', 'windows-1252', 'windows-1250', 'windows-1251', 'macintosh', 'shift_jis', 'gb18030'],
      snippet: 'encoding: $0',
    },
    leaveOut: {
      about: l10n.t('What a column of the list says about consent: values whose rows get nothing, or `ignore`.'),
      values: [],
      snippet: 'leaveOut: { ${1:Status}: [${2:unsubscribed}] }',
    },
    layout: {
      about: l10n.t('`default`, `none`, or an HTML file that has `{{ content }}` where the letter goes.'),
      values: ['default', 'none'],
      snippet: 'layout: $0',
    },
    attachments: {
      about: l10n.t('Files to attach. A path may contain fields: one file for each recipient.'),
      values: [],
      snippet: 'attachments:\n  - $0',
    },
    text: {
      about: l10n.t('A file with the plain-text part. Without one, it is generated from the letter.'),
      values: [],
      snippet: 'text: $0',
    },
    list: {
      about: l10n.t('The List-Id, if it differs from the one in the settings.'),
      values: [],
      snippet: 'list: $0',
    },
    kind: {
      about: l10n.t(
        '`newsletter` needs a way to unsubscribe and a postal address; `internal`, for mail within your organization, does not.',
      ),
      values: ['newsletter', 'internal'],
      snippet: 'kind: $0',
    },
    lang: {
      about: l10n.t('Language of the letter: for its footer, dates and numbers, and for screen readers.'),
      values: ['en', 'fr', 'de', 'es', 'it', 'nl', 'pt', 'ar', 'he', 'ja', 'zh'],
      snippet: 'lang: $0',
    },
    css: {
      about: l10n.t(
        '`keep` leaves style sheets as they are; `inline`, the default, writes rules into the elements they match. To keep a single one: `<style data-inline="no">`.',
      ),
      values: ['inline', 'keep'],
      snippet: 'css: $0',
    },
    accent: {
      about: l10n.t('Color of links and buttons in the built-in layout.'),
      values: ['"#1f6feb"', '"#b3261e"', '"#2e7d32"', '"#6a1b9a"'],
      snippet: 'accent: "#${1:1f6feb}"',
    },
  };
}
