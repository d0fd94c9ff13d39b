import { imageLimits, imagePart } from './images.ts'
import { contentParts } from './parts.ts'
import { preferenceKeys, wrongMethod } from './preference.ts'
import { reasoningInKey, reasoningInText } from './reasoning.ts'
import type { LineRule, MessageRule } from './rule.ts'
import { unknownKey, unknownMessageKey } from './structure.ts'
import {
  callWithoutResult,
  legacyFunctions,
  resultWithoutCall,
  toolArguments,
  toolDeclarations,
  undeclaredTool,
} from './tools.ts'
import {
  badRole,
  emptyContent,
  lastNotAssistant,
  notAlternating,
  noUser,
  systemNotFirst,
  twoAnswers,
} from './turns.ts'
import { noTrainedAssistant, weightNotZeroOne, weightOnOthers } from './weights.ts'
import {
  bidiControls,
  controlCharacters,
  htmlInText,
  invisibleCharacters,
  mojibake,
  placeholder,
  repeatedQuestion,
  secretLooking,
  specialToken,
  trailingSpace,
} from './words.ts'

/** Rules for lines, in the order of their issues. */
export const lineRules: readonly LineRule[] = [
  wrongMethod,
  unknownKey,
  preferenceKeys,
  toolDeclarations,
  undeclaredTool,
  legacyFunctions,
  imageLimits,
]

export const messageRules: readonly MessageRule[] = [
  unknownMessageKey,
  badRole,
  systemNotFirst,
  noUser,
  lastNotAssistant,
  emptyContent,
  noTrainedAssistant,
  twoAnswers,
  notAlternating,
  reasoningInKey,
  reasoningInText,
  weightNotZeroOne,
  weightOnOthers,
  callWithoutResult,
  resultWithoutCall,
  toolArguments,
  contentParts,
  imagePart,
]

/** Quality rules, about the content of texts. */
const textRules: readonly MessageRule[] = [
  mojibake,
  trailingSpace,
  bidiControls,
  secretLooking,
  controlCharacters,
  invisibleCharacters,
  specialToken,
  htmlInText,
  placeholder,
  repeatedQuestion,
]

/** All message rules, quality rules included. */
export const everyMessageRule: readonly MessageRule[] = [...messageRules, ...textRules]

/** Rules that a plain line cannot break, see `isPlain`. */
const aboutShapes: ReadonlySet<LineRule | MessageRule> = new Set<LineRule | MessageRule>([
  unknownKey,
  preferenceKeys,
  toolDeclarations,
  undeclaredTool,
  legacyFunctions,
  imageLimits,
  unknownMessageKey,
  badRole,
  reasoningInKey,
  callWithoutResult,
  resultWithoutCall,
  toolArguments,
  contentParts,
  imagePart,
])

export const plainLineRules = lineRules.filter((rule) => !aboutShapes.has(rule))
export const plainMessageRules = messageRules.filter((rule) => !aboutShapes.has(rule))
export const everyPlainMessageRule = [...plainMessageRules, ...textRules]
