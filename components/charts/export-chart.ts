import type { LegendEntry } from './chart-frame.tsx'

const PAINTED = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'fill-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'font-family',
  'font-size',
  'font-weight',
  'opacity',
] as const

/** Copies computed styles into the element: style sheets and their variables do not reach an exported file. */
function painted(element: Element): Element {
  const copy = element.cloneNode(true) as Element
  const [from, to] = [
    [element, ...element.querySelectorAll('*')],
    [copy, ...copy.querySelectorAll('*')],
  ]
  from.forEach((source, index) => {
    const style = getComputedStyle(source)
    const target = to[index]
    for (const name of PAINTED) target?.setAttribute(name, style.getPropertyValue(name))
    target?.removeAttribute('class')
  })
  return copy
}

const NS = 'http://www.w3.org/2000/svg'

/** Copies an HTML label over the plot into the SVG at the same position. */
function wordOf(span: Element, origin: DOMRect): SVGTextElement {
  const box = span.getBoundingClientRect()
  const style = getComputedStyle(span)
  const text = document.createElementNS(NS, 'text')
  text.setAttribute('x', String(box.x - origin.x))
  text.setAttribute('y', String(box.y - origin.y + box.height * 0.75))
  text.setAttribute('fill', style.color)
  text.setAttribute('font-family', style.fontFamily)
  text.setAttribute('font-size', style.fontSize)
  text.textContent = span.textContent
  return text
}

/** px above the plot for a title and a legend, and around them. */
const HEAD = 56
const EDGE = 16

const drawn = (name: string, attributes: Record<string, string | number>, text?: string): SVGElement => {
  const made = document.createElementNS(NS, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  if (text !== undefined) made.textContent = text
  return made
}

/** A mark of the plot that is no SVG there: a checkpoint, or the best validation loss. */
function markOf(mark: HTMLElement, origin: DOMRect): SVGElement {
  const box = mark.getBoundingClientRect()
  const style = getComputedStyle(mark)
  const [x, y] = [box.x + box.width / 2 - origin.x, box.y + box.height / 2 - origin.y]
  if (mark.dataset.mark === 'ring')
    return drawn('circle', {
      ...{ cx: x, cy: y, r: box.width / 2 - 1, fill: style.backgroundColor },
      ...{ stroke: style.borderTopColor, 'stroke-width': 2 },
    })
  // The box of a turned square is as wide as its diagonal.
  const half = box.width / 2
  return drawn('path', {
    d: `M${x} ${y - half}l${half} ${half}l${-half} ${half}l${-half} ${-half}z`,
    fill: style.backgroundColor,
  })
}

const SWATCHES: Record<LegendEntry['mark'], Record<string, string | number>> = {
  line: { 'stroke-width': 2 },
  thin: { 'stroke-width': 1, 'stroke-opacity': 0.5 },
  dash: { 'stroke-width': 2, 'stroke-dasharray': '4 3' },
  plainDash: { 'stroke-width': 2, 'stroke-dasharray': '4 3' },
  diamond: {},
}

/** px of a text in the font of the plot. */
function widthOf(text: string, font: string): number {
  const context = document.createElement('canvas').getContext('2d')
  if (!context) return text.length * 7
  context.font = font
  return context.measureText(text).width
}

interface HeadOptions {
  title: string
  legend: readonly LegendEntry[]
}

/** Title and legend, which stand outside of the plot on the page. */
function headOf(plot: HTMLElement, { title, legend }: HeadOptions): SVGElement {
  const style = getComputedStyle(plot)
  const colourOf = (name: string) => style.getPropertyValue(name).trim() || style.color
  const words = { 'font-family': style.fontFamily, fill: style.color }
  const head = drawn('g', {})
  head.append(drawn('text', { ...words, x: EDGE, y: 22, 'font-size': 14, 'font-weight': 600 }, title))
  let x = EDGE
  for (const { name, mark, colour } of legend) {
    const line = mark === 'plainDash' ? colourOf('--text-3') : colourOf(`--series-${colour ?? 1}`)
    const swatch =
      mark === 'diamond'
        ? drawn('path', { d: `M${x + 8} 39l4.5 4.5l-4.5 4.5l-4.5 -4.5z`, fill: line })
        : drawn('path', { d: `M${x} 43.5h16`, stroke: line, ...SWATCHES[mark] })
    head.append(swatch, drawn('text', { ...words, x: x + 24, y: 47, 'font-size': 12 }, name))
    x += 24 + widthOf(name, `12px ${style.fontFamily}`) + EDGE
  }
  return head
}

/** The plot as one self-contained SVG, with its labels, marks, title and legend. */
export function svgOf(plot: HTMLElement, head: HeadOptions): string {
  const origin = plot.getBoundingClientRect()
  const [width, height] = [Math.ceil(origin.width), Math.ceil(origin.height) + HEAD]
  const picture = drawn('svg', { width, height, viewBox: `0 0 ${width} ${height}`, xmlns: NS })
  const fill = getComputedStyle(plot.closest('section') ?? plot).backgroundColor
  const body = drawn('g', { transform: `translate(0 ${HEAD})` })
  picture.append(drawn('rect', { width: '100%', height: '100%', fill }), headOf(plot, head), body)
  for (const svg of plot.querySelectorAll(':scope svg')) {
    if (svg.parentElement?.closest('svg')) continue
    const box = svg.getBoundingClientRect()
    const group = drawn('g', { transform: `translate(${box.x - origin.x} ${box.y - origin.y})` })
    group.append(...painted(svg).childNodes)
    body.append(group)
  }
  for (const mark of plot.querySelectorAll<HTMLElement>('[data-mark]')) body.append(markOf(mark, origin))
  for (const span of plot.querySelectorAll('[data-word]')) body.append(wordOf(span, origin))
  return new XMLSerializer().serializeToString(picture)
}

/** A picture as a PNG with two pixels per CSS pixel. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.naturalWidth * 2
  canvas.height = image.naturalHeight * 2
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be drawn.')))),
  )
}

/** Starts a browser download. */
export function keep(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
