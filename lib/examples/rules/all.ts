import { imageLimits, imagePart } from './images.ts'
import { contentParts } from './parts.ts'
import { preferenceKeys, wrongMethod } from './preference.ts'
import { reasoning } from './reasoning.ts'
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
  reasoning,
  weightNotZeroOne,
  weightOnOthers,
  callWithoutResult,
  resultWithoutCall,
  toolArguments,
  contentParts,
  imagePart,
]

/** With the warnings about what a row teaches. */
export const everyMessageRule: readonly MessageRule[] = [
  ...messageRules,
  mojibake,
  trailingSpace,
  bidiControls,
  secretLooking,
  controlCharacters,
  invisibleCharacters,
  specialToken,
  htmlInText,
  placeholder,
]
