/** Where text goes: a stream of this process, or what stands in for one. */
export interface TextOutput {
  write(text: string): unknown;
}
