/** Calls the function once per key (by default its first argument); later calls get the same result or failure. */
export function memoize<Arguments extends readonly unknown[], Answer>(
  ask: (...given: Arguments) => Answer,
  keyOf: (...given: Arguments) => unknown = (...given) => given[0],
): (...given: Arguments) => Answer {
  const answers = new Map<unknown, { readonly answer: Answer }>();
  return (...given) => {
    const key = keyOf(...given);
    const known = answers.get(key) ?? { answer: ask(...given) };
    answers.set(key, known);
    return known.answer;
  };
}
