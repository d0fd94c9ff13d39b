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

/** The plot and its labels as one self-contained SVG. */
export function svgOf(plot: HTMLElement): string {
  const origin = plot.getBoundingClientRect()
  const picture = document.createElementNS(NS, 'svg')
  const size = { width: Math.ceil(origin.width), height: Math.ceil(origin.height) }
  for (const [name, value] of Object.entries({
    ...size,
    viewBox: `0 0 ${size.width} ${size.height}`,
    xmlns: NS,
  }))
    picture.setAttribute(name, String(value))
  const ground = document.createElementNS(NS, 'rect')
  ground.setAttribute('width', '100%')
  ground.setAttribute('height', '100%')
  ground.setAttribute('fill', getComputedStyle(plot.closest('section') ?? plot).backgroundColor)
  picture.append(ground)
  for (const svg of plot.querySelectorAll(':scope svg')) {
    if (svg.parentElement?.closest('svg')) continue
    const box = svg.getBoundingClientRect()
    const group = document.createElementNS(NS, 'g')
    group.setAttribute('transform', `translate(${box.x - origin.x} ${box.y - origin.y})`)
    group.append(...painted(svg).childNodes)
    picture.append(group)
  }
  for (const span of plot.querySelectorAll('[data-word]')) picture.append(wordOf(span, origin))
  return new XMLSerializer().serializeToString(picture)
}

/** The plot as a PNG with two pixels per CSS pixel. */
export async function pngOf(plot: HTMLElement): Promise<Blob> {
  const { width, height } = plot.getBoundingClientRect()
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgOf(plot))}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = Math.ceil(width) * 2
  canvas.height = Math.ceil(height) * 2
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
