import { imageLimits, imagePart } from './images.ts'
import { preferenceKeys, wrongMethod } from './preference.ts'
import type { LineRule, MessageRule } from './rule.ts'
import { unknownKey, unknownMessageKey } from './structure.ts'
import { callWithoutResult, resultWithoutCall, toolArguments, toolDeclarations } from './tools.ts'
import { badRole, emptyContent, lastNotAssistant, noUser, systemNotFirst } from './turns.ts'
import { noTrainedAssistant, weightNotZeroOne, weightOnOthers } from './weights.ts'
import { bidiControls, mojibake, secretLooking, trailingSpace } from './words.ts'

/** What a line must hold; in the order in which problems are told. */
export const lineRules: readonly LineRule[] = [
  wrongMethod,
  unknownKey,
  preferenceKeys,
  toolDeclarations,
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
  weightNotZeroOne,
  weightOnOthers,
  callWithoutResult,
  resultWithoutCall,
  toolArguments,
  imagePart,
]

/** With the warnings about what a row teaches. */
export const everyMessageRule: readonly MessageRule[] = [
  ...messageRules,
  mojibake,
  trailingSpace,
  bidiControls,
  secretLooking,
]
