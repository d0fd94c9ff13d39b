import { Fragment, type ReactNode } from 'react'
import { cn } from './cn.ts'
import { CodeBlock } from './code-block.tsx'
import type { Block, Inline } from './markdown-blocks.ts'
import { TextLink } from './text-link.tsx'

/** Where a link leads; null: it is shown as its words alone. */
type LinkOf = (href: string) => string | null

const noLinks: LinkOf = () => null

interface PartsProps {
  parts: readonly Inline[]
  linkOf: LinkOf
}

function Part({ part, linkOf }: { part: Inline; linkOf: LinkOf }): ReactNode {
  if (part.kind === 'text') return part.text
  if (part.kind === 'code')
    return (
      <code
        dir="ltr"
        className="rounded-xs bg-sunken px-1 py-px font-mono text-[0.92em] [overflow-wrap:anywhere]"
      >
        {part.text}
      </code>
    )
  if (part.kind === 'image') return part.alt && <em className="text-3">{part.alt}</em>
  const words = <Parts parts={part.parts} linkOf={linkOf} />
  if (part.kind !== 'link')
    return part.kind === 'strong' ? <strong className="font-semibold">{words}</strong> : <em>{words}</em>
  const href = linkOf(part.href)
  if (href === null) return words
  // Another site opens beside this one.
  if (/^https?:/.test(href))
    return (
      <a
        href={href}
        target="_blank"
        rel="noreferrer"
        className="rounded-xs font-medium text-accent hover:underline"
      >
        {words}
      </a>
    )
  return <TextLink href={href}>{words}</TextLink>
}

const Parts = ({ parts, linkOf }: PartsProps) =>
  parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the text
    <Part key={index} part={part} linkOf={linkOf} />
  ))

const headingLooks = ['', 'text-page', 'mt-4 text-section', 'mt-3 font-semibold', 'mt-2 font-medium']

interface BlockProps {
  block: Block
  linkOf: LinkOf
  /** Level of the page's heading that the text stands under. */
  under: number
}

function MarkdownTable({ block, linkOf }: BlockProps & { block: Extract<Block, { kind: 'table' }> }) {
  return (
    <div
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-md border"
    >
      <table className="w-full border-collapse text-body">
        <thead className="bg-sunken">
          <tr>
            {block.head.map((cell, index) => {
              // A corner that names nothing is no heading.
              const Cell = cell.length > 0 ? 'th' : 'td'
              return (
                <Cell
                  // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place in the row
                  key={index}
                  scope={cell.length > 0 ? 'col' : undefined}
                  className="px-3 py-1.5 text-start font-medium"
                >
                  <Parts parts={cell} linkOf={linkOf} />
                </Cell>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the table
            <tr key={index} className="border-t">
              {row.map((cell, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place in the row
                <td key={place} className="min-w-24 px-3 py-1.5 align-top max-sm:min-w-44">
                  <Parts parts={cell} linkOf={linkOf} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function OneBlock({ block, linkOf, under }: BlockProps): ReactNode {
  const words = 'parts' in block && <Parts parts={block.parts} linkOf={linkOf} />
  switch (block.kind) {
    case 'heading': {
      const Title = `h${Math.min(6, block.level + under)}` as 'h2'
      return (
        <Title
          id={block.id}
          dir="auto"
          className={cn('scroll-mt-4', headingLooks[block.level] ?? 'font-medium')}
        >
          {words}
        </Title>
      )
    }
    case 'paragraph':
      return <p dir="auto">{words}</p>
    case 'code':
      return <CodeBlock code={block.text} label={block.language || 'code'} />
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul'
      return (
        <List
          start={block.ordered ? block.start : undefined}
          className={cn('grid gap-1 ps-5', block.ordered ? 'list-decimal' : 'list-disc')}
        >
          {block.items.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place in the list
            <li key={index} dir="auto" className="ps-1">
              <Blocks blocks={item} linkOf={linkOf} under={under} />
            </li>
          ))}
        </List>
      )
    }
    case 'table':
      return <MarkdownTable block={block} linkOf={linkOf} under={under} />
    case 'quote':
      return (
        <blockquote className="border-s-2 ps-4 text-2">
          <Blocks blocks={block.blocks} linkOf={linkOf} under={under} />
        </blockquote>
      )
    case 'rule':
      return <hr className="border-t" />
  }
}

const Blocks = ({ blocks, ...rest }: { blocks: readonly Block[] } & Omit<BlockProps, 'block'>) => (
  <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2.5">
    {blocks.map((block, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a block is its place in the text
      <Fragment key={index}>
        <OneBlock block={block} {...rest} />
      </Fragment>
    ))}
  </div>
)

interface MarkdownProps {
  blocks: readonly Block[]
  /** Without it, no link is followed: of an answer nobody knows where its links lead. */
  linkOf?: LinkOf
  /** Level of the heading that the text stands under. */
  under?: number
}

/** A Markdown text in the product's own look. */
export const Markdown = ({ blocks, linkOf = noLinks, under = 1 }: MarkdownProps) => (
  <Blocks blocks={blocks} linkOf={linkOf} under={under} />
)
