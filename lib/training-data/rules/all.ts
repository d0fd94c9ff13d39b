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

/** What a line must hold; in the order in which problems are told. */
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

/** About what texts hold. */
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

/** With the warnings about what a row teaches. */
export const everyMessageRule: readonly MessageRule[] = [...messageRules, ...textRules]

/** Rules that a line of known roles and texts cannot break. */
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
