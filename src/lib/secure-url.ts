/** How URLs name this computer. */
export const loopbackNames: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/** Whether nobody on the way reads or changes what is sent there: https, or http to this computer. */
export function isSecure({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && loopbackNames.includes(hostname));
}
