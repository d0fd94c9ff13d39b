import { z } from 'zod'
import { Issue, RuleId, Severity } from './issue.ts'

/** `function` is the old name of `tool`, `developer` the new name of `system`. */
/** Kind of a line by its text; `open`: its JSON is unfinished at the line's end. */
export const LineKind = z.enum(['chat', 'preference', 'blank', 'broken', 'open'])
export type LineKind = z.infer<typeof LineKind>

export const Role = z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function'])
export type Role = z.infer<typeof Role>

const ToolCall = z.object({
  id: z.string(),
  type: z.literal('function'),
  /** `arguments` is JSON text, as the model wrote it. */
  function: z.object({ name: z.string(), arguments: z.string() }),
})

const TextPart = z.object({ type: z.literal('text'), text: z.string() })
const ImagePart = z.object({
  type: z.literal('image_url'),
  image_url: z.object({ url: z.string(), detail: z.enum(['low', 'high', 'auto']).optional() }),
})
export const Content = z.union([z.string(), z.array(z.discriminatedUnion('type', [TextPart, ImagePart]))])
export type Content = z.infer<typeof Content>

/** The old form of a single tool call. */
const FunctionCall = z.object({ name: z.string(), arguments: z.string() })

/** One turn. `weight` 0 makes an assistant turn context without training on it. */
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

/** One line of a training file: a conversation. */
export const Example = z.object({
  messages: z.array(Message).min(1),
  tools: z.array(z.object({ type: z.literal('function'), function: FunctionSpec })).optional(),
  parallel_tool_calls: z.boolean().optional(),
  functions: z.array(FunctionSpec).min(1).max(128).optional(),
})
export type Example = z.infer<typeof Example>

const PreferenceInput = Example.pick({ messages: true, tools: true, parallel_tool_calls: true })

/** One line of a file for preference tuning (DPO): a prompt, a better and a worse answer. */
export const Preference = z.object({
  input: PreferenceInput,
  preferred_output: z.array(Message).min(1),
  non_preferred_output: z.array(Message).min(1),
})
export type Preference = z.infer<typeof Preference>

export const TrainingLine = z.union([Example, Preference])
export type TrainingLine = z.infer<typeof TrainingLine>

export const exampleKeys: ReadonlySet<string> = new Set(Object.keys(Example.shape))
export const preferenceKeys: ReadonlySet<string> = new Set(Object.keys(Preference.shape))
export const inputKeys: ReadonlySet<string> = new Set(Object.keys(PreferenceInput.shape))
export const messageKeys: ReadonlySet<string> = new Set(Object.keys(Message.shape))

/** The text of a turn: its text parts joined, images left out. */
export function textOf(content: Content | null | undefined): string {
  if (content == null) return ''
  if (typeof content === 'string') return content
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

/** All issues of one rule in rows for a destination. */
export const IssueGroup = z.object({
  rule: RuleId,
  severity: Severity,
  /** Rows with the issue. */
  count: z.number(),
  /** The first of them. */
  issues: z.array(Issue),
})
export type IssueGroup = z.infer<typeof IssueGroup>

/** Rows × destination: the same in the editor, the launch page, the estimate, the engine and the command line. */
export const Verdict = z.object({
  /** Rows checked. */
  rows: z.number(),
  /** The destination's context in tokens; null if unknown. */
  context: z.number().nullable(),
  /** Errors first. */
  groups: z.array(IssueGroup),
  /** The destination did not answer for some rows; a retry may succeed. */
  partial: z.literal(true).optional(),
})
export type Verdict = z.infer<typeof Verdict>

/** Counts of one split. */
export const SplitReport = z.object({
  /** Records, whole or broken; blank lines do not count. */
  examples: z.number(),
  /** Tokens read in one epoch, by OpenAI's encoding: an estimate for any other model. */
  tokens: z.number(),
  /** Tokens with a loss. */
  trainedTokens: z.number(),
  errors: z.number(),
  warnings: z.number(),
})
export type SplitReport = z.infer<typeof SplitReport>

/** The result of checking a whole dataset. */
export const Report = z.object({
  /** Physical lines. */
  lines: z.number(),
  train: SplitReport,
  heldout: SplitReport,
  /** In line order, at most 200 of each rule. */
  issues: z.array(Issue),
  byRule: z.partialRecord(RuleId, z.number()),
  /** How many issues of a rule each fix removes, see `fixOf`; no fix, no entry. */
  repairs: z.partialRecord(RuleId, z.record(z.string(), z.number())),
  /** Of the examples without an error. */
  tokens: z.object({ mean: z.number(), p5: z.number(), p50: z.number(), p95: z.number(), max: z.number() }),
  /** The system prompts, most frequent first, at most 20: its first line, and the number of lines. */
  systems: z.array(z.object({ line: z.number(), count: z.number() })),
  /** null without examples, or with both kinds. */
  method: z.enum(['supervised', 'preference']).nullable(),
})
export type Report = z.infer<typeof Report>
