export interface PageHtml {
  nonce: string;
  /** What the editor calls its own files in a content security policy. */
  cspSource: string;
  script: string;
  style: string;
  title: string;
  language: string;
  strings: object;
  data: Record<string, string>;
  /** Allows images from the web; off by default, because loading a picture tells its sender that it was viewed. */
  remoteImages: boolean;
}

/** A page that may run its own script and nothing else, and loads nothing from the web. Frames inside inherit the policy. */
export function pageHtml(page: PageHtml): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${page.nonce}'`,
    `style-src ${page.cspSource} 'unsafe-inline'`,
    `img-src data: blob:${page.remoteImages ? ' https:' : ''}`,
    `font-src 'none'`,
    `form-action 'none'`,
    `base-uri 'none'`,
  ].join('; ');
  const data = Object.entries(page.data).map(([name, value]) => ` data-${name}="${quote(value)}"`);
  return `<!DOCTYPE html>
<html lang="${quote(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${quote(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${quote(page.title)}</title>
<link rel="stylesheet" href="${quote(page.style)}">
</head>
<body data-strings="${quote(JSON.stringify(page.strings))}"${data.join('')}>
<script nonce="${page.nonce}" src="${quote(page.script)}"></script>
</body>
</html>`;
}

/** A page without a script; `body` is HTML that is safe already. */
export function staticHtml(
  page: Pick<PageHtml, 'cspSource' | 'style' | 'title' | 'language'> & { body: string },
): string {
  const policy = `default-src 'none'; style-src ${page.cspSource}; form-action 'none'; base-uri 'none'`;
  return `<!DOCTYPE html>
<html lang="${quote(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${quote(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${quote(page.title)}</title>
<link rel="stylesheet" href="${quote(page.style)}">
</head>
<body>${page.body}</body>
</html>`;
}

function quote(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
