/** Joins class names and drops falsy values. It does not resolve conflicts: pass each utility once. */
export const cn = (...classes: (string | false | null | undefined)[]) => classes.filter(Boolean).join(' ')
