/** Calls the function once per key (by default its first argument); later calls get the same result or failure. */
export function memoize<Arguments extends readonly unknown[], Answer>(
  ask: (...given: Arguments) => Answer,
  keyOf: (...given: Arguments) => unknown = (...given) => given[0],
): (...given: Arguments) => Answer {
  const answers = new Map<unknown, Answer>();
  return (...given) => {
    const key = keyOf(...given);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(...given);
    answers.set(key, answer);
    return answer;
  };
}
