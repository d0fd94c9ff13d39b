import { directionOf, type Locale, languageOf } from '#lib/i18n/locale.ts'

/** Text that is safe in HTML: only this file makes it. */
export class Html {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  toString(): string {
    return this.#text
  }
}

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escaped = (value: Html | string | number): string =>
  value instanceof Html ? String(value) : String(value).replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign)

const tag = (parts: TemplateStringsArray, ...values: (Html | string | number)[]): Html =>
  new Html(
    parts.map((part, index) => (index === 0 ? part : `${escaped(values[index - 1] ?? '')}${part}`)).join(''),
  )

/** A template tag for HTML: values that are no HTML are escaped. `html.raw` takes our own text unchanged. */
export const html = Object.assign(tag, { raw: (text: string) => new Html(text) })

export const joined = (parts: readonly Html[]): Html => new Html(parts.map(String).join(''))

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.5 Inter, 'IBM Plex Sans Arabic', system-ui, sans-serif; color: light-dark(#1b1b19, #ededeb); background: light-dark(#fafaf8, #0e0e0f); --accent: light-dark(#0d6e66, #4cc2b2); --line: light-dark(#e6e6e2, #29292d) }
a { color: var(--accent) }
body:lang(ar) { line-height: 1.75 }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-block-start: 2rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; vertical-align: top; padding: .3rem .6rem .3rem 0; border-block-end: 1px solid var(--line) }
td { overflow-wrap: anywhere } th { font-weight: 500; white-space: nowrap }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font: inherit }
svg { max-width: 100%; height: auto } .train, .valid { stroke: var(--accent) } .valid { stroke-dasharray: 5 3 }
small { opacity: .75 }`

/** The beginning and the end of a page that stands on its own, without scripts and external addresses. */
export const pageAround = (locale: Locale, title: string): { head: string; foot: string } => ({
  head: String(html`<!doctype html>
<html lang="${languageOf(locale)}" dir="${directionOf(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title><style>${html.raw(STYLE)}</style></head><body><main>
`),
  foot: '</main></body></html>\n',
})
