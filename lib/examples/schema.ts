import { z } from 'zod'

/** Who speaks. `function` is the old spelling of `tool`, `developer` the new one of `system`. */
export const Role = z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function'])
export type Role = z.infer<typeof Role>

const ToolCall = z.object({
  id: z.string(),
  type: z.literal('function'),
  /** `arguments` is JSON text, as the model writes it. */
  function: z.object({ name: z.string(), arguments: z.string() }),
})

const TextPart = z.object({ type: z.literal('text'), text: z.string() })
const ImagePart = z.object({
  type: z.literal('image_url'),
  image_url: z.object({ url: z.string(), detail: z.enum(['low', 'high', 'auto']).optional() }),
})
export const Content = z.union([z.string(), z.array(z.discriminatedUnion('type', [TextPart, ImagePart]))])
export type Content = z.infer<typeof Content>

/** The old spelling of a single tool call. */
const FunctionCall = z.object({ name: z.string(), arguments: z.string() })

/** One turn. `weight` 0 keeps an assistant turn as context without learning from it. */
export const Message = z.object({
  role: Role,
  content: Content.nullish(),
  name: z.string().optional(),
  weight: z.union([z.literal(0), z.literal(1)]).optional(),
  refusal: z.string().nullish(),
  tool_calls: z.array(ToolCall).min(1).optional(),
  tool_call_id: z.string().optional(),
  function_call: FunctionCall.optional(),
})
export type Message = z.infer<typeof Message>

const FunctionSpec = z.object({
  name: z.string(),
  description: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  strict: z.boolean().nullish(),
})

/** One line of a training file: a whole conversation. */
export const Example = z.object({
  messages: z.array(Message).min(1),
  tools: z.array(z.object({ type: z.literal('function'), function: FunctionSpec })).optional(),
  parallel_tool_calls: z.boolean().optional(),
  functions: z.array(FunctionSpec).min(1).max(128).optional(),
})
export type Example = z.infer<typeof Example>

export const exampleKeys: ReadonlySet<string> = new Set(Object.keys(Example.shape))
export const messageKeys: ReadonlySet<string> = new Set(Object.keys(Message.shape))

/** The words of a turn: its text parts joined, images left out. */
export function textOf(content: Content | null | undefined): string {
  if (content == null) return ''
  if (typeof content === 'string') return content
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

/** Whether the loss looks at this turn. */
export const isTrained = (message: Message): boolean => message.role === 'assistant' && message.weight !== 0
