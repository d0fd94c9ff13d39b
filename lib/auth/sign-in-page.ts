import { createHash } from 'node:crypto'
import { directionOf, type Locale, languageOf } from '#lib/i18n/locale.ts'
import { translate } from '#lib/i18n/translate.ts'
import { SESSION_DAYS } from './sessions.ts'

/** The colours of app/globals.css; the page loads nothing, since a stranger is served nothing else. */
const STYLE = `:root{color-scheme:light dark;--canvas:#fafaf8;--well:#f4f4f1;--text:#1b1b19;--border:#e6e6e2}
@media(prefers-color-scheme:dark){:root{--canvas:#0e0e0f;--well:#1d1d20;--text:#ededeb;--border:#29292d}}
body{margin:0;background:var(--canvas);color:var(--text);font:16px/1.5 system-ui,sans-serif}
body:lang(ar){line-height:1.75}
main{max-inline-size:36rem;margin:0 auto;padding:12vh 24px 24px}
h1{font-size:20px;line-height:1.4;font-weight:600}
code{display:block;overflow-wrap:anywhere;padding:8px 12px;border:1px solid var(--border);border-radius:6px;background:var(--well);font:14px/1.5 ui-monospace,monospace}`

/** Allows this style and nothing else. */
export const SIGN_IN_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** The page that tells where to find the address with the token. */
export function signInPage(port: number, locale: Locale): string {
  const t = translate('auth', locale)
  return `<!doctype html>
<html lang="${languageOf(locale)}" dir="${directionOf(locale)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${t('title')} · Limerick</title>
<style>${STYLE}</style>
<main>
<h1>${t('title')}</h1>
<p>${t('why')}</p>
<p>${t('open')}</p>
<code dir="ltr">http://localhost:${port}/?token=…</code>
<p>${t('again')}</p>
<code dir="ltr">npm run --silent url</code>
<p>${t('after', { days: SESSION_DAYS })}</p>
</main>
</html>
`
}
