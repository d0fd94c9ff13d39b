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
